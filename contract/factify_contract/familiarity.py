"""How far the judge knows a document that is not the shipped one, and whether a request still fits."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from factify_contract.clauses import Catalogue
from factify_contract.errors import Unfit
from factify_contract.spec import Document, Operation, Problem
from factify_contract.spec.diff.rules import Direction
from factify_contract.spec.diff.shipped import shipped, since_shipped
from factify_contract.spec.templates import parameter_names

# More names than these hide the sentence that they stand in.
_MOST_NAMES = 8


def unfamiliar(document: Document, catalogue: Catalogue) -> list[str]:
    """Sentences about what the judge does not know of the document; none for the shipped one."""
    known = {operation for clause in catalogue.values() for operation in clause.operations}
    unknown = [name for name in document.operations if name not in known]
    changed = [name for name in _changed(document) if name in known]
    said = []
    if unknown:
        said.append(
            f"{_operations(unknown, 'has', 'have')} no clauses: {_few(unknown)};"
            " judged for shape only (properties)"
        )
    if changed:
        said.append(
            f"{_operations(changed, 'differs', 'differ')} from what this judge was made for: {_few(changed)};"
            " stories whose requests no longer fit end without a verdict"
        )
    return said


def lacking(document: Document, catalogue: Catalogue) -> dict[str, str]:
    """For each clause that is only about operations which the document does not have, the sentence why."""
    return {
        clause.id: f"the document has no operation {clause.operations[0]}"
        for clause in catalogue.values()
        if "*" not in clause.operations
        and not any(operation in document.operations for operation in clause.operations)
    }


def path_for(operation: Operation, path: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of the path under the names that the document has for them.

    A document may call the parameters of a path otherwise than the shipped one; then their order decides.
    Unfit when there are more or fewer of them.
    """
    names = parameter_names(operation.path)
    if all(name in path for name in names):
        return path
    ours = shipped().operations.get(operation.id)
    before = parameter_names(ours.path) if ours else ()
    if len(before) != len(names) or not all(name in path for name in before):
        raise Unfit(f"the path {operation.path} of {operation.id} has other parameters than this judge knows")
    return {name: path[known] for name, known in zip(names, before, strict=True)}


def why_unfit(
    document: Document,
    operation: Operation,
    *,
    path: Mapping[str, Any],
    query: Mapping[str, Any],
    body: Any,
    media_type: str,
    is_anonymous: bool,
) -> str | None:
    """What the document holds against a request that the shipped one does not; None for nothing.

    So a promise is not called broken by a refusal that the newer document asks for. What a request does
    wrong by both documents is the point of its story. `media_type` empty stands for no body.
    """
    if operation.id not in _asking_otherwise(document):
        return None
    ours = shipped().operations.get(operation.id)
    if ours is None:
        return None
    if is_anonymous and ours.requires_auth != operation.requires_auth:
        verb = "asks" if operation.requires_auth else "no longer asks"
        return f"the document {verb} for credentials in {operation.id}"
    given = parameter_names(ours.path)
    positions = parameter_names(operation.path)
    before = _problems(ours, _under(given, path, positions), query, body, media_type)
    after = _problems(operation, path, query, body, media_type)
    excused = {(problem.location, problem.rule, _last(problem)) for problem in before}
    novel = [one for one in after if (one.location, one.rule, _last(one)) not in excused]
    return f"the document asks for something else in {operation.id}: {novel[0].message}" if novel else None


def _under(names: Sequence[str], path: Mapping[str, Any], others: Sequence[str]) -> Mapping[str, Any]:
    """The values of a path under our names, which the document may call otherwise."""
    if len(names) != len(others):
        return path
    return {name: path[other] for name, other in zip(names, others, strict=True) if other in path}


def _last(problem: Problem) -> str:
    # The parameters of a path may have other names; what is wrong with them is the same.
    return "" if problem.location == "path" else problem.param


def _problems(
    operation: Operation, path: Mapping[str, Any], query: Mapping[str, Any], body: Any, media_type: str
) -> list[Problem]:
    _, in_path = operation.parse_path({name: str(value) for name, value in path.items()})
    _, in_query = operation.parse_query(list(_pairs(query)))
    return [*in_path, *in_query, *_in_body(operation, body, media_type)]


def _pairs(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for item in value if isinstance(value, (list, tuple)) else (value,):
            yield name, str(item).lower() if isinstance(item, bool) else str(item)


def _in_body(operation: Operation, body: Any, media_type: str) -> list[Problem]:
    described = operation.body
    if described is None:
        return [Problem("body", "body", "unknown", "it takes no body")] if media_type and body else []
    if not media_type:
        return [Problem("body", "body", "required", "it needs a body")] if described.required else []
    media = described.media_for(media_type)
    if media is None:
        return [Problem("body", "body", "media type", f"it takes no {media_type}")]
    return media.validator.problems(body, limit=50)


@lru_cache(maxsize=16)
def _asking_otherwise(document: Document) -> frozenset[str]:
    """Operations whose requests, or the credentials for them, changed since the shipped document."""
    return frozenset(
        use.operation
        for change in since_shipped(document)
        if not change.is_wording
        for use in change.uses
        if use.direction is not Direction.RESPONSE
    )


def _changed(document: Document) -> list[str]:
    """Operations with a change that breaks somebody, in the document's order; new ones are not changed."""
    broken = {
        use.operation
        for change in since_shipped(document)
        if change.verdict.breaks and change.rule.id != "operation-added"
        for use in change.uses
    }
    return [name for name in document.operations if name in broken]


def _operations(names: Sequence[str], one: str, many: str) -> str:
    if len(names) == 1:
        return f"1 operation of this document {one}"
    return f"{len(names)} operations of this document {many}"


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown
