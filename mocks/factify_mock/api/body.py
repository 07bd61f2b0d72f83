"""Request bodies: from bytes to a value that the document allows, or a refusal that names the field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from factify_contract.spec import Document, MediaType, Operation, RequestBody
from factify_contract.spec.references import resolve
from factify_mock.api.leniency import without_unknown_fields
from factify_mock.api.limits import Limits
from factify_mock.api.multipart import Form, read_form
from factify_mock.api.problems import InvalidRequest, unforgiven
from factify_mock.api.request import Request
from factify_mock.content.source import Source
from factify_mock.model.errors import DomainError, invalid
from factify_mock.model.records import Upload
from factify_mock.model.variants import DEFAULT, Variants
from factify_mock.store.blobs import Blobs, Content

_FORM = "multipart/form-data"

_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is valid against the document; its files are kept only once it is committed."""

    value: Any = None
    form: Form | None = None

    @property
    def upload(self) -> Upload | None:
        """The first file of a form."""
        if self.form is None:
            return None
        for parts in self.form.files.values():
            content = parts[0].content
            return Upload(content.sha256, content.size, parts[0].filename, content.head, content.tail)
        return None

    @property
    def source(self) -> Source:
        """The bytes of that file, which are not in the blob store before the body is committed."""
        if self.form is not None:
            for parts in self.form.files.values():
                return parts[0].draft.source
        return b""

    def commit(self) -> None:
        """The call was accepted: its files can be read from the blob store."""
        if self.form is not None:
            for parts in self.form.files.values():
                for part in parts:
                    part.draft.commit()

    def discard(self) -> None:
        """The call was refused: nothing of its files remains."""
        if self.form is not None:
            self.form.discard()


class BodyReader:
    """What one operation accepts as a body, prepared once."""

    def __init__(self, operation: Operation, document: Document, *, blobs: Blobs, limits: Limits) -> None:
        self._body = operation.body
        self._document = document
        media = self._body.media if self._body is not None else {}
        self._fields = {each.name: _Fields.of(each, document) for each in media.values()}
        self._blobs = blobs
        self._limits = limits

    async def read(
        self, request: Request, variants: Variants = DEFAULT, overlooked: frozenset[str] = frozenset()
    ) -> Body:
        """The body of `request`; InvalidRequest or DomainError when the document does not allow it.

        A lenient world leaves out fields that are not known, and reads nothing as an empty object. Rules
        that are overlooked allow everything: those of fields, and of the body that it be JSON.
        """
        if self._body is None:
            return Body()
        content_type = request.content_type.decode("latin-1")
        media = self._body.media_for(content_type)
        if media is None and content_type:
            raise self._wrong_type(content_type)
        if media is not None and _essence(media) == _FORM:
            return await self._read_form(request, media, variants, overlooked)
        raw = await request.read(self._limits.json)
        if raw is None:
            raise invalid("body", f"The body is larger than {self._limits.json} bytes")
        if not raw:
            return self._without_body(self._body, variants)
        if media is None:
            raise self._wrong_type("missing")
        if not _is_json(_essence(media)):
            return Body(raw)
        return Body(self._checked(media, _decoded(raw, overlooked), variants, overlooked))

    def _without_body(self, body: RequestBody, variants: Variants) -> Body:
        """Nothing, where that may be; a required body counts as an empty object in a lenient world."""
        if not body.required:
            return Body()
        media = next((each for each in body.media.values() if _is_json(_essence(each))), None)
        if media is None or not variants.no_body_is_empty:
            hint = (
                "; where there is nothing to say, send {}" if media and media.validator.is_valid({}) else ""
            )
            raise invalid("body", f"A body of type {self._expected()} is required{hint}")
        return Body(self._checked(media, {}, variants))

    async def _read_form(
        self, request: Request, media: MediaType, variants: Variants, overlooked: frozenset[str]
    ) -> Body:
        fields = self._fields[media.name]
        form = await read_form(
            request, file_names=fields.files, repeatable=fields.arrays, blobs=self._blobs, limits=self._limits
        )
        try:
            request.body = _summary(form)
            value = self._checked(media, fields.instance(form), variants, overlooked)
        except BaseException:
            form.discard()
            raise
        for name in form.files:
            value.pop(name, None)
        return Body(value, form)

    def _checked(
        self, media: MediaType, value: Any, variants: Variants, overlooked: frozenset[str] = frozenset()
    ) -> Any:
        """`value` without the fields that only the server sets; they are ignored when a client sends them."""
        read_only = self._fields[media.name].read_only - overlooked
        if read_only and isinstance(value, dict):
            value = {name: item for name, item in value.items() if name not in read_only}
        if variants.unknown_fields_ignored:
            value = without_unknown_fields(value, media.schema, self._document.raw)
        if not media.validator.is_valid(value):
            problems = unforgiven(media.validator.problems(value), overlooked)
            if problems:
                raise InvalidRequest(problems)
        return value

    def _expected(self) -> str:
        return " or ".join(self._fields)

    def _wrong_type(self, given: str) -> DomainError:
        return invalid("Content-Type", f"Content-Type is {given[:100]}, but {self._expected()} is expected")


def _essence(media: MediaType) -> str:
    return media.name.partition(";")[0].strip().lower()


def _is_json(essence: str) -> bool:
    return essence == "application/json" or essence.endswith("+json")


def _decoded(raw: bytes, overlooked: frozenset[str]) -> Any:
    try:
        return decoded_json(raw)
    except DomainError:
        if "body" in overlooked:
            return {}
        raise


def decoded_json(raw: bytes) -> Any:
    """The JSON value in `raw`; a DomainError when it is none, or contains U+0000, which no text may.

    Of equal keys in one object the last one counts.
    """
    try:
        value = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise invalid("body", f"The body is not valid JSON: {error}") from error
    except RecursionError:
        raise invalid("body", "The body is not usable JSON: it is nested too deeply") from None
    if b"\\u0000" in raw:
        for param, text in _texts(value):
            if "\0" in text:
                raise invalid(param or "body", f"{param or 'The body'} contains a NUL character")
    return value


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every string in `value`, names of fields included, with the dotted name of where it stands."""
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, str):
            yield path, item
        elif isinstance(item, list):
            stack.extend((f"{path}[{index}]", inner) for index, inner in enumerate(item))
        elif isinstance(item, dict):
            for name, inner in item.items():
                yield path, name
                stack.append((f"{path}.{name}" if path else name, inner))


def _summary(form: Form) -> bytes:
    """What the journal keeps of a form: its text, and name and digest instead of the files."""
    summary: dict[str, Any] = {
        name: [{"filename": each.filename, **_digest(each.content)} for each in parts]
        for name, parts in form.files.items()
    }
    for name, texts in form.texts.items():
        summary[name] = texts if len(texts) > 1 else texts[0]
    return msgspec.json.encode(summary)


def _digest(content: Content) -> dict[str, Any]:
    return {"size": content.size, "sha256": content.sha256}


@dataclass(frozen=True, slots=True)
class _Fields:
    """What must be known about the properties of a body apart from its validator."""

    properties: dict[str, Any]
    read_only: frozenset[str]
    files: frozenset[str]
    arrays: frozenset[str]

    @classmethod
    def of(cls, media: MediaType, document: Document) -> "_Fields":
        schema = _resolved(document, media.schema)
        properties = {name: _resolved(document, each) for name, each in schema.get("properties", {}).items()}
        arrays = {name for name, each in properties.items() if _has_type(each, "array")}
        files = {
            name
            for name, each in properties.items()
            if _is_file(each) or (name in arrays and _is_file(_resolved(document, each.get("items", {}))))
        }
        read_only = {name for name, each in properties.items() if each.get("readOnly") is True}
        return cls(properties, frozenset(read_only), frozenset(files), frozenset(arrays))

    def instance(self, form: Form) -> dict[str, Any]:
        """The form as the JSON value that the schema speaks about, an empty text standing for each file."""
        value: dict[str, Any] = {}
        for name, texts in form.texts.items():
            if any("\0" in text for text in texts):
                raise invalid(name or "body", f"{name or 'A part without a name'} contains a NUL character")
            values = [_coerced(text, self.properties.get(name, {})) for text in texts]
            value[name] = values if name in self.arrays else values[0]
        for name, files in form.files.items():
            value[name] = ["" for _ in files] if name in self.arrays else ""
        return value


def _resolved(document: Document, schema: Any) -> dict[str, Any]:
    return resolve(document.raw, schema) if isinstance(schema, dict) else {}


def _has_type(schema: dict[str, Any], name: str) -> bool:
    types = schema.get("type")
    return types == name or (isinstance(types, list) and name in types)


def _is_file(schema: dict[str, Any]) -> bool:
    return schema.get("format") == "binary" or "contentMediaType" in schema


def _coerced(text: str, schema: dict[str, Any]) -> Any:
    """A form's text as the type its schema asks for; unchanged where that is a string or does not fit."""
    if _has_type(schema, "string") or not any(
        _has_type(schema, name) for name in ("integer", "number", "boolean", "object", "array")
    ):
        return text
    try:
        return _decode(text.encode())
    except (msgspec.MsgspecError, RecursionError):
        return text
