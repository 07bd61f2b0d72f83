"""Schemas in the one dialect that is compiled: JSON Schema 2020-12 with numeric formats as bounds."""

from typing import Any

from factify_contract.spec.grammar import JsonObject, rewrite

# The name under which the whole document is known to compiled schemas.
DOCUMENT_URI = "urn:factify-contract:document"

_BOUNDS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


def upgrade(document: JsonObject) -> JsonObject:
    """An OpenAPI 3.0 document with its schemas written as OpenAPI 3.1 writes them; 3.1 comes back as it is.

    Follows the migration notes of OpenAPI 3.1.0: `nullable`, boolean exclusive bounds, `example`,
    and nothing beside a `$ref`.
    """
    if not str(document.get("openapi", "")).startswith("3.0"):
        return document
    upgraded: JsonObject = rewrite(document, _upgrade_object)
    return upgraded


def _upgrade_object(kind: str, node: JsonObject) -> JsonObject:
    if kind != "schema":
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(node.get(exclusive), bool) and node.pop(exclusive) and bound in node:
            node[exclusive] = node.pop(bound)
    if "example" in node:
        node.setdefault("examples", [node.pop("example")])
    return _allow_null(node) if node.pop("nullable", False) is True else node


def _allow_null(node: JsonObject) -> JsonObject:
    if isinstance(node.get("enum"), list) and None not in node["enum"]:
        node["enum"] = [*node["enum"], None]
    if isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
    # By the letter `nullable` means nothing without `type`; documents in the wild put it beside
    # allOf and mean that null is fine.
    if any(word in node for word in ("allOf", "anyOf", "oneOf")):
        return {"anyOf": [node, {"type": "null"}]}
    return node


def has_read_only(document: JsonObject) -> bool:
    """Whether any property is `readOnly` or `writeOnly`, so that requests and responses differ."""
    found = False

    def look(kind: str, node: JsonObject) -> JsonObject:
        nonlocal found
        found = found or node.get("readOnly") is True or node.get("writeOnly") is True
        return node

    rewrite(document, look)
    return found


def compilable(node: Any, *, incoming: bool, kind: str = "schema") -> Any:
    """`node` ready for the validator: references absolute, int32 and int64 as bounds, samples left out.

    With `incoming` a `readOnly` property may be missing or have any value: the server sets it and
    ignores what a client sends. Without it a `writeOnly` property may be missing.
    """
    other_side = "readOnly" if incoming else "writeOnly"

    def change(kind: str, node: JsonObject) -> JsonObject:
        node.pop("example", None)
        node.pop("examples", None)
        if kind == "schema":
            _bound(node)
            _absolute(node)
            _relax(node, other_side, ignore=incoming)
        return node

    return rewrite(node, change, kind)


def _bound(node: JsonObject) -> None:
    low, high = _BOUNDS.get(str(node.get("format")), (None, None))
    kinds = node.get("type")
    if low is None or high is None or "string" in (kinds if isinstance(kinds, list) else [kinds]):
        return
    node["minimum"] = max(node.get("minimum", low), low)
    node["maximum"] = min(node.get("maximum", high), high)


def _absolute(node: JsonObject) -> None:
    ref = node.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        node["$ref"] = DOCUMENT_URI + ref


def _relax(node: JsonObject, other_side: str, *, ignore: bool) -> None:
    properties = node.get("properties")
    if not isinstance(properties, dict):
        return
    foreign = {
        name
        for name, inner in properties.items()
        if isinstance(inner, dict) and inner.get(other_side) is True
    }
    if not foreign:
        return
    if ignore:
        node["properties"] = {name: True if name in foreign else s for name, s in properties.items()}
    if isinstance(node.get("required"), list):
        node["required"] = [name for name in node["required"] if name not in foreign]
