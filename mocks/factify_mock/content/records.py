"""From an uploaded file to what its record says, for each source format."""

from factify_mock.content.extraction import Extraction
from factify_mock.content.source import Source, Unreadable

# Each reader brings a library that takes a tenth of a second and more to load; most servers need one of them.


def extract(source_format: str, source: Source) -> Extraction:
    """What lies in the file; Unreadable where it can't be opened as its format."""
    try:
        return _extract(source_format, source)
    except Exception as error:
        # The readers raise whatever broken input leads them into; all of it means the same here.
        raise Unreadable(f"not a readable {source_format} file: {error}") from error


def _extract(source_format: str, source: Source) -> Extraction:
    match source_format:
        case "pdf":
            from factify_mock.content import pdf  # noqa: PLC0415  # see above

            return pdf.extract(source)
        case "docx":
            from factify_mock.content import word  # noqa: PLC0415  # see above

            return word.extract(source)
        case "markdown":
            from factify_mock.content import markdown  # noqa: PLC0415  # see above

            return markdown.extract(source)
        case "xlsx" | "csv":
            from factify_mock.content import spreadsheet  # noqa: PLC0415  # see above

            is_text = source_format == "csv"
            return spreadsheet.extract_csv(source) if is_text else spreadsheet.extract_xlsx(source)
        case _:
            raise Unreadable(f"no reader for {source_format}")
