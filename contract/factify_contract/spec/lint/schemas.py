"""Rules about schemas: what no value can satisfy, what validators and generators trip over."""

import re
from typing import Any

from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.lint.defects import Found, Severity, rule
from factify_contract.spec.lint.survey import Survey

_COMPOSING = ("allOf", "anyOf", "oneOf")
_RANGES = (
    ("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)  # fmt: skip


@rule(
    "closed-beside-composition",
    Severity.ERROR,
    "A schema that allows no further properties composes others that bring some.",
    why="additionalProperties sees only the properties beside it, so a strict validator refuses every value"
    " that uses the composed ones, right answers of the service among them.",
    advice="Say unevaluatedProperties: false instead.",
)
def closed_beside_composition(survey: Survey) -> Found:
    for place in survey.of("schema"):
        if place.node.get("additionalProperties") is not False:
            continue
        own = set(_mapping(place.node.get("properties")))
        for word in _COMPOSING:
            brought: set[str] = set()
            for part in _list(place.node.get(word)):
                brought |= set(_all_properties(survey, survey.resolved(part)))
            if outside := sorted(brought - own):
                yield place.pointer, f"{word} brings {', '.join(outside[:4])}, which are refused"
                break


@rule(
    "enum-without-type",
    Severity.WARNING,
    "An enum does not say what type its values have.",
    why="Generators of clients make a type of anything of it, and a value of another type is refused for"
    " its value only.",
    advice="Add the type that all its values have.",
)
def enum_without_type(survey: Survey) -> Found:
    for place in survey.of("schema"):
        values = place.node.get("enum")
        typed = any(word in place.node for word in ("type", "$ref", "const", *_COMPOSING))
        if isinstance(values, list) and not typed:
            yield place.pointer, f"enum of {len(values)} values, such as {_first(values)!r}"


@rule(
    "enum-in-another-case",
    Severity.NOTE,
    "The values of an enum are written in another case than those of all other enums.",
    why="Clients map names by one convention and miss these.",
    advice="Write them as the others, or say so where they are described.",
)
def enum_in_another_case(survey: Survey) -> Found:
    upper, lower = [], 0
    for place in survey.of("schema"):
        texts = [value for value in _list(place.node.get("enum")) if isinstance(value, str) and value]
        if texts and all(text == text.upper() != text.lower() for text in texts):
            upper.append((place.pointer, f"{texts[0]!r}, where others are like it in lower case"))
        elif texts and all(text == text.lower() for text in texts):
            lower += 1
    if lower > len(upper):
        yield from upper


@rule(
    "enum-repeats-value",
    Severity.WARNING,
    "An enum has a value twice.",
    why="JSON Schema wants the values of an enum to be unique, and generators make two members of one name.",
    advice="Remove one of them.",
)
def enum_repeats_value(survey: Survey) -> Found:
    for place in survey.of("schema"):
        values = _list(place.node.get("enum"))
        for at, value in enumerate(values):
            if value in values[:at]:
                yield place.pointer, f"{value!r} stands twice"


@rule(
    "default-not-allowed",
    Severity.WARNING,
    "A default is none of the values that are allowed.",
    why="Whoever relies on the default sends what the service may refuse.",
    advice="Choose a default among the values, or allow it.",
)
def default_not_allowed(survey: Survey) -> Found:
    for place in survey.of("schema"):
        values = place.node.get("enum")
        if "default" in place.node and isinstance(values, list) and place.node["default"] not in values:
            yield place.pointer, f"default {place.node['default']!r} is not in the enum"


@rule(
    "range-is-empty",
    Severity.ERROR,
    "A lower limit is above its upper limit.",
    why="No value is valid.",
    advice="Exchange or correct the limits.",
)
def range_is_empty(survey: Survey) -> Found:
    for place in survey.of("schema"):
        for low, high in _RANGES:
            least, most = place.node.get(low), place.node.get(high)
            if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
                yield place.pointer, f"{low} {least} is above {high} {most}"


@rule(
    "pattern-does-not-compile",
    Severity.ERROR,
    "A pattern is no regular expression.",
    why="Validators stop at it, or pass over it and accept anything.",
    advice="Write the pattern so that it compiles.",
)
def pattern_does_not_compile(survey: Survey) -> Found:
    for place in survey.of("schema"):
        pattern = place.node.get("pattern")
        if isinstance(pattern, str):
            try:
                re.compile(pattern)
            except re.error as error:
                yield place.pointer, f"{pattern!r}: {error}"


@rule(
    "required-not-defined",
    Severity.WARNING,
    "A required property is described nowhere in the schema.",
    why="It is probably misspelt, so that no value is valid, or its type is left open.",
    advice="Describe the property, or correct its name.",
)
def required_not_defined(survey: Survey) -> Found:
    for place in survey.of("schema"):
        if "properties" not in place.node or any(word in place.node for word in (*_COMPOSING, "$ref")):
            continue
        known = _mapping(place.node["properties"])
        for name in _list(place.node.get("required")):
            if name not in known:
                yield place.pointer, f"{name!r} is required but not among the properties"


@rule(
    "nullable-of-3-0",
    Severity.ERROR,
    "A schema of OpenAPI 3.1 says nullable, a word of 3.0.",
    why="Readers of 3.1 pass over it, so null is refused.",
    advice='Add "null" to the types.',
)
def nullable_of_3_0(survey: Survey) -> Found:
    if str(survey.document.get("openapi", "")).startswith("3.1"):
        for place in survey.of("schema"):
            if "nullable" in place.node:
                yield place.pointer, f"nullable: {place.node['nullable']!r}"


@rule(
    "discriminator-without-choice",
    Severity.NOTE,
    "A discriminator stands where there is nothing to choose from.",
    why="It has no effect, and some generators break on it.",
    advice="Remove it, or add the alternatives under oneOf.",
)
def discriminator_without_choice(survey: Survey) -> Found:
    for place in survey.of("schema"):
        held = place.node.get("discriminator")
        if isinstance(held, dict) and not any(word in place.node for word in _COMPOSING):
            yield place.pointer, f"discriminator by {held.get('propertyName')!r}"


def _all_properties(survey: Survey, schema: JsonObject, depth: int = 0) -> dict[str, JsonObject]:
    found = survey.properties(schema)
    if depth < 8:
        for word in ("anyOf", "oneOf"):
            for part in _list(schema.get(word)):
                found |= _all_properties(survey, survey.resolved(part), depth + 1)
    return found


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(values: list[Any]) -> Any:
    return values[0] if values else None
