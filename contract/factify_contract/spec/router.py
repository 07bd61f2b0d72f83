"""Finds the operation that a method and a path mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from factify_contract.errors import DocumentError
from factify_contract.spec.operations import Operation
from factify_contract.spec.templates import parameter_names, split_template


class NoSuchPath(LookupError):
    """No operation of the document has such a path."""


class MethodNotAllowed(LookupError):
    """The path exists, but not with this method; `allowed` are the methods it has, sorted."""

    def __init__(self, method: str, path: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{method} is not allowed on {path}, only {', '.join(allowed)}")
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Match:
    """An operation and the decoded values of its path parameters."""

    operation: Operation
    values: Mapping[str, str]


@dataclass(frozen=False, slots=True)
class _Node:
    """Mutable while the router is made: what may follow after the segments so far."""

    static: dict[str, "_Node"] = field(default_factory=dict)
    mixed: dict[str, tuple[re.Pattern[str], "_Node"]] = field(default_factory=dict)
    dynamic: "_Node | None" = None
    operations: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)


class Router:
    """All paths of a document in one tree, made once.

    Literal text comes before parameters in each segment, segments that mix both stand between, and
    when a choice leads nowhere the next one is tried. Which operation answers is decided by the path
    alone, as OpenAPI says; only then the method counts. A parameter never matches an empty segment,
    and a path with a trailing slash is a different path.
    """

    def __init__(self, operations: Iterable[Operation], *, prefix: str = "") -> None:
        self.prefix = prefix.rstrip("/")
        self._root = _Node()
        for operation in operations:
            self._add(operation)
        _sort_mixed(self._root)

    def _add(self, operation: Operation) -> None:
        node = self._root
        for segment in _segments(self.prefix + operation.path):
            node = _child(node, segment)
        if operation.method in node.operations:
            other = node.operations[operation.method][0]
            raise DocumentError(f"{operation.method} {operation.path} and {other.path} are the same path")
        node.operations[operation.method] = (operation, parameter_names(operation.path))

    def match(self, method: str, path: str) -> Match:
        """The operation for `method` on `path`, which is as the request line has it: still encoded.

        Raises NoSuchPath or MethodNotAllowed. Each segment is decoded by itself, so an encoded slash
        stays inside its value. Bytes that are not UTF-8 come back as U+FFFD.
        """
        found = _find(self._root, _segments(path), 0, ())
        if found is None:
            raise NoSuchPath(f"The document has no path {path[:200]}")
        node, values = found
        if method not in node.operations:
            raise MethodNotAllowed(method, path, tuple(sorted(node.operations)))
        operation, names = node.operations[method]
        return Match(operation, dict(zip(names, values, strict=True)))


def _segments(path: str) -> list[str]:
    return path.split("/")[1:] if path.startswith("/") else ["", *path.split("/")]


def _child(node: _Node, segment: str) -> _Node:
    pieces = list(split_template(segment))
    if len(pieces) == 1:
        return node.static.setdefault(unquote(segment), _Node())
    if len(pieces) == 2 and pieces[0][0] == pieces[1][0] == "":
        if node.dynamic is None:
            node.dynamic = _Node()
        return node.dynamic
    expression = "(.+?)".join(re.escape(text) for text, _ in pieces)
    if expression not in node.mixed:
        node.mixed[expression] = (re.compile(expression, re.DOTALL), _Node())
    return node.mixed[expression][1]


def _sort_mixed(node: _Node) -> None:
    """More literal text is more specific, in every node below."""
    node.mixed = dict(sorted(node.mixed.items(), key=lambda item: (-len(item[0]), item[0])))
    below = [*node.static.values(), *(inner for _, inner in node.mixed.values())]
    for inner in below if node.dynamic is None else [*below, node.dynamic]:
        _sort_mixed(inner)


def _find(
    node: _Node, segments: Sequence[str], at: int, values: tuple[str, ...]
) -> tuple[_Node, tuple[str, ...]] | None:
    """The most specific node with operations that the segments lead to, with the values on the way."""
    if at == len(segments):
        return (node, values) if node.operations else None
    segment = segments[at]
    decoded = unquote(segment) if "%" in segment else segment
    if (inner := node.static.get(decoded)) and (found := _find(inner, segments, at + 1, values)):
        return found
    if not segment:
        return None
    for pattern, inner in node.mixed.values():
        # On the encoded text: `5%3Aaccept` is an id with a colon in it, `5:accept` is a custom verb.
        if match := pattern.fullmatch(segment):
            named = (*values, *map(unquote, match.groups()))
            if found := _find(inner, segments, at + 1, named):
                return found
    if node.dynamic is None:
        return None
    return _find(node.dynamic, segments, at + 1, (*values, decoded))
