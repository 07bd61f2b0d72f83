import io

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def make_pdf(*pages, size=(595.3, 841.9)):
    """A PDF with one page for each list of (font size, text) lines, set from the top."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1)
    for lines in pages:
        y = size[1] - 80
        for font_size, text in lines:
            canvas.setFont("Helvetica", font_size)
            canvas.drawString(72, y, text)
            y -= font_size * 1.4 if text else 40
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scanned(content, *, scale=2.0):
    """The same pages as pictures compressed with losses: other bytes, the same looks."""
    source = pypdfium2.PdfDocument(content)
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for page in source:
        picture = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(picture, "JPEG", quality=70)
        picture.seek(0)
        with Image.open(picture) as image:
            canvas.setPageSize(page.get_size())
            canvas.drawImage(ImageReader(image), 0, 0, *page.get_size())
            canvas.showPage()
    canvas.save()
    source.close()
    return target.getvalue()


@pytest.fixture
def pdf():
    return make_pdf


@pytest.fixture
def scan():
    return scanned
