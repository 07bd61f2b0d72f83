"""Strings made to order: of a format, of a pattern, of a length."""

import base64
import random
import re
from typing import Any

from factify_contract.spec.grammar import JsonObject

_OF_FORMAT = {
    "date-time": "2026-01-05T09:00:00Z",
    "date": "2026-01-05",
    "time": "09:00:00Z",
    "duration": "P1D",
    "email": "sample@example.com",
    "idn-email": "sample@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/sample",
    "url": "https://example.com/sample",
    "iri": "https://example.com/sample",
    "uri-reference": "/sample",
    "iri-reference": "/sample",
    "uri-template": "/samples/{id}",
    "uuid": "5f0c1d2e-3b4a-4c5d-8e6f-708192a3b4c5",
    "json-pointer": "/sample",
    "relative-json-pointer": "0",
    "regex": "^sample$",
    "byte": "c2FtcGxl",
}

_TOKEN = re.compile(r"\\[pP]\{\w+\}|\\.|\(\?<(?![=!])|.", re.DOTALL)

# Classes that Python lacks, or that mean more in Python than in a JSON Schema.
_CLASSES = {
    r"\d": "0-9",
    r"\p{L}": "A-Za-z",
    r"\p{Lu}": "A-Z",
    r"\p{Ll}": "a-z",
    r"\p{N}": "0-9",
    r"\p{Nd}": "0-9",
}

_ATTEMPTS = 40  # a pattern with bounds on its length is hit by luck


def text_of(schema: JsonObject, ordinal: int = 0) -> str:
    """A string for `schema`; other ordinals give other strings where the schema leaves room.

    The same call always gives the same string. The result may break a schema that asks for several
    things at once; the caller verifies it.
    """
    least = int(schema.get("minLength", 0))
    most = schema.get("maxLength")
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        return _matching(pattern, least, most, ordinal)
    stock = _OF_FORMAT.get(str(schema.get("format")))
    if stock is not None:
        return _varied(stock, str(schema["format"]), least, ordinal)
    text = "sample" if ordinal == 0 else f"sample {ordinal + 1}"
    return fitted(text, least, most)


def fitted(text: str, least: int, most: Any) -> str:
    """`text` repeated or cut until its length is within the bounds."""
    if len(text) < least:
        text = (text + " ") * (least // (len(text) + 1) + 1)
        text = text[:least].rstrip().ljust(least, "e")
    return text if most is None else text[: max(int(most), 0)]


def _varied(stock: str, name: str, least: int, ordinal: int) -> str:
    number = f"{ordinal:02}"
    if name == "byte" and least > len(stock):
        return base64.b64encode(b"sample" * (least // 6 + 1)).decode()[: -(-least // 4) * 4]
    if ordinal == 0 or name in ("regex", "relative-json-pointer"):
        return stock
    if name in ("date-time", "date"):
        return stock.replace("2026", str(2026 - ordinal), 1)
    if name == "uuid":
        return stock[: -len(number)] + number
    if name == "byte":
        return base64.b64encode(f"sample {number}".encode()).decode()
    return stock.replace("sample", f"sample-{number}").replace("example.com", f"example{number}.com")


def _matching(pattern: str, least: int, most: Any, ordinal: int) -> str:
    import rstr  # noqa: PLC0415 - needed only for documents without samples, and slow to import

    text = ""
    for attempt in range(_ATTEMPTS):
        # Seeded by what is asked for: the same schema gives the same sample in every process.
        source = rstr.Rstr(random.Random(f"{pattern}/{ordinal}/{attempt}"))  # noqa: S311 - no secret
        try:
            text = source.xeger(_as_python(pattern))
        except (re.error, ValueError, KeyError, NotImplementedError):
            return "sample"
        if least <= len(text) and (most is None or len(text) <= int(most)):
            return text
    return text


def _as_python(pattern: str) -> str:
    """The ECMAScript pattern as Python spells it."""
    inside_class = False
    pieces: list[str] = []
    for piece in _TOKEN.findall(pattern):
        inside_class = piece == "[" or (inside_class and piece != "]")
        plain = _CLASSES.get(piece)
        if plain is not None:
            pieces.append(plain if inside_class else f"[{plain}]")
        else:
            pieces.append("(?P<" if piece == "(?<" else piece)
    return "".join(pieces)
