"""A document's entry page: one PDF page with its title, its link and the link as a QR code."""

import io

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

_MARGIN = 72.0
_QR_SIZE = 200.0


def entry_page(*, title: str, url: str) -> bytes:
    """A PDF of one A4 page; the same arguments give the same bytes."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    width, height = A4
    style = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=22, leading=28)
    heading = Paragraph(_printable(title), style)
    _, used = heading.wrap(width - 2 * _MARGIN, height / 2)
    heading.drawOn(canvas, _MARGIN, height - _MARGIN - used)
    canvas.setFont("Helvetica", 11)
    below = height - _MARGIN - used - 28
    canvas.drawString(_MARGIN, below, url)
    canvas.linkURL(url, (_MARGIN, below - 4, width - _MARGIN, below + 12))
    _draw_code(canvas, url, _MARGIN, below - 24 - _QR_SIZE)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw_code(canvas: Canvas, url: str, left: float, bottom: float) -> None:
    code = QrCodeWidget(url, barLevel="M")
    x0, y0, x1, y1 = code.getBounds()
    scale = (_QR_SIZE / (x1 - x0), 0, 0, _QR_SIZE / (y1 - y0), 0, 0)
    drawing = Drawing(_QR_SIZE, _QR_SIZE, transform=scale)
    drawing.add(code)
    renderPDF.draw(drawing, canvas, left, bottom)


def _printable(text: str) -> str:
    """`text` for a paragraph of the built-in font: markup escaped, what the font lacks as a question mark."""
    shown = text.encode("cp1252", errors="replace").decode("cp1252")
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
