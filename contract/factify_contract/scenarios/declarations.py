"""Declarations: what the profile says the target lacks is not there, and what it has is."""

import re
from collections.abc import Iterable, Iterator, Mapping

from factify_contract.scenarios.steps import unknown_id
from factify_contract.scenarios.story import Answer, Api, story
from factify_contract.spec import Operation

_SUITE = "declarations"
_ABSENT = ("owner", "declared-absent")
_PREFIX = re.compile(r"\^([a-z]+)_")
# The form of an id; what is random in it is replaced, so that it belongs to nothing.
_SOME_SUFFIX = "01jd4h5xk8m2n6p0q4r8s2t6v0"
# How an absent operation may be refused: unknown, unimplemented, or switched off for the caller.
_ABSENT_STATUSES = frozenset({403, 404, 405, 501})
_ABSENT_REASONS = frozenset({"feature_disabled", "unimplemented"})
# A body that no implementation can take for an order.
_UNREADABLE = b"{"


def _known_ids(api: Api, reading: Iterable[Operation]) -> dict[str, str]:
    """Ids of real things that the operations may read, by the prefix of their kind."""
    if not any(name in operation.path for operation in reading for name in ("{document_id}", "{version_id}")):
        return {"org": api.organization_id}
    listed = api.owner.call("listDocuments", query={"page_size": 1}).body.get("items") or []
    document = listed[0] if listed else api.new_document()
    version = (document.get("current_version") or {}).get("id")
    found = {"doc": document["id"], "org": api.organization_id, "ver": version}
    return {prefix: value for prefix, value in found.items() if value}


def _inputs(operation: Operation, known: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Path and required query parameters: known ids where there are any, or ids of nothing."""
    path: dict[str, str] = {}
    query: dict[str, str] = {}
    for parameter in operation.parameters:
        match = _PREFIX.match(str(parameter.schema.get("pattern", "")))
        if parameter.location in ("path", "query") and parameter.required and match:
            value = known.get(match[1]) or unknown_id(f"{match[1]}_{_SOME_SUFFIX}")
            (path if parameter.location == "path" else query)[parameter.name] = value
    return path, query


def _read(api: Api, operation: Operation, known: Mapping[str, str]) -> Answer:
    path, query = _inputs(operation, known)
    return api.probe(operation, path=path, query=query)


def _pushed(api: Api, operation: Operation) -> Answer:
    """A call that cannot write, whatever the target has: about nothing, or with an unreadable body."""
    path, query = _inputs(operation, {})
    return api.probe(operation, path=path, query=query, content=None if path else _UNREADABLE)


def _is_absent(answer: Answer) -> bool:
    code, reason = answer.refused or ("", None)
    return answer.status in _ABSENT_STATUSES or code == "not_found" or reason in _ABSENT_REASONS


def _split(operations: tuple[Operation, ...]) -> tuple[list[Operation], list[Operation]]:
    """Those that read, and those that write."""
    return (
        [one for one in operations if one.method == "GET"],
        [one for one in operations if one.method != "GET"],
    )


def _refused(api: Api, answers: Iterator[Answer]) -> Iterator[Answer]:
    """The answers that are refusals; each is judged for that."""
    for answer in answers:
        kept = answer.status >= 400
        api.record(
            "declarations.absent-does-nothing",
            kept,
            expected="a refusal, since the profile declares it absent",
            actual=answer.summary,
            operation=answer.exchange.operation_id,
        )
        if kept:
            yield answer


@story(
    suite=_SUITE, title="What is declared absent is not there", needs=("owner", "declared-absent"), smoke=True
)
def absent_is_absent(api: Api) -> None:
    """Reading is tried on real things, writing only in ways that cannot write."""
    reading, writing = _split(api.declared(offered=False))
    known = _known_ids(api, reading)
    for first in _refused(api, (_read(api, operation, known) for operation in reading)):
        operation = first.exchange.operation
        assert operation is not None
        again = _read(api, operation, known)
        api.record(
            "declarations.absent-consistently",
            _is_absent(first) and again.status == first.status,
            expected="twice the same refusal: not_found, unimplemented, or for want of permission",
            actual=f"{first.summary}, then {again.summary}",
            operation=operation.id,
        )
    for _ in _refused(api, (_pushed(api, operation) for operation in writing)):
        pass


@story(suite=_SUITE, title="What is declared present is there", needs=("owner", "declared-present"))
def present_is_present(api: Api) -> None:
    """Nothing that can be read without changing anything is unimplemented."""
    reading, _ = _split(api.declared(offered=True))
    known = _known_ids(api, reading)
    for operation in reading:
        answer = _read(api, operation, known)
        api.record(
            "declarations.present-is-implemented",
            answer.status != 501,
            expected="any answer but unimplemented, since the profile declares it present",
            actual=answer.summary,
            operation=operation.id,
        )
