"""Whether a file can be opened as its format, found out in flat memory and without reading its text."""

import codecs
import zipfile
from xml.parsers import expat

from factify_mock.content.source import Source, Unreadable, stream

_CHUNK = 256 * 1024
# An archive that claims to unpack to more than this is taken for a bomb.
_MOST_UNPACKED = 512 * 1024 * 1024
_MOST_MEMBERS = 10_000


def check(source_format: str, source: Source) -> int:
    """The number of pages of a PDF, 0 for the other formats; Unreadable where the file can't be opened."""
    try:
        match source_format:
            case "pdf":
                return _check_pdf(source)
            case "docx" | "xlsx":
                _check_archive(source)
            case _:
                _check_text(source)
    except Exception as error:
        # The readers raise whatever broken input leads them into; all of it means the same here.
        raise Unreadable(f"not a readable {source_format} file: {error}") from error
    return 0


def _check_pdf(source: Source) -> int:
    # pdfium takes longer to load than any other format to be checked.
    from factify_mock.content.pdf import open_pdf  # noqa: PLC0415  # start-up time of the reading process

    document = open_pdf(source)
    try:
        document[0].close()
        return len(document)
    finally:
        document.close()


def _check_archive(source: Source) -> None:
    """Every part is whole, and those in XML are well-formed."""
    with stream(source) as file, zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS or sum(each.file_size for each in members) > _MOST_UNPACKED:
            raise zipfile.BadZipFile("the archive is too large to be unpacked")
        archive.getinfo("[Content_Types].xml")
        for member in members:
            _check_member(archive, member)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    parser = expat.ParserCreate() if member.filename.endswith((".xml", ".rels")) else None
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):  # to the end, where the checksum is compared
            if parser is not None:
                parser.Parse(chunk, False)
    if parser is not None:
        parser.Parse(b"", True)


def _check_text(source: Source) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with stream(source) as file:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
            if b"\0" in chunk:
                raise ValueError("text has no NUL characters")
        decoder.decode(b"", final=True)
