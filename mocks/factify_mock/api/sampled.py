"""Answers from the document: where the mock has no handler, and where a client prefers one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from factify_contract.errors import DocumentError
from factify_contract.spec import Operation
from factify_contract.spec.samples import Sample, sample
from factify_mock.api.gate import rate_limit_headers
from factify_mock.api.response import Header, Response
from factify_mock.model.errors import DomainError, invalid

# The documented rate for reads, and the window it is counted in.
_RATE = 1000
_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Preference:
    """What a client wishes to be answered: `Prefer: code=404, example=name` (RFC 7240)."""

    code: int | None = None
    example: str | None = None

    @property
    def applied(self) -> Header:
        """How the answer says that the wish was granted."""
        parts = [] if self.code is None else [f"code={self.code}"]
        parts += [] if self.example is None else [f"example={self.example}"]
        return (b"preference-applied", ", ".join(parts).encode("latin-1", "replace"))


def preference(header: bytes) -> Preference | None:
    """The wish in a Prefer header; None when it is about other things, as `respond-async` would be."""
    wishes: dict[str, str] = {}
    for part in header.decode("latin-1").replace(";", ",").split(","):
        name, _, value = part.partition("=")
        wishes.setdefault(name.strip().lower(), value.strip().strip('"'))
    code, example = wishes.get("code"), wishes.get("example")
    if code is None and example is None:
        return None
    if code is not None and not (code.isascii() and code.isdigit() and len(code) == 3):
        raise invalid("Prefer", f"Prefer asks for code={code[:20]}, which is no HTTP status")
    return Preference(None if code is None else int(code), example)


def sampled(operation: Operation, now: datetime, wish: Preference | None = None) -> Response:
    """A documented sample of the operation: the success, or what the client wishes for.

    A DomainError when the document has no such status or sample.
    """
    status = wish.code if wish and wish.code is not None else operation.success_status
    found = _found(operation, status, wish)
    headers: tuple[Header, ...] = (_mark(found),)
    if wish is not None:
        headers = (*headers, wish.applied)
    if status == 429:
        headers = (*headers, *rate_limit_headers(_RATE, 0, now + _WINDOW))
    if found.media_type is None:
        return Response(status, b"", headers, content_type=b"")
    return Response(status, _encoded(found), headers, _content_type(found.media_type))


def _found(operation: Operation, status: int, wish: Preference | None) -> Sample:
    if wish is None and operation.success is None:
        # Some documents describe only what can go wrong; then a success has nothing to say.
        return Sample(name="", value=None, media_type=None)
    try:
        return sample(operation, status, name=wish.example if wish else None)
    except DocumentError as error:
        if wish is not None:
            raise invalid("Prefer", f"{error}{_elsewhere(operation, status, wish)}") from error
        raise DomainError("unimplemented", "unimplemented", f"{error}") from error


def _elsewhere(operation: Operation, status: int, wish: Preference) -> str:
    """Where the document has a sample of the wished name that is none of the status's."""
    codes = [
        code
        for code, response in operation.responses.items()
        if code != str(status) and any(wish.example in media.examples for media in response.media.values())
    ]
    return f"; {wish.example!r} is one of code={codes[0]}" if codes else ""


def _mark(found: Sample) -> Header:
    text = f"sample; name={found.name}" if found.name else "sample"
    return (b"x-factify-mock", text.encode("latin-1", "replace"))


def _encoded(found: Sample) -> bytes:
    if isinstance(found.value, str | bytes) and "json" not in (found.media_type or ""):
        return found.value.encode() if isinstance(found.value, str) else found.value
    return msgspec.json.encode(found.value)


def _content_type(media_type: str) -> bytes:
    """The documented type; a range of types, which no answer can have, means JSON."""
    return b"application/json" if "*" in media_type else media_type.encode("latin-1", "replace")
