"""Reads what a request says outside of its body, and refuses what the document does not know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from factify_contract.spec.json_values import shorten, show
from factify_contract.spec.parameters import Parameter
from factify_contract.spec.problems import Problem

Read = tuple[dict[str, Any], list[Problem]]


def _missing(parameter: Parameter) -> Problem:
    name = parameter.name
    return Problem(parameter.location, name, "required", f"{name} is required")


def _judged(parameter: Parameter, value: Any, values: dict[str, Any]) -> list[Problem]:
    """Store a valid value; otherwise say what is wrong with it."""
    if parameter.validator.is_valid(value):
        values[parameter.name] = value
        return []
    found = parameter.validator.problems(value)
    if parameter.is_array:
        # A repeated key has no index that the sender could know.
        return [replace(problem, param=parameter.name) for problem in found]
    return found


def read_single(parameters: Iterable[Parameter], raw: Mapping[str, str]) -> Read:
    """Values of parameters that come once each, by name: those of a path, or of headers in lower case."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for parameter in parameters:
        key = parameter.name.lower() if parameter.location == "header" else parameter.name
        if key in raw:
            problems += _judged(parameter, parameter.read(raw[key]), values)
        elif parameter.required:
            problems.append(_missing(parameter))
    return values, problems


class QueryReader:
    """Knows the query parameters of one operation.

    `also_known` are keys that are no parameters but may come, such as an API key in the query.
    """

    def __init__(self, parameters: Sequence[Parameter], also_known: frozenset[str] = frozenset()) -> None:
        self._parameters = parameters
        self._also_known = also_known
        self._plain: dict[str, Parameter] = {}
        self._deep: dict[str, Parameter] = {}
        self._fields: dict[str, Parameter] = {}
        self._rest: Parameter | None = None
        for parameter in parameters:
            self._place(parameter)

    def _place(self, parameter: Parameter) -> None:
        if parameter.is_object and parameter.style == "deepObject":
            self._deep[parameter.name] = parameter
        elif parameter.is_object and parameter.style == "form" and parameter.explode:
            self._fields.update(dict.fromkeys(parameter.fields, parameter))
            self._rest = parameter if parameter.open_fields else self._rest
        else:
            self._plain[parameter.name] = parameter

    def read(self, pairs: Iterable[tuple[str, str]]) -> Read:
        """Typed values of the decoded pairs, only valid ones, and a problem for everything else."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        texts: dict[str, list[str]] = defaultdict(list)
        objects: dict[str, dict[str, Any]] = defaultdict(dict)
        for key, text in pairs:
            if key in self._plain:
                texts[key].append(text)
            else:
                problems += self._read_field(key, text, objects)
        for parameter in self._parameters:
            name = parameter.name
            if name in texts:
                problems += _read_texts(parameter, texts[name], values)
            elif name in objects:
                problems += _judged(parameter, objects[name], values)
            elif parameter.required:
                problems.append(_missing(parameter))
        return values, problems

    def _read_field(self, key: str, text: str, objects: dict[str, dict[str, Any]]) -> list[Problem]:
        owner, field = self._owner(key)
        if owner is None:
            if key in self._also_known:
                return []
            name = shorten(key)
            return [Problem("query", name, "unknown", f"{name} is not a parameter of this operation", text)]
        if field in objects[owner.name]:
            return [_duplicate(key, text)]
        objects[owner.name][field] = owner.read_field(field, text)
        return []

    def _owner(self, key: str) -> tuple[Parameter | None, str]:
        """The object parameter to which a key belongs, and the field it sets."""
        if key in self._fields:
            return self._fields[key], key
        stem, bracket, tail = key.partition("[")
        if bracket and tail.endswith("]") and stem in self._deep:
            return self._deep[stem], tail[:-1]
        return self._rest, key


def _read_texts(parameter: Parameter, texts: list[str], values: dict[str, Any]) -> list[Problem]:
    if parameter.is_array and parameter.explode:
        return _judged(parameter, parameter.read_items(texts), values)
    if len(texts) > 1:
        return [_duplicate(parameter.name, texts[1])]
    return _judged(parameter, parameter.read(texts[0]), values)


def _duplicate(key: str, text: str) -> Problem:
    name = shorten(key)
    message = f"{name} was given more than once, the second time as {show(text)}"
    return Problem("query", name, "duplicate", message, text)
