"""What a `$ref` of the document points at; nothing is ever fetched."""

from typing import Any
from urllib.parse import unquote

from factify_contract.errors import DocumentError
from factify_contract.spec.grammar import JsonObject, rewrite


def lookup(document: JsonObject, ref: str) -> Any:
    """The value that `ref` names inside `document`; DocumentError when it names something else."""
    if not isinstance(ref, str) or not (ref == "#" or ref.startswith("#/")):
        raise DocumentError(
            f"The document refers to {ref!r}, which is outside of it; bundle it into one file first"
        )
    node: Any = document
    for step in unquote(ref).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(name)] if isinstance(node, list) else node[name]
        except (KeyError, IndexError, ValueError, TypeError):
            raise DocumentError(f"The document refers to {ref!r}, which is not there") from None
    return node


def resolve(document: JsonObject, node: Any) -> JsonObject:
    """`node`, or what it refers to when it is a reference, over any number of steps."""
    seen: list[str] = []
    while isinstance(node, dict) and "$ref" in node:
        ref = node["$ref"]
        if ref in seen:
            raise DocumentError(f"The reference {ref!r} leads back to itself")
        seen.append(ref)
        node = lookup(document, ref)
    if not isinstance(node, dict):
        place = f"{seen[-1]!r} is" if seen else "the document has"
        raise DocumentError(f"An object was expected, but {place} {type(node).__name__}")
    return node


def check_references(document: JsonObject) -> None:
    """Return when every reference of the document leads somewhere inside it; DocumentError otherwise."""
    known: set[str] = set()

    def check(kind: str, node: JsonObject) -> JsonObject:
        ref = node.get("$ref")
        if isinstance(ref, str) and ref not in known:
            lookup(document, ref)
            known.add(ref)
        return node

    rewrite(document, check)
