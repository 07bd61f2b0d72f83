"""How the pages of a PDF look, so that a re-encoded copy is recognised and other pages are not.

A perceptual hash of whole pages (imagehash was tried) takes sparse pages of text for each other:
"Document 1" and "Document 2" differ in 3 of 1,024 bits, and a scan of either in 2.
So the page is cut to its ink first, and two cuts are alike when they lie in the same place and correlate.
A page with another name in one of its forty lines still correlates better than a scan of the page itself:
where both files have text, it must be the same. Only a scan is taken for every page so much like it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from unicodedata import normalize

import numpy as np
import pypdfium2
from PIL import ImageFilter

from factify_mock.content.pdf import open_pdf
from factify_mock.content.source import Source

_RENDERED_WIDTH = 1024
# A page far taller than it is wide is rendered smaller, so that its picture has no more than these.
_MOST_PIXELS = 8 * 1024 * 1024
_CUT_SIZE = (128, 128)
# Rendering at another resolution moves an edge by a pixel; another first word moves it by many.
_MOST_SHIFT = 3
# Copies through JPEG at 94 to 288 dpi correlate above 0.94 after the blur, pages with other words below 0.91.
_LEAST_CORRELATION = 0.93
_BLUR = 2
_BLUR_REACH = 8
# What is darker than this part of black counts as ink; compression noise is fainter.
_INK = 96
_INK_OR_NOT = [255 if grey < 255 - _INK else 0 for grey in range(256)]
# Duplicates are told by the first pages; rendering all pages of a long document would take minutes.
_MOST_PAGES = 10
_MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page cut to its ink: the place of the cut, and its greys; a blank page has neither."""

    box: tuple[int, int, int, int] | None
    greys: bytes


@dataclass(frozen=True, slots=True)
class Looks:
    """The number of pages, and how the first of them look."""

    pages: int
    first: tuple[PageLook, ...]
    text: str = ""  # a digest of the letters and digits on the first pages; empty where they have none


def looks_of(source: Source) -> Looks:
    """How the pages of a PDF look; pypdfium2.PdfiumError where it can't be read."""
    document = open_pdf(source)
    try:
        first = [document[number] for number in range(min(len(document), _MOST_PAGES))]
        return Looks(len(document), tuple(_look(page) for page in first), _text(first))
    finally:
        document.close()


def look_alike(one: Looks, other: Looks) -> bool:
    """Whether both have as many pages, their first pages look the same, and no text tells them apart."""
    if one.pages != other.pages or (one.text and other.text and one.text != other.text):
        return False
    return all(_page_alike(a, b) for a, b in zip(one.first, other.first, strict=True))


def _page_alike(one: PageLook, other: PageLook) -> bool:
    if one.box is None or other.box is None:
        return one.box is other.box
    if max(abs(a - b) for a, b in zip(one.box, other.box, strict=True)) > _MOST_SHIFT:
        return False
    left, right = (np.frombuffer(look.greys, dtype=np.uint8).astype(np.float64) for look in (one, other))
    if left.std() == 0 or right.std() == 0:
        return bool(left.std() == right.std())
    return float(np.corrcoef(left, right)[0, 1]) >= _LEAST_CORRELATION


def _look(page: pypdfium2.PdfPage) -> PageLook:
    bitmap = page.render(scale=_scale(*page.get_size()), grayscale=True)
    try:
        image = bitmap.to_pil().copy()
    finally:
        bitmap.close()
    box = image.point(_INK_OR_NOT).getbbox()
    if box is None:
        return PageLook(None, b"")
    # Only what the blur can reach is blurred: most of a page is far from its ink.
    left, top = max(box[0] - _BLUR_REACH, 0), max(box[1] - _BLUR_REACH, 0)
    around = image.crop(
        (left, top, min(box[2] + _BLUR_REACH, image.width), min(box[3] + _BLUR_REACH, image.height))
    )
    inner = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    cut = around.filter(ImageFilter.GaussianBlur(_BLUR)).crop(inner).resize(_CUT_SIZE)
    return PageLook(box, cut.tobytes())


def _text(pages: Sequence[pypdfium2.PdfPage]) -> str:
    """Spaces and hyphens come and go when a file is written anew; letters and digits stay."""
    letters = []
    for page in pages:
        text_page = page.get_textpage()
        text = text_page.get_text_range(0, min(text_page.count_chars(), _MOST_CHARACTERS))
        letters.append("".join(filter(str.isalnum, normalize("NFKC", text).casefold())))
        text_page.close()
    return sha256("\n".join(letters).encode("utf-8", "replace")).hexdigest() if any(letters) else ""


def _scale(width: float, height: float) -> float:
    """Pixels for a point: the same for every copy of a page, and few enough for any shape of page."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        return 1.0
    return min(_RENDERED_WIDTH / width, math.sqrt(_MOST_PIXELS / (width * height)))
