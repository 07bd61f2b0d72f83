"""Form bodies: text parts into memory, file parts straight into the blob store, in flat memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from factify_mock.api.limits import Limits
from factify_mock.api.request import Request
from factify_mock.model.errors import DomainError, invalid
from factify_mock.store.blobs import Blobs, Content, Draft

# A part's name goes into error messages; a longer one is cut.
_NAME_SHOWN = 100


@dataclass(frozen=True, slots=True)
class FilePart:
    """One received file; its draft is still to be committed or discarded."""

    filename: str
    content: Content
    draft: Draft


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a form by name, each name with its values in order of arrival."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[FilePart]] = field(default_factory=dict)

    def discard(self) -> None:
        """Nothing of the received files remains."""
        for parts in self.files.values():
            for part in parts:
                part.draft.discard()


def boundary_of(content_type: bytes) -> bytes:
    """The boundary that a multipart Content-Type announces; a DomainError when there is none."""
    _, options = parse_options_header(content_type.decode("latin-1"))
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise invalid("Content-Type", "Content-Type multipart/form-data needs a boundary parameter")
    return boundary


async def read_form(
    request: Request, *, file_names: frozenset[str], repeatable: frozenset[str], blobs: Blobs, limits: Limits
) -> Form:
    """The whole form; when it is refused or the client goes away, nothing of it is kept.

    Parts named in `file_names` are files with or without a file name of their own; only names in
    `repeatable` may occur more than once. Refusals are DomainErrors that name the part.
    """
    boundary = boundary_of(request.content_type)
    reader = _FormReader(file_names, repeatable, blobs.draft, limits)
    try:
        parser = _parser(boundary, reader)
        async for chunk in request.chunks():
            parser.write(chunk)
        reader.require_complete()
    except FormParserError as error:
        reader.discard()
        raise invalid("body", f"The multipart body is broken: {error}") from error
    except BaseException:
        reader.discard()
        raise
    return reader.form


def _parser(boundary: bytes, reader: "_FormReader") -> MultipartParser:
    try:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": reader.on_part_begin,
                "on_header_field": reader.on_header_field,
                "on_header_value": reader.on_header_value,
                "on_header_end": reader.on_header_end,
                "on_headers_finished": reader.on_headers_finished,
                "on_part_data": reader.on_part_data,
                "on_part_end": reader.on_part_end,
                "on_end": reader.on_end,
            },
        )
    except FormParserError as error:
        raise invalid("Content-Type", f"The multipart boundary cannot be used: {error}") from error


class _FormReader:
    """Callbacks of the multipart parser; builds a Form part by part."""

    def __init__(
        self,
        file_names: frozenset[str],
        repeatable: frozenset[str],
        draft: Callable[[], Draft],
        limits: Limits,
    ) -> None:
        self.form = Form()
        self._file_names = file_names
        self._repeatable = repeatable
        self._new_draft = draft
        self._limits = limits
        self._is_complete = False
        self._parts = 0
        self._text_left = limits.form_text
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._filename: str | None = None
        self._text = bytearray()
        self._draft: Draft | None = None

    def require_complete(self) -> None:
        """The closing boundary was seen; a DomainError otherwise."""
        if not self._is_complete:
            raise invalid("body", "The multipart body ends before its closing boundary")

    def discard(self) -> None:
        """Nothing of the received files remains, finished or not."""
        if self._draft is not None:
            self._draft.discard()
        self.form.discard()

    def on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > self._limits.form_parts:
            raise invalid("body", f"A form may have at most {self._limits.form_parts} parts")
        self._headers = {}

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[bytes(self._header_name).lower()] = bytes(self._header_value).strip(b" \t")
        self._header_name.clear()
        self._header_value.clear()

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b"").decode("latin-1"))
        if b"name" not in options:
            raise invalid("body", "Every part of a form needs a Content-Disposition header with a name")
        self._name = options[b"name"].decode("utf-8", "replace")[:_NAME_SHOWN]
        filename = options.get(b"filename")
        self._filename = None if filename is None else filename.decode("utf-8", "replace")
        self._require_plain_encoding()
        self._require_once()
        if self._name in self._file_names:
            self._draft = self._new_draft()
        else:
            self._text.clear()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._draft is not None:
            self._draft.write(memoryview(data)[start:end])
            if self._draft.size > self._limits.upload:
                raise self._unfit(f"is larger than {self._limits.upload} bytes")
            return
        self._text_left -= end - start
        if self._text_left < 0:
            most = self._limits.form_text
            raise self._unfit(f"is too long: the text of a form may have {most} bytes")
        self._text += data[start:end]

    def on_part_end(self) -> None:
        if self._draft is not None:
            part = FilePart(_base_name(self._filename) or self._name, self._draft.finish(), self._draft)
            self.form.files.setdefault(self._name, []).append(part)
            self._draft = None
        elif self._filename is not None:
            raise self._unfit("is not a file field")
        else:
            self.form.texts.setdefault(self._name, []).append(self._decoded_text())

    def on_end(self) -> None:
        self._is_complete = True

    def _require_plain_encoding(self) -> None:
        encoding = self._headers.get(b"content-transfer-encoding", b"binary").lower()
        if encoding not in (b"binary", b"8bit", b"7bit"):
            # RFC 7578 4.7 retired the header; decoding it would store other bytes than were meant to be sent.
            raise self._unfit("must be sent without a Content-Transfer-Encoding")

    def _unfit(self, what: str) -> DomainError:
        """The refusal of the part that is being read; one without a name is the body's fault."""
        return invalid(self._name or "body", f"{self._name or 'A part without a name'} {what}")

    def _require_once(self) -> None:
        seen = self._name in self.form.texts or self._name in self.form.files
        if seen and self._name not in self._repeatable:
            raise self._unfit("is given more than once")

    def _decoded_text(self) -> str:
        try:
            return self._text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._unfit("is not valid UTF-8") from error


def _base_name(filename: str | None) -> str:
    return (filename or "").replace("\\", "/").rpartition("/")[2]
