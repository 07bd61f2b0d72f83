"""Which source format an uploaded file has, by its content rather than by what its sender calls it."""

import re
from collections.abc import Iterator

from factify_mock.model.errors import DomainError, invalid
from factify_mock.model.records import Upload

# Reported of the service; the contract states no limit.
LARGEST_UPLOAD = 100 * 1024 * 1024

_OFFICE_FOLDERS = {b"word/": "docx", b"xl/": "xlsx"}
_TEXT_SUFFIXES = {".csv": "csv", ".md": "markdown", ".markdown": "markdown"}
_OFFICE_SUFFIXES = {".docx": "docx", ".xlsx": "xlsx"}
_FIRST_MEMBER = b"[Content_Types].xml"
# What precedes a member's name in a ZIP archive: beside the member itself, and in the directory at the end.
_MEMBER = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
_ENTRY = re.compile(rb"PK\x01\x02.{24}(..).{16}", re.DOTALL)


def recognise(upload: Upload) -> str:
    """`pdf`, `docx`, `xlsx`, `csv` or `markdown`; an invalid payload where it is none of them.

    A PDF and the Office formats are told by their bytes. Text has no signature: it needs a file name that
    says which text it is.
    """
    if upload.size == 0:
        raise _unusable("is empty")
    if upload.size > LARGEST_UPLOAD:
        raise _unusable(f"has {upload.size} bytes; at most {LARGEST_UPLOAD} are accepted")
    if upload.head.startswith(b"%PDF-"):
        return "pdf"
    suffix = _suffix(upload.filename)
    found = _office_format(upload, suffix) if upload.head.startswith(b"PK\x03\x04") else None
    if found is None and suffix in _TEXT_SUFFIXES and _is_text(upload):
        found = _TEXT_SUFFIXES[suffix]
    if found is None:
        raise _unusable("is neither a PDF nor a docx, xlsx, csv or markdown file")
    return found


def _unusable(fault: str) -> DomainError:
    return invalid("payload", f"payload {fault}")


def _suffix(filename: str) -> str:
    return filename[filename.rfind(".") :].lower() if "." in filename else ""


def _office_format(upload: Upload, suffix: str) -> str | None:
    names = list(_names(_MEMBER, upload.head))
    for name in (*_names(_ENTRY, upload.tail), *names):
        for folder, format_ in _OFFICE_FOLDERS.items():
            if name.startswith(folder):
                return format_
    # A directory so long that its telling part is out of sight: the first member says that it is Office.
    return _OFFICE_SUFFIXES.get(suffix) if names and names[0] == _FIRST_MEMBER else None


def _names(header: re.Pattern[bytes], part: bytes) -> Iterator[bytes]:
    for match in header.finditer(part):
        yield part[match.end() : match.end() + int.from_bytes(match[1], "little")]


def _is_text(upload: Upload) -> bool:
    if b"\0" in upload.head:
        return False
    try:
        upload.head.decode()
    except UnicodeDecodeError as error:
        # A character that the end of the head cuts in two is no fault of the file.
        return error.reason == "unexpected end of data" and upload.size > len(upload.head)
    return True
