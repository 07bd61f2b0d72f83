"""A schema as it is in effect: references followed, null set apart, conjunctions put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from factify_contract.spec.combine import is_joinable, merge
from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.references import lookup

# What stands beside a schema's rules and restricts nothing.
DOCUMENTATION = frozenset({"title", "description", "summary", "externalDocs", "$comment"})
EXAMPLES = frozenset({"example", "examples"})
ANNOTATIONS = DOCUMENTATION | EXAMPLES | {"deprecated", "default", "readOnly", "writeOnly", "xml"}
_ALTERNATIVES = ("oneOf", "anyOf")
_LABELS = {
    "schemas": "",
    "responses": "response ",
    "parameters": "parameter ",
    "headers": "header ",
    "requestBodies": "request body ",
    "securitySchemes": "security scheme ",
    "pathItems": "path item ",
    "callbacks": "callback ",
    "links": "link ",
    "examples": "example ",
}


def is_extension(word: str) -> bool:
    """Whether a name of the document is an extension."""
    return word.startswith("x-")


def place_of(ref: str) -> str:
    """How a component is called in a place: a schema by its name, others with their kind before it."""
    _, _, section, *name = ref.split("/")
    return _LABELS.get(section, f"{section} ") + "/".join(name).replace("~1", "/").replace("~0", "~")


def rules_of(node: Mapping[str, Any]) -> set[str]:
    """The keywords of a schema that restrict values or lead to more of them."""
    return {word for word in node if word not in ANNOTATIONS and not is_extension(word)}


@dataclass(frozen=True, slots=True)
class View:
    """A schema with what led to it unwrapped.

    `ref` is the last reference on the way to it, `touched` all of them; `nullable` says that the way, or
    the schema, lets null through. The schema itself no longer speaks of null where it need not.
    """

    schema: JsonObject | bool
    ref: str | None = None
    nullable: bool = False
    touched: tuple[str, ...] = field(default=())

    @property
    def node(self) -> JsonObject:
        """The schema as an object; `true` is the empty one. `false` has none of its own."""
        return {} if isinstance(self.schema, bool) else self.schema


def view(document: JsonObject, schema: Any) -> View:
    """The schema behind references, single conjunctions and `null` among its alternatives."""
    node, ref, nullable, touched = schema, None, False, []
    while isinstance(node, dict):
        rules = rules_of(node)
        inner = _wrapped(node, rules)
        if isinstance(inner, str):
            if inner in touched:
                break
            touched.append(ref := inner)
            node = lookup(document, inner)
        elif inner is not None:
            node = inner
        else:
            without = _without_null(node)
            if without is None:
                break
            node, nullable = without, True
    return View(node if isinstance(node, (dict, bool)) else {}, ref, nullable, tuple(touched))


def _wrapped(node: JsonObject, rules: set[str]) -> Any:
    """What is inside a schema that adds nothing: a reference as text, or a schema; None if it adds."""
    if rules == {"$ref"}:
        return node["$ref"]
    for word in ("allOf", *_ALTERNATIVES):
        # An alternative of one, in a document that has a discriminator or not, is a list for what comes.
        if rules == {word} and word == "allOf" and len(node[word]) == 1:
            return node[word][0]
    return None


def _without_null(node: JsonObject) -> Any:
    """The schema without the null that it lets through; None when it lets none through."""
    for word in _ALTERNATIVES:
        members = node.get(word)
        if isinstance(members, list) and any(_is_null(member) for member in members):
            rest = [member for member in members if not _is_null(member)]
            if len(rest) == 1 and rules_of(node) == {word}:
                return rest[0]
            return {**node, word: rest}
    types = node.get("type")
    if isinstance(types, list) and "null" in types and len(types) > 1:
        kept = [name for name in types if name != "null"]
        without = {**node, "type": kept}
        if isinstance(node.get("enum"), list):
            without["enum"] = [value for value in node["enum"] if value is not None]
        return without
    if types is None and isinstance(node.get("enum"), list) and None in node["enum"]:
        return {**node, "enum": [value for value in node["enum"] if value is not None]}
    return None


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") in ("null", ["null"])


def joined(
    document: JsonObject, schema: Any, seen: frozenset[str] = frozenset()
) -> tuple[JsonObject, set[str]]:
    """A schema with its references and conjunctions put into one, and the references that were followed."""
    if not isinstance(schema, dict):
        return ({} if schema is True else {"not": {}}), set()
    whole = {word: value for word, value in schema.items() if word not in ("$ref", "allOf")}
    followed: set[str] = set()
    parts = list(schema.get("allOf") or ())
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref not in seen:
        followed.add(ref)
        parts.append(lookup(document, ref))
        seen |= {ref}
    for part in parts:
        inner, more = joined(document, part, seen)
        followed |= more
        rules = {word: value for word, value in inner.items() if word in rules_of(inner)}
        for word in rules.keys() & whole.keys():
            if not is_joinable(word) and rules[word] != whole[word]:
                # No keyword says both; kept beside, so that a change of it is seen.
                whole.setdefault(f"allOf {word}", []).append(rules[word])
        whole = merge(rules, whole)
    return whole, followed
