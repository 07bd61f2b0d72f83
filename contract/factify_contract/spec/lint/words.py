"""Rules about words that say something else than the structure beside them."""

import re
from collections.abc import Iterator

from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.lint.defects import Found, Severity, rule
from factify_contract.spec.lint.survey import Call, Survey

_OPEN = re.compile(
    r"(?:does not|doesn't|do not|no) (?:need|require)s? (?:any )?(?:authentication|authorization|credentials)"
    r"|no (?:authentication|credentials) (?:is |are )?(?:needed|required)"
    r"|without (?:authentication|credentials)|public(?:ly)? (?:accessible )?endpoint|unauthenticated",
    re.IGNORECASE,
)
_BYTES = re.compile(r"\b(\d[\d,.]*)\s*bytes\b", re.IGNORECASE)
_MEGABYTES = re.compile(r"\b(\d+(?:\.\d+)?)\s*(?:MB|MiB|megabytes?)\b", re.IGNORECASE)
_EXCLUSIVE = re.compile(
    r"mutually exclusive|exclude each other|only one of|either .* or .* but not both", re.IGNORECASE
)
_TEN_POWERS, _TWO_POWERS = 1_000_000, 1 << 20


@rule(
    "open-by-words-only",
    Severity.ERROR,
    "A description says that no credentials are needed, and the security requirement demands them.",
    why="Clients that believe the words are refused, or tests that believe the structure report a leak.",
    advice="Add an empty requirement to the operation's security, or correct the words.",
)
def open_by_words_only(survey: Survey) -> Found:
    everywhere = survey.document.get("security") or []
    for call in survey.calls:
        security = call.node.get("security", everywhere)
        found = _OPEN.search(_words(call.node))
        if found and security and {} not in security:
            yield call.pointer, f"{call.id}: {found[0]!r}"


@rule(
    "length-in-bytes",
    Severity.WARNING,
    "A description limits a text in bytes, and the schema limits it in characters.",
    why="A text of other than ASCII characters passes the schema and is refused, or the other way round.",
    advice="Limit it in characters everywhere, or say that the limit in bytes comes on top.",
)
def length_in_bytes(survey: Survey) -> Found:
    for place in survey.of("schema"):
        said = _BYTES.search(str(place.node.get("description", "")))
        limit = place.node.get("maxLength")
        if said and isinstance(limit, int) and _is_text(place.node) and not _is_encoded(place.node):
            yield place.pointer, f"{said[0]!r} beside maxLength {limit}"


@rule(
    "size-does-not-fit",
    Severity.ERROR,
    "A file of the size that the description allows is longer in base64 than the schema allows.",
    why="Files between the two limits are allowed by the words and refused by the schema.",
    advice="Raise maxLength to four thirds of the size.",
)
def size_does_not_fit(survey: Survey) -> Found:
    for place in survey.of("schema"):
        said = _MEGABYTES.search(str(place.node.get("description", "")))
        limit = place.node.get("maxLength")
        if said and isinstance(limit, int) and _is_encoded(place.node):
            size = float(said[1]) * _TEN_POWERS
            if size * 4 / 3 > limit and size <= 2 * limit:
                yield place.pointer, f"{said[0]} take {size * 4 / 3:,.0f} characters of base64, not {limit:,}"


@rule(
    "exclusion-in-words-only",
    Severity.NOTE,
    "Parameters exclude each other in words, which their declaration cannot say.",
    why="Generated requests use both, and are refused although they are valid by the document.",
    advice="Make one parameter of them that says which is meant, or expect the refusal.",
)
def exclusion_in_words_only(survey: Survey) -> Found:
    for call in survey.calls:
        for pointer, parameter in call.parameters:
            found = _EXCLUSIVE.search(_words(parameter))
            if found:
                yield pointer, f"{parameter.get('name')!r} of {call.id}: {found[0]!r}"


@rule(
    "range-order-in-words-only",
    Severity.NOTE,
    "Two parameters are the ends of a range, and nothing in the structure says which comes first.",
    why="Generated requests turn them round, and are refused although they are valid by the document.",
    advice="Expect the refusal; OpenAPI has no word for it.",
)
def range_order_in_words_only(survey: Survey) -> Found:
    for call in survey.calls:
        named = {str(each.get("name")): pointer for pointer, each in call.parameters}
        for name, pointer in _range_starts(named):
            yield pointer, f"{name}.after and {name}.before of {call.id}"


@rule(
    "sort-key-is-no-field",
    Severity.NOTE,
    "A value for sort is the name of no field of what is listed.",
    why="Clients that sort by a field's name find no value for it.",
    advice="Name the key as the field.",
)
def sort_key_is_no_field(survey: Survey) -> Found:
    for call in survey.calls:
        for pointer, parameter in call.parameters:
            keys = _sort_keys(parameter) if parameter.get("name") == "sort" else []
            fields = _listed_fields(call, survey)
            if odd := [key for key in keys if fields and key not in fields]:
                yield pointer, f"{', '.join(odd)} of {call.id}"


def _sort_keys(parameter: JsonObject) -> Iterator[str]:
    schema = parameter.get("schema")
    values = schema.get("enum") if isinstance(schema, dict) else None
    if isinstance(values, list):
        yield from dict.fromkeys(str(value).removeprefix("-") for value in values)
    elif said := re.search(r"[Aa]llowed values?:\s*([\w, ]+)", _words(parameter)):
        yield from (word.strip() for word in said[1].split(",") if word.strip())


def _listed_fields(call: Call, survey: Survey) -> set[str]:
    fields: set[str] = set()
    for schema in survey.success_schemas(call):
        for value in survey.properties(schema).values():
            fields |= set(survey.properties(survey.resolved(value.get("items"))))
    return fields


def _range_starts(named: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, pointer in named.items():
        start, dot, end = name.rpartition(".")
        if dot and end == "after" and f"{start}.before" in named:
            yield start, pointer


def _words(node: JsonObject) -> str:
    return f"{node.get('summary', '')} {node.get('description', '')}"


def _is_text(schema: JsonObject) -> bool:
    kind = schema.get("type")
    return kind == "string" or (isinstance(kind, list) and "string" in kind)


def _is_encoded(schema: JsonObject) -> bool:
    return schema.get("format") in ("byte", "base64") or schema.get("contentEncoding") == "base64"
