"""Reads what a request says, and refuses what it may not say."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import python_multipart
from python_multipart.exceptions import FormParserError

from contrary.choices import Choices
from contrary.wire import Refusal, invalid, is_id, parse_instant

_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Field:
    """What one input may be. `kind` is text, id, one_of, whole, flag, instant, email, items or object."""

    kind: str = "text"
    required: bool = False
    least: int = 0
    most: int | None = None
    among: str = ""
    many: bool = False
    nullable: bool = False
    # Lenient readings have a default for it.
    spared: bool = False

    def take(self, name: str, value: Any, choices: Choices) -> Any:
        """The value in its own type."""
        match self.kind:
            case "whole":
                return self._whole(name, value, choices)
            case "flag":
                if not isinstance(value, bool):
                    raise invalid(name, "is neither true nor false")
                return value
            case "instant":
                return parse_instant(name, value)
            case "items":
                return self._items(name, value)
        return self._text(name, value, choices)

    def from_text(self, name: str, text: str, choices: Choices) -> Any:
        """The value in its own type, from a query or form."""
        if self.kind == "flag":
            if text not in ("true", "false"):
                raise invalid(name, "is neither true nor false")
            return text == "true"
        if self.kind == "whole":
            if not re.fullmatch(r"[+-]?\d{1,12}", text):
                raise invalid(name, "is no number")
            return self._whole(name, int(text), choices)
        return self.take(name, text, choices)

    def _text(self, name: str, value: Any, choices: Choices) -> str:
        if not isinstance(value, str):
            raise invalid(name, "is no text")
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            raise invalid(name, f"has {len(value)} characters, not {self.least} to {self.most}")
        if self.kind == "email" and not _EMAIL.fullmatch(value):
            raise invalid(name, "is no e-mail address")
        if self.kind == "one_of" and value not in self.among.split("|"):
            raise invalid(name, f"is none of {self.among}", reason="invalid_enum_value")
        if self.kind == "id":
            return identifier(name, value, self.among, choices)
        return value

    def _whole(self, name: str, value: Any, choices: Choices) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise invalid(name, "is no whole number")
        if name == "page_size" and choices.lenient:
            return min(max(int(value), 1), 100)
        if not self.least <= value <= (self.most or 2**31 - 1):
            raise invalid(name, "is out of range")
        return int(value)

    def _items(self, name: str, value: Any) -> list[Any]:
        if not isinstance(value, list) or not self.least <= len(value) <= (self.most or len(value)):
            raise invalid(name, f"has not {self.least} to {self.most} entries")
        return value


def identifier(name: str, value: str, prefixes: str, choices: Choices) -> str:
    """The id, or a refusal in the mode's manner."""
    spelled = value.lower() if choices.lenient else value
    if is_id(spelled, prefixes):
        return spelled
    if choices.malformed_id == "missing":
        raise Refusal("not_found", f"nothing is called {value[:80]!r}")
    raise invalid(name, "is no such id", reason=choices.malformed_id)


Fields = Mapping[str, Field]
ORG = Field("id", among="org")
PAGE: Fields = {"page_token": Field(), "page_size": Field("whole", least=1, most=100)}
RANGE: Fields = {"created.after": Field("instant"), "created.before": Field("instant")}


@dataclass(slots=True)
class Input:
    """What a request says, in the types of the fields."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    file: bytes = b""


def read_query(pairs: list[tuple[str, str]], fields: Fields, choices: Choices) -> dict[str, Any]:
    """The query; a filter that is left out is not in it."""
    found: dict[str, Any] = {}
    for name, text in pairs:
        known = fields.get(name)
        if known is None:
            if not choices.lenient:
                raise invalid(name, "is no parameter of this operation")
            continue
        value = known.from_text(name, text, choices)
        if known.many:
            found.setdefault(name, []).append(value)
        elif name in found and not choices.lenient:
            raise invalid(name, "is given twice")
        else:
            found[name] = value
    for name, known in fields.items():
        if known.required and name not in found:
            raise invalid(name, "is missing", reason="missing_required_field")
    _check_ranges(found)
    return found


def _check_ranges(found: Mapping[str, Any]) -> None:
    for name in ("created", "date"):
        first, last = found.get(f"{name}.after"), found.get(f"{name}.before")
        if first and last and first > last:
            raise invalid(f"{name}.after", "is later than the end")


def read_json(content: bytes, fields: Fields, choices: Choices) -> dict[str, Any]:
    """The fields of a JSON body."""
    if choices.lenient and (not fields or not content.strip()):
        return _checked({}, fields, choices)
    try:
        text = content.decode("utf-8", "replace" if choices.lenient else "strict")
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("unknown" if choices.lenient else "invalid_argument", "This is no JSON.") from None
    if not isinstance(value, dict):
        raise invalid("body", "is no object")
    return _checked(value, fields, choices)


def _checked(value: dict[str, Any], fields: Fields, choices: Choices) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, item in value.items():
        known = fields.get(name)
        if known is None:
            if not choices.lenient:
                raise invalid(name[:80], "is no field of this operation")
        elif item is not None:
            found[name] = known.take(name, item, choices)
        elif known.nullable or choices.lenient:
            found[name] = None
        else:
            raise invalid(name, "is null")
    for name, known in fields.items():
        spared = known.spared and choices.lenient
        if known.required and found.get(name) is None and not spared:
            raise invalid(name, "is missing", reason="missing_required_field")
    return found


def read_form(
    content: bytes, media_type: str, fields: Fields, choices: Choices
) -> tuple[dict[str, Any], bytes]:
    """The fields of a multipart body and its file."""
    texts: dict[str, str] = {}
    files: dict[str, bytes] = {}

    def on_field(part: Any) -> None:
        if part.field_name is not None:
            texts[part.field_name.decode("utf-8", "replace")] = (part.value or b"").decode("utf-8", "replace")

    def on_file(part: Any) -> None:
        part.file_object.seek(0)
        files[(part.field_name or b"").decode("utf-8", "replace")] = part.file_object.read()

    try:
        headers = {"Content-Type": media_type.encode("latin-1", "replace")}
        python_multipart.parse_form(headers, BytesIO(content), on_field, on_file)
    except (FormParserError, ValueError, KeyError):
        raise invalid("body", "is no form") from None
    for name in ("document_id", "version_id", "payload_key"):
        texts.pop(name, None)
    if not files.get("payload"):
        raise invalid("payload", "is missing", reason="missing_required_field")
    if not choices.lenient and not files["payload"].startswith(b"%PDF-"):
        raise invalid("payload", "is no PDF")
    found = _checked({k: v for k, v in texts.items() if k != "payload"}, fields, choices)
    return found, files["payload"]
