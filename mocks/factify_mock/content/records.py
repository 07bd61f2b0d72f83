"""From an uploaded file to the body of a version's record, for each source format."""

import io
import zipfile
from typing import Any

from factify_mock.content import markdown, pdf, spreadsheet, word


class Unreadable(Exception):
    """The file is not what its format promises; processing it fails."""


def check(source_format: str, content: bytes) -> None:
    """Nothing, where the file can be opened as its format; Unreadable where it can't."""
    try:
        match source_format:
            case "pdf":
                pdf.open_pdf(content).close()
            case "docx" | "xlsx":
                _check_archive(content)
            case _:
                content.decode("utf-8")
    except Exception as error:
        # The readers below raise whatever broken input leads them into; all of it means the same here.
        raise Unreadable(f"not a readable {source_format} file: {error}") from error


def bundle_of(
    source_format: str,
    content: bytes,
    *,
    record_id: str,
    name: str,
    source: dict[str, Any],
    extracted_at: str,
) -> dict[str, Any]:
    """`{"document": {record, layout?}}` or `{"spreadsheet": {record, layout}}` of the file.

    `source` is the record's SourceReference, `extracted_at` an RFC 3339 timestamp; Markdown has no layout.
    Raises Unreadable.
    """
    try:
        kind, record, layout = _extract(source_format, content, name)
    except Exception as error:
        raise Unreadable(f"not a readable {source_format} file: {error}") from error
    metadata = {"title": name, "extracted_at": extracted_at}
    bundle = {"record": {"id": record_id, "source": source, "metadata": metadata, **record}}
    if layout is not None:
        bundle["layout"] = {"record_id": record_id, "source": source, "extracted_at": extracted_at, **layout}
    return {kind: bundle}


def _extract(
    source_format: str, content: bytes, name: str
) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    layout: dict[str, Any] | None
    match source_format:
        case "pdf":
            blocks, layout = pdf.extract(content)
        case "docx":
            blocks, layout = word.extract(content)
        case "markdown":
            blocks, layout = markdown.extract(content.decode("utf-8")), None
        case "xlsx":
            return "spreadsheet", *spreadsheet.extract_xlsx(content)
        case "csv":
            return "spreadsheet", *spreadsheet.extract_csv(content.decode("utf-8-sig"), name=name)
        case _:
            raise Unreadable(f"no reader for {source_format}")
    return "document", {"blocks": blocks}, layout


def _check_archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        broken = archive.testzip()
        if broken is not None:
            raise zipfile.BadZipFile(f"{broken} is damaged")
