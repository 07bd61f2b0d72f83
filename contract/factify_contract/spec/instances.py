"""Makes a value for a schema that has no sample: always the same, and verified."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from factify_contract.errors import DocumentError
from factify_contract.spec.combine import merge
from factify_contract.spec.document import Document
from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.references import lookup
from factify_contract.spec.texts import text_of
from factify_contract.spec.validators import SchemaSpace, SchemaValidator

# How deep optional fields are filled in: enough to show a list of things with their parts.
_RICH_DEPTH = 5

# Beyond it even a schema that asks for itself is given up.
_MOST_DEPTH = 40

# How many multiples of a fraction are tried for an integer.
_MOST_STEPS = 1000

# Values in one sample. Documents of thousands of schemas multiply quickly; past it only required
# fields are made.
_RICH_VALUES = 2000


class _Impossible(Exception):
    """No value can be made on this way; another branch may lead somewhere."""


def instance_of(schema: Any, document: Document) -> Any:
    """A value that satisfies `schema`, the same in every process.

    Optional fields are filled in near the top. DocumentError when no value is found.
    """
    return instance_for(document.validator(schema))


def instance_for(validator: SchemaValidator) -> Any:
    """A value that `validator` accepts; DocumentError when none is found."""
    _ = validator.compiled  # a malformed schema is told here, before anything is made of it
    reason = ""
    for maker in _attempts(validator):
        try:
            candidate = maker.make(validator.schema)
        except _Impossible as impossible:
            reason = str(impossible)
            continue
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # The validator looks into a referenced schema only as far as it must; here it is taken at
            # its word, and its word may be junk such as `required: null`.
            raise DocumentError(f"its schema is malformed ({type(error).__name__}: {error})") from None
        found = validator.problems(candidate, limit=1)
        if not found:
            return candidate
        reason = found[0].message
    raise DocumentError(f"no value could be made for its schema: {reason}")


def _attempts(validator: SchemaValidator) -> Iterator["_Maker"]:
    """Rich samples first, then poorer ones, each with other choices."""
    for rich_depth in (_RICH_DEPTH, 2, 0):
        for shift in range(4):
            yield _Maker(validator.space, incoming=validator.incoming, rich_depth=rich_depth, shift=shift)


class _Maker:
    """One attempt. `shift` rotates choices, so that another attempt takes another way."""

    def __init__(self, space: SchemaSpace, *, incoming: bool, rich_depth: int, shift: int) -> None:
        self._space = space
        self._incoming = incoming
        self._rich_depth = rich_depth
        self._shift = shift
        self._made = 0
        self._open: list[str] = []  # references being followed, to see recursion

    def make(self, schema: Any, *, depth: int = 0, ordinal: int = 0) -> Any:
        """A value for `schema`; `_Impossible` when this attempt finds none."""
        self._made += 1
        if depth > _MOST_DEPTH:
            raise _Impossible("it is nested too deeply")
        if schema is True:
            return "sample"
        held = len(self._open)
        try:
            return self._make_flat(self._open_up(schema), depth, ordinal)
        finally:
            del self._open[held:]

    def _open_up(self, schema: Any) -> JsonObject:
        """`schema` with references followed and `allOf` joined; the references stay open."""
        followed: set[str] = set()
        flat = self._flatten(schema, followed, ())
        self._open.extend(followed)
        return flat

    def _flatten(self, schema: Any, followed: set[str], trail: tuple[str, ...]) -> JsonObject:
        if schema is False:
            raise _Impossible("it forbids every value")
        if not isinstance(schema, dict):
            return {}
        flat: JsonObject = {}
        ref = schema.get("$ref")
        if isinstance(ref, str):
            if ref in trail or self._open.count(ref) >= 2:
                raise _Impossible("it asks for itself without end")
            followed.add(ref)
            flat = self._flatten(lookup(self._space.document, ref), followed, (*trail, ref))
        for part in schema.get("allOf", ()):
            flat = merge(flat, self._flatten(part, followed, trail))
        return merge(flat, {word: value for word, value in schema.items() if word not in ("$ref", "allOf")})

    def _make_flat(self, schema: JsonObject, depth: int, ordinal: int) -> Any:
        for told in _told(schema, ordinal):
            if self._accepts(schema, told):
                return told
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return self._choose(schema, word, depth, ordinal)
        return self._make_kind(_kind(schema, self._shift), schema, depth, ordinal)

    def _accepts(self, schema: JsonObject, value: Any) -> bool:
        return SchemaValidator(schema, self._space, incoming=self._incoming).is_valid(value)

    def _choose(self, schema: JsonObject, word: str, depth: int, ordinal: int) -> Any:
        rest = {name: value for name, value in schema.items() if name != word}
        branches: Sequence[Any] = schema[word]
        # null is the last resort: it shows nothing.
        ranked = sorted(
            branches, key=lambda branch: isinstance(branch, dict) and branch.get("type") == "null"
        )
        for step in range(len(ranked)):
            branch = ranked[(step + self._shift) % len(ranked)]
            try:
                value = self.make({"allOf": [rest, branch]}, depth=depth, ordinal=ordinal)
            except _Impossible:
                continue
            for wanted in (value, self._told_apart(value, ranked)):
                if self._accepts(schema, wanted):
                    return wanted
        raise _Impossible(f"no value was found that its {word} allows")

    def _told_apart(self, value: Any, branches: Sequence[Any]) -> Any:
        """`value` with fields that other branches of a oneOf refuse, where it would fit those as well."""
        if not isinstance(value, dict):
            return value
        marked = dict(value)
        for branch in branches:
            for name, inner in self._fields_of(branch).items():
                refused = [odd for odd in (0, "sample") if not self._accepts(inner, odd)]
                if name not in marked and refused:
                    marked[name] = refused[0]
        return marked

    def _fields_of(self, branch: Any) -> JsonObject:
        held = len(self._open)
        flat = self._open_up(branch)
        del self._open[held:]
        return dict(flat.get("properties", {}))

    def _make_kind(self, kind: str, schema: JsonObject, depth: int, ordinal: int) -> Any:
        if kind == "object":
            return self._make_object(schema, depth)
        if kind == "array":
            return self._make_array(schema, depth)
        if kind == "string":
            return text_of(schema, ordinal)
        if kind in ("integer", "number"):
            return _number(schema, ordinal, whole=kind == "integer")
        return None if kind == "null" else ordinal % 2 == 0

    def _make_object(self, schema: JsonObject, depth: int) -> JsonObject:
        required = list(schema.get("required", ()))
        properties = schema.get("properties", {})
        made: JsonObject = {}
        for name, inner in properties.items():
            if self._is_foreign(inner) or (name not in required and not self._is_shown(depth)):
                continue
            try:
                made[name] = self.make(inner, depth=depth + 1)
            except _Impossible:
                if name in required:
                    raise
        for name in [name for name in required if name not in made]:
            if name in properties and self._is_foreign(properties[name]):
                continue
            made[name] = self._make_extra(schema, depth)
        ordinal = 0
        while len(made) < schema.get("minProperties", 0):
            made.setdefault(self._extra_name(schema, ordinal), self._make_extra(schema, depth))
            ordinal += 1
        return made

    def _is_shown(self, depth: int) -> bool:
        """Whether what may be left out is shown nevertheless."""
        return depth < self._rich_depth and self._made < _RICH_VALUES

    def _is_foreign(self, inner: Any) -> bool:
        """Whether a field belongs to the other direction: server-set in requests, secret in answers."""
        word = "readOnly" if self._incoming else "writeOnly"
        return isinstance(inner, dict) and inner.get(word) is True

    def _make_extra(self, schema: JsonObject, depth: int) -> Any:
        extra = schema.get("additionalProperties", True)
        patterned = schema.get("patternProperties") or {}
        return self.make(next(iter(patterned.values())) if patterned else extra, depth=depth + 1)

    def _extra_name(self, schema: JsonObject, ordinal: int) -> str:
        patterned = schema.get("patternProperties") or {}
        naming = schema.get("propertyNames")
        rule = {"pattern": next(iter(patterned))} if patterned else naming if isinstance(naming, dict) else {}
        if ordinal > 100:
            raise _Impossible("too few names are allowed for its fields")
        return str(self.make({"type": "string", **rule}, ordinal=ordinal)).replace(" ", "-")

    def _make_array(self, schema: JsonObject, depth: int) -> list[Any]:
        fixed = schema.get("prefixItems", ())
        items = schema.get("items", schema.get("contains", True))
        least = schema.get("minItems", 1 if schema.get("contains") else 0)
        shown = 1 if self._is_shown(depth) else 0
        wanted = min(max(least, shown), schema.get("maxItems", math.inf))
        try:
            made = [self.make(inner, depth=depth + 1) for inner in fixed]
            while len(made) < wanted and items is not False:
                made.append(self.make(items, depth=depth + 1, ordinal=len(made)))
        except _Impossible:
            if least:
                raise
            return []
        return made


def _told(schema: JsonObject, ordinal: int) -> Iterator[Any]:
    """Values that the schema itself names, the fittest first."""
    if "const" in schema:
        yield schema["const"]
    examples = schema.get("examples")
    if isinstance(examples, list):
        yield from examples[ordinal:] + examples[:ordinal]
    for word in ("example", "default"):
        if word in schema:
            yield schema[word]
    values = schema.get("enum")
    if isinstance(values, list) and values:
        turn = ordinal % len(values)
        yield from values[turn:] + values[:turn]


_HINTS = {
    "object": ("properties", "additionalProperties", "required", "patternProperties", "minProperties"),
    "array": ("items", "prefixItems", "minItems", "contains"),
    "string": ("pattern", "format", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"),
}


def _kind(schema: JsonObject, shift: int) -> str:
    stated = schema.get("type")
    if isinstance(stated, str):
        return stated
    if isinstance(stated, list):
        kinds = [kind for kind in stated if kind != "null"] or ["null"]
        if not stated:
            raise _Impossible("it asks for several types at once")
        return str(kinds[shift % len(kinds)])
    found = [kind for kind, words in _HINTS.items() if any(word in schema for word in words)]
    return found[0] if found else "string"


def _number(schema: JsonObject, ordinal: int, *, whole: bool) -> int | float:
    """A number within the bounds, near 1 where they allow it."""
    step = schema.get("multipleOf", 1)
    low = schema.get("minimum", -math.inf)
    high = schema.get("maximum", math.inf)
    nudge = 1 if whole or step != 1 else 0.5
    low = max(low, schema.get("exclusiveMinimum", -math.inf) + nudge)
    high = min(high, schema.get("exclusiveMaximum", math.inf) - nudge)
    wished = min(max(1 + ordinal, low), high)
    value = math.ceil(wished / step) * step if math.isfinite(wished) else 0
    if value > high:
        value = math.floor(wished / step) * step
    if not whole and not low <= value <= high:
        value = wished
    if not whole:
        return int(value) if float(value).is_integer() else float(value)
    for multiple in (value + step * turn for turn in range(_MOST_STEPS)):
        if float(multiple).is_integer():
            return int(multiple)
    raise _Impossible("no integer was found among its multiples")
