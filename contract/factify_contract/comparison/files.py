"""Small valid files that stand for the recorded ones; the same stand-in gives the same bytes."""

import io
from collections.abc import Callable

from factify_contract.scenarios.pdf import pdf
from factify_contract.scenarios.png import png


def stand_in(kind: str, text: str) -> tuple[bytes, str] | None:
    """Content and media type of a file of the kind, an ending such as `docx`; None where none can be made."""
    maker = _MAKERS.get(kind)
    return (maker[0](text), maker[1]) if maker is not None else None


def _docx(text: str) -> bytes:
    import docx  # noqa: PLC0415 - few recordings need it

    written = docx.Document()
    written.add_paragraph(text)
    return _saved(written.save)


def _xlsx(text: str) -> bytes:
    import openpyxl  # noqa: PLC0415 - few recordings need it

    book = openpyxl.Workbook()
    book.active["A1"] = text  # type: ignore[index]  # a new workbook has a sheet
    return _saved(book.save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAKERS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "pdf": (pdf, "application/pdf"),
    "docx": (_docx, f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": (_xlsx, f"{_OFFICE}.spreadsheetml.sheet"),
    "csv": (lambda text: f"name,value\n{text},1\n".encode(), "text/csv"),
    "md": (lambda text: f"# {text}\n".encode(), "text/markdown"),
    "markdown": (lambda text: f"# {text}\n".encode(), "text/markdown"),
    "txt": (lambda text: f"{text}\n".encode(), "text/plain"),
    "png": (lambda text: png(), "image/png"),
}
