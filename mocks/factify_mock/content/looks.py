"""How the pages of a PDF look, so that a re-encoded copy is recognised and other pages are not.

A perceptual hash of whole pages (imagehash was tried) takes sparse pages of text for each other:
"Document 1" and "Document 2" differ in 3 of 1,024 bits, and a scan of either in 2.
So the page is cut to its ink first, and two cuts are alike when they lie in the same place and correlate.
"""

from dataclasses import dataclass

import numpy as np
import pypdfium2
from PIL import ImageFilter

from factify_mock.content.pdf import open_pdf

_RENDERED_WIDTH = 1024
_CUT_SIZE = (128, 128)
# Rendering at another resolution moves an edge by a pixel; another first word moves it by many.
_MOST_SHIFT = 3
# Copies through JPEG at 94 to 288 dpi correlate above 0.94 after the blur, pages with other words below 0.91.
_LEAST_CORRELATION = 0.93
_BLUR = 2
# What is darker than this part of black counts as ink; compression noise is fainter.
_INK = 96
# Duplicates are told by the first pages; rendering all pages of a long document would take minutes.
_MOST_PAGES = 10


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


def looks_of(content: bytes) -> Looks:
    """How the pages of a PDF look; pypdfium2.PdfiumError where it can't be read."""
    document = open_pdf(content)
    try:
        first = range(min(len(document), _MOST_PAGES))
        return Looks(len(document), tuple(_look(document[number]) for number in first))
    finally:
        document.close()


def look_alike(one: Looks, other: Looks) -> bool:
    """Whether both have the same number of pages and their first pages look the same."""
    return one.pages == other.pages and all(
        _page_alike(a, b) for a, b in zip(one.first, other.first, strict=True)
    )


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
    width = page.get_width()
    bitmap = page.render(scale=_RENDERED_WIDTH / width if width > 0 else 1.0, grayscale=True)
    try:
        image = bitmap.to_pil().copy()
    finally:
        bitmap.close()
        page.close()
    inked = np.asarray(image) < 255 - _INK
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return PageLook(None, b"")
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    cut = image.filter(ImageFilter.GaussianBlur(_BLUR)).crop(box).resize(_CUT_SIZE)
    return PageLook(box, cut.tobytes())
