"""Is what comes back JSON, and declared as such?"""

from collections.abc import Iterator

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict, describe
from factify_contract.spec import Document


def check_media_type(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """A body is of a media type that the document declares for the status; refusals are JSON."""
    clause = "responses.media-type"
    allowed = declared_media(exchange)
    if not allowed:
        return
    given = exchange.headers.get("content-type", "")
    if exchange.content and media_of(given) in allowed:
        if media_of(given) == "application/json" and not exchange.is_json:
            yield Verdict(
                clause,
                True,
                "The answer says that it is JSON, but it is not",
                "a JSON value",
                describe(exchange.content.decode("utf-8", "replace")) or "an empty body",
            )
            return
        yield Verdict(clause)
        return
    yield Verdict(
        clause,
        True,
        "The answer is not of the documented media type",
        f"a body of type {' or '.join(sorted(allowed))}",
        f"Content-Type {given!r} with {len(exchange.content)} bytes",
    )


def declared_media(exchange: Exchange) -> frozenset[str]:
    """The media types that an answer with this status may have; empty when it needs no body."""
    response = exchange.operation.response_for(exchange.status) if exchange.operation else None
    if response is not None:
        return frozenset(media_of(name) for name in response.media)
    return frozenset({"application/json"}) if exchange.status >= 400 and exchange.is_json else frozenset()


def media_of(content_type: str) -> str:
    """The media type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()
