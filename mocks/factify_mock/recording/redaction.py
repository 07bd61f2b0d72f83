"""One exchange as a line of a recording: what happened in it, and nothing of whom it happened to."""

import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl

import python_multipart

from factify_contract.spec import Document, Match
from factify_mock.recording.pseudonyms import Pseudonyms

_SECRETS = frozenset({"token", "secret", "authorization", "password"})
_PAGES = ("page_token", "cursor")
_WORDS = frozenset({"code", "reason"})
# The field of a refusal that names what is wrong with the request.
_NAMING = "param"
_WORD = re.compile(r"[a-z][a-z_]{1,63}")
# Names of fields that the document does not know; what has digits may be somebody's.
_KEY = re.compile(r"[A-Za-z][A-Za-z_.-]{0,39}")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?|true|false")
_ORDERS = frozenset({"asc", "desc"})
# The endings by which a replay knows which kind of file to send instead.
_FORMATS = frozenset(
    {"pdf", "docx", "xlsx", "csv", "md", "markdown", "txt", "png", "jpg", "jpeg", "svg", "webp"}
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One exchange as it went over the wire; `authorization` and `content_type` are the request's headers."""

    match: Match
    query_string: str
    authorization: str | None
    content_type: str
    body: bytes
    status: int
    answer_type: str
    answer: bytes


class Redaction:
    """Turns exchanges into lines. Mutable: the same id, text or secret has the same stand-in in all lines."""

    def __init__(self, document: Document) -> None:
        words, self._fields, self._bytes = _vocabulary(document.raw)
        self.pseudonyms = Pseudonyms(words)

    def line(self, spoken: Spoken) -> dict[str, Any]:
        """The exchange as JSON; nothing in it is a token, a secret, an address, or a text of anybody's."""
        return {
            "operation": spoken.match.operation.id,
            "caller": self._caller(spoken.authorization),
            "path": {name: self.pseudonyms.of(value) for name, value in spoken.match.values.items()},
            "query": self._query(spoken.query_string),
            "body": self._body(spoken.content_type, spoken.body),
            "status": spoken.status,
            "media_type": _media_type(spoken.answer_type),
            "answer": self._content(spoken.answer),
        }

    def value(self, value: Any, field: str = "") -> Any:
        """A JSON value with a stand-in for each text; `field` is the name it stands under."""
        if isinstance(value, Mapping):
            return {self._key(key): self.value(item, key.lower()) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, field) for item in value]
        return self._text(value, field) if isinstance(value, str) else value

    def _text(self, text: str, field: str) -> str:
        if field in _SECRETS and text:
            return self.pseudonyms.secret(text)
        if field.endswith(_PAGES):
            return self.pseudonyms.page(text)
        if field in self._bytes and text:
            return self.pseudonyms.image(text)
        if field in _WORDS and _WORD.fullmatch(text):
            return text
        if field == _NAMING and set(re.split(r"[.\[\]\d]+", text)) <= self._fields | {""}:
            return text
        return self.pseudonyms.of(text)

    def _key(self, key: str) -> str:
        return key if key in self._fields or _KEY.fullmatch(key) else self.pseudonyms.of(key)

    def _caller(self, authorization: str | None) -> str | None:
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        return self.pseudonyms.secret(token.strip()) if scheme.lower() == "bearer" else "malformed"

    def _query(self, query_string: str) -> list[list[str]]:
        pairs = parse_qsl(query_string, keep_blank_values=True)
        return [[self._key(name), self._query_value(name.lower(), value)] for name, value in pairs]

    def _query_value(self, name: str, value: str) -> str:
        if name not in _SECRETS and not name.endswith(_PAGES):
            words = re.findall(r"[A-Za-z_]+|[^A-Za-z_\s,.:+-]", value)
            if _NUMBER.fullmatch(value) or all(word.lower() in self._fields | _ORDERS for word in words):
                return value
        return self._text(value, name)

    def _body(self, content_type: str, body: bytes) -> dict[str, Any] | None:
        if not body:
            return None
        if _media_type(content_type) == "multipart/form-data":
            form = self._form(content_type, body)
            return {"bytes": len(body)} if form is None else {"form": form}
        return self._content(body)

    def _form(self, content_type: str, body: bytes) -> list[list[Any]] | None:
        """The parts in their order; None where the body is no form."""
        parts: list[list[Any]] = []

        def take_field(field: Any) -> None:
            name = (field.field_name or b"").decode("utf-8", "replace")
            parts.append([self._key(name), self._text((field.value or b"").decode("utf-8", "replace"), name)])

        def take_file(file: Any) -> None:
            file.file_object.seek(0)
            content = file.file_object.read()
            name = (file.field_name or b"").decode("utf-8", "replace")
            file_name = (file.file_name or b"").decode("utf-8", "replace")
            parts.append([self._key(name), self._file(file_name, content)])
            file.close()

        try:
            python_multipart.parse_form(
                {"Content-Type": content_type.encode("latin-1", "replace")},
                io.BytesIO(body),
                take_field,
                take_file,
            )
        except (python_multipart.exceptions.FormParserError, ValueError):
            return None
        return parts

    def _file(self, name: str, content: bytes) -> dict[str, Any]:
        ending = PurePath(name).suffix.lower().removeprefix(".")
        return {
            "format": "pdf" if content.startswith(b"%PDF") else ending if ending in _FORMATS else "",
            "size": len(content),
            "content": self.pseudonyms.content(hashlib.sha256(content).hexdigest()),
        }

    def _content(self, content: bytes) -> dict[str, Any] | None:
        if not content:
            return None
        try:
            return {"json": self.value(json.loads(content))}
        except (ValueError, RecursionError):
            return {"bytes": len(content)}


def _media_type(content_type: str) -> str:
    name = content_type.partition(";")[0].strip().lower()
    return name if re.fullmatch(r"[a-z0-9.+-]{1,64}/[a-z0-9.+-]{1,64}", name) else ""


def _vocabulary(raw: Any) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Values that schemas spell out, names of fields and parameters, and names of fields that hold bytes."""
    words: set[str] = set()
    fields: set[str] = set()
    encoded: set[str] = set()
    for schema in _mappings(raw):
        words.update(word for word in _listed(schema.get("enum")) if isinstance(word, str))
        if isinstance(schema.get("const"), str):
            words.add(schema["const"])
        if isinstance(schema.get("properties"), Mapping):
            fields.update(schema["properties"])
            encoded.update(
                name for name, each in schema["properties"].items() if each.get("format") == "byte"
            )
        if isinstance(schema.get("name"), str) and isinstance(schema.get("in"), str):
            fields.add(schema["name"])
    return frozenset(words), frozenset(fields), frozenset(encoded)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _mappings(value: Any) -> Iterable[Mapping[str, Any]]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            yield item
            # Samples are values, not schemas: a field of theirs called `enum` would be somebody's.
            waiting.extend(inner for key, inner in item.items() if key not in ("example", "examples"))
        elif isinstance(item, list):
            waiting.extend(item)
