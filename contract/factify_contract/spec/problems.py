"""Why a value is not what the document asks for, in words and in parts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import ValidationError

from factify_contract.spec.json_values import dotted, shorten, show

# Where a value came from, or goes to.
LOCATIONS = ("path", "query", "header", "body")


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a value.

    `param` names the place (`page_size`, `recipients[0].role`; the location's own name for the whole
    of a body), `rule` is the schema keyword or one of `unknown`, `duplicate`, `encoding`, `depth`.
    """

    location: str
    param: str
    rule: str
    message: str
    value: Any = None


def explain(errors: Iterable[ValidationError], instance: Any, location: str, root: str) -> list[Problem]:
    """The errors of a validator as problems, without those that only follow from another one."""
    found: list[Problem] = []
    mistyped: set[tuple[str | int, ...]] = set()
    above_failed: set[tuple[str | int, ...]] = set()
    for error in sorted(errors, key=_order):
        path, rule = tuple(error.instance_path), error.kind.name
        stems = [path[:length] for length in range(len(path) + 1)]
        if not mistyped.isdisjoint(stems):
            continue
        if rule == "unevaluatedProperties" and path in above_failed:
            continue  # a field counts as unevaluated when the branch that knows it has failed
        above_failed.update(stems)
        if rule == "type":
            mistyped.add(path)
        found.extend(_explain_one(error, instance, location, root))
    return list({(problem.param, problem.rule): problem for problem in found}.values())


def _part(error: ValidationError, name: str) -> Any:
    """What the validator knows beyond the rule's name; each kind of error has other parts."""
    return getattr(error.kind, name, "")


def _order(error: ValidationError) -> int:
    """Causes before what follows from them."""
    return {"type": 0, "unevaluatedProperties": 2}.get(error.kind.name, 1)


def _explain_one(error: ValidationError, instance: Any, location: str, root: str) -> Iterator[Problem]:
    rule = error.kind.name
    if rule in ("oneOf", "anyOf"):
        yield from _explain_choice(error, instance, location, root)
        return
    path = error.instance_path
    value = _at(instance, path)
    if rule == "required":
        missing = _part(error, "property")
        param = dotted(root, [*path, missing])
        yield Problem(location, param, "required", f"{param} is required", None)
    elif rule in _EXTRA:
        yield from _unknown(_part(error, "unexpected"), error, value, location, root)
    elif rule == "falseSchema" and error.schema_path[-1] in _EXTRA and isinstance(value, dict):
        # An object that may have no fields at all.
        yield from _unknown(list(value), error, value, location, root)
    elif rule == "falseSchema":
        param = dotted(root, path) or location
        yield Problem(location, param, "false", f"{param} must not be present", value)
    else:
        param = dotted(root, path) or location
        yield Problem(location, param, rule, f"{param} {phrase(error, value)}", value)


_EXTRA = ("additionalProperties", "unevaluatedProperties")


def _unknown(
    names: Iterable[str], error: ValidationError, value: Any, location: str, root: str
) -> Iterator[Problem]:
    for name in names:
        param = dotted(root, [*error.instance_path, name])
        yield Problem(location, param, "unknown", f"{param} is not a field that is known here", value[name])


def _at(instance: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        instance = instance[step]
    return instance


# What must hold, by keyword; {limit} is the schema's value.
_PHRASES = {
    "minLength": "must have at least {limit} characters",
    "maxLength": "must have at most {limit} characters",
    "minItems": "must have at least {limit} items",
    "maxItems": "must have at most {limit} items",
    "minProperties": "must have at least {limit} fields",
    "maxProperties": "must have at most {limit} fields",
    "minimum": "must be at least {limit}",
    "maximum": "must be at most {limit}",
    "exclusiveMinimum": "must be greater than {limit}",
    "exclusiveMaximum": "must be less than {limit}",
    "multipleOf": "must be a multiple of {limit}",
    "pattern": "must match {limit}",
    "format": "must be a valid {limit}",
    "uniqueItems": "must not hold the same item twice",
    "contains": "must hold an item of the kind asked for",
    "propertyNames": "must not have fields with such names",
    "not": "must not be of the kind that is ruled out here",
    "unevaluatedItems": "must not have that many items",
}

# Where the validator keeps that value, when not under `limit`.
_LIMITS = {"multipleOf": "multiple_of", "pattern": "pattern", "format": "format"}


def phrase(error: ValidationError, value: Any) -> str:
    """What must hold and what came instead, to follow the name of the place."""
    rule = error.kind.name
    if rule == "type":
        wanted = f"must be {_either(_ARTICLES.get(name, name) for name in sorted(_part(error, 'types')))}"
    elif rule == "enum":
        wanted = f"must be one of {_listing(_part(error, 'options'))}"
    elif rule == "const":
        wanted = f"must be {show(_part(error, 'expected_value'))}"
    else:
        template = _PHRASES.get(rule, "breaks the rule " + rule)
        limit = _part(error, _LIMITS.get(rule, "limit"))
        singular = template.removesuffix("s") if limit == 1 else template
        wanted = singular.replace("{limit}", shorten(str(limit)))
    return f"{wanted}, not {show(value)}"


_ARTICLES = {
    "array": "an array",
    "boolean": "a boolean",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)


def _listing(options: Sequence[Any], most: int = 12) -> str:
    shown = ", ".join(show(option) for option in options[:most])
    return shown if len(options) <= most else f"{shown}, …"


def _explain_choice(error: ValidationError, instance: Any, location: str, root: str) -> Iterator[Problem]:
    """A failed oneOf or anyOf, told by the branch that the sender most likely meant."""
    depth = len(error.instance_path)
    branches = [branch for branch in _part(error, "context") if branch]
    rule = error.kind.name
    param = dotted(root, error.instance_path) or location
    value = _at(instance, error.instance_path)
    if len(branches) < len(_part(error, "context")) or not branches:
        message = f"{param} must match exactly one of the kinds allowed here, but matches several"
        yield Problem(location, param, rule, message, value)
        return
    if all(_is_mistyped(branch, depth) for branch in branches):
        names = {name for branch in branches for name in _types_at(branch, depth)}
        wanted = _either(_ARTICLES.get(name, name) for name in sorted(names))
        yield Problem(location, param, "type", f"{param} must be {wanted}, not {show(value)}", value)
        return
    ranks = [_relevance(branch, depth) for branch in branches]
    best = max(ranks)
    if ranks.count(best) == 1:
        yield from explain(branches[ranks.index(best)], instance, location, root)
        return
    likely = [branch for branch, rank in zip(branches, ranks, strict=True) if rank == best]
    yield Problem(location, param, rule, f"{param} {_alternatives(likely, depth)}", value)


def _alternatives(branches: Sequence[Sequence[ValidationError]], depth: int) -> str:
    missing = [
        _part(error, "property")
        for branch in branches
        for error in branch
        if error.kind.name == "required" and len(error.instance_path) == depth
    ]
    if len(missing) == len(branches):
        return f"must have one of the fields {', '.join(shorten(name) for name in missing)}"
    return "must match one of the kinds allowed here, but matches none"


def _types_at(branch: Sequence[ValidationError], depth: int) -> list[str]:
    return [
        name
        for error in branch
        if error.kind.name == "type" and len(error.instance_path) == depth
        for name in _part(error, "types")
    ]


def _is_mistyped(branch: Sequence[ValidationError], depth: int) -> bool:
    return bool(_types_at(branch, depth))


def _relevance(branch: Sequence[ValidationError], depth: int) -> tuple[bool, int, int]:
    """Higher for a branch of the right type whose errors are deep inside and few."""
    deepest = max(len(error.instance_path) for error in branch)
    return not _is_mistyped(branch, depth), deepest, -len(branch)
