"""One operation of the document: what it takes and what it may answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.parameters import Parameter
from factify_contract.spec.problems import Problem
from factify_contract.spec.query import QueryReader, read_single
from factify_contract.spec.templates import split_template
from factify_contract.spec.validators import SchemaValidator

T = TypeVar("T")

# OpenAPI 3.1 section 4.8.12: parameters of these names are described elsewhere and must be ignored.
_NO_PARAMETERS = frozenset({"accept", "content-type", "authorization"})


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class MediaType:
    """One representation of a body: its schema (references kept) and its named samples."""

    name: str
    schema: Any
    validator: SchemaValidator = field(repr=False)
    examples: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class RequestBody:
    """What an operation takes as its body, by media type."""

    required: bool
    media: Mapping[str, MediaType]

    def media_for(self, content_type: str) -> MediaType | None:
        """The media type that a Content-Type header means, the most specific first."""
        return _media_for(self.media, content_type)


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What an operation may answer with one status (`200`), class (`4XX`) or otherwise (`default`)."""

    status: str
    description: str
    media: Mapping[str, MediaType]
    headers: Mapping[str, Any]

    def media_for(self, content_type: str) -> MediaType | None:
        """The media type that a Content-Type header means, the most specific first."""
        return _media_for(self.media, content_type)


@dataclass(frozen=True, slots=True)
class Link:
    """How the answer of one operation feeds another: parameter name to runtime expression."""

    name: str
    status: str
    operation_id: str
    parameters: Mapping[str, Any]
    request_body: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """A method on a path. `id` is its operationId, or `METHOD /path` where the document gives none."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: Mapping[str, Response]
    requires_auth: bool
    links: tuple[Link, ...]
    raw: JsonObject = field(repr=False)
    also_known: frozenset[str] = frozenset()
    path_parameters: tuple[Parameter, ...] = field(init=False)
    query_parameters: tuple[Parameter, ...] = field(init=False)
    header_parameters: tuple[Parameter, ...] = field(init=False)
    _query: QueryReader = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for location in ("path", "query", "header"):
            there = tuple(one for one in self.parameters if one.location == location)
            if location == "header":
                there = tuple(one for one in there if one.name.lower() not in _NO_PARAMETERS)
            object.__setattr__(self, f"{location}_parameters", there)
        object.__setattr__(self, "_query", QueryReader(self.query_parameters, self.also_known))

    @property
    def success(self) -> Response | None:
        """The first documented 2XX response; `default` where that is the only response there is."""
        first = next((one for status, one in self.responses.items() if status.startswith("2")), None)
        if first is None and set(self.responses) == {"default"}:
            return self.responses["default"]
        return first

    @property
    def success_status(self) -> int:
        """The status to answer a call with that went well."""
        success = self.success
        return int(success.status) if success and success.status.isdigit() else 200

    def response_for(self, status: int) -> Response | None:
        """The response documented for a status: the exact one, else its class, else the default."""
        exact = self.responses.get(str(status))
        return exact or self.responses.get(f"{status // 100}XX") or self.responses.get("default")

    def parse_path(self, raw: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
        """Typed values of the decoded path parameters, only valid ones, and what is wrong with others."""
        return read_single(self.path_parameters, raw)

    def parse_query(self, pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, Any], list[Problem]]:
        """Typed values of the decoded query, only valid ones, and what is wrong with others.

        An array is a repeated key (or as its style says). A scalar given twice is a problem of rule
        `duplicate`, a key that the operation does not have one of rule `unknown`. Defaults are not
        filled in.
        """
        return self._query.read(pairs)

    def parse_headers(self, headers: Iterable[tuple[str, str]]) -> tuple[dict[str, Any], list[Problem]]:
        """Typed values of the header parameters; other headers are nobody's business here.

        Lines of the same name count as one, joined by commas (RFC 9110 section 5.3).
        """
        lines: dict[str, str] = {}
        for name, value in headers:
            key = name.lower()
            lines[key] = f"{lines[key]},{value}" if key in lines else value
        return read_single(self.header_parameters, lines)

    def format_path(self, values: Mapping[str, Any]) -> str:
        """The path with every parameter filled in and percent-encoded; KeyError names a missing one."""
        known = {one.name: one for one in self.path_parameters}
        pieces: list[str] = []
        for text, name in split_template(self.path):
            pieces.append(text)
            if name is not None:
                value = values[name]
                written = known[name].write(value) if name in known else str(value)
                pieces.append(quote(written, safe=""))
        return "".join(pieces)


def _media_for(media: Mapping[str, T], content_type: str) -> T | None:
    essence = content_type.partition(";")[0].strip().lower()
    for name in (essence, essence.partition("/")[0] + "/*", "*/*"):
        for candidate, value in media.items():
            if candidate.partition(";")[0].strip().lower() == name:
                return value
    return None
