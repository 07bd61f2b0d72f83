"""An OpenAPI document, read and resolved once; its schemas are compiled when they are needed."""

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from factify_contract.errors import DocumentError
from factify_contract.spec.assembly import operations_of
from factify_contract.spec.dialect import upgrade
from factify_contract.spec.grammar import JsonObject, Misplaced, rewrite
from factify_contract.spec.operations import Operation
from factify_contract.spec.references import check_references, lookup
from factify_contract.spec.router import Router
from factify_contract.spec.source import check_openapi, read_document, shipped_document
from factify_contract.spec.validators import SchemaSpace, SchemaValidator


class Document:
    """An OpenAPI 3.0 or 3.1 document. `raw` is as it was written, `converted` the same in the words of 3.1.

    `operations` are by id and in the document's order. `router` matches their paths as they stand;
    `base_path` is the path of the first server's URL without a slash at its end, for a router that
    has it as its prefix.
    """

    def __init__(self, raw: JsonObject, *, origin: str = "The document") -> None:
        self.raw = check_openapi(raw, origin)
        try:
            self.converted = upgrade(raw)
            check_references(self.converted)
            self._space = SchemaSpace(self.converted)
            self.operations: dict[str, Operation] = operations_of(self.converted, self._space)
            self.base_path = _base_path(raw.get("servers") or [])
            self.router = Router(self.operations.values())
        except (DocumentError, Misplaced) as error:
            raise DocumentError(f"{origin}: {error}") from None
        except RecursionError:
            raise DocumentError(f"{origin} is nested too deeply to be an OpenAPI document") from None
        self._components: dict[str, SchemaValidator] = {}

    @classmethod
    def load(cls, path: Path | str | None = None) -> Self:
        """The document in a file, JSON or (by its ending) YAML; without a path the shipped one.

        DocumentError says in one sentence why a file cannot be used. Nothing is fetched from a network.
        """
        place = shipped_document() if path is None else Path(path)
        return cls(read_document(place), origin=str(place))

    @classmethod
    def from_dict(cls, raw: JsonObject) -> Self:
        """The document that is already in memory; it must not change afterwards."""
        return cls(raw)

    @property
    def title(self) -> str:
        """The API's name."""
        return str((self.raw.get("info") or {}).get("title", ""))

    @property
    def version(self) -> str:
        """The API's version, as the document states it."""
        return str((self.raw.get("info") or {}).get("version", ""))

    @cached_property
    def digest(self) -> str:
        """`sha256:` and the hash of the document as JSON with sorted names and no blanks."""
        canonical = json.dumps(self.raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()

    def without_samples(self) -> JsonObject:
        """The plain API document: no examples, no code samples, no links."""
        plain: JsonObject = rewrite(self.raw, _strip_samples)
        return plain

    def schema(self, pointer_or_name: str) -> SchemaValidator:
        """The validator of a schema: of a component by name, or of what `#/…` points at."""
        name = pointer_or_name
        if name not in self._components:
            ref = name if name.startswith("#") else f"#/components/schemas/{_escape(name)}"
            lookup(self.converted, ref)
            self._components[name] = SchemaValidator({"$ref": ref}, self._space)
        return self._components[name]

    def validator(self, schema: Any, *, incoming: bool = False) -> SchemaValidator:
        """The validator of any schema whose references are this document's; `incoming` for a request's."""
        return SchemaValidator(schema, self._space, incoming=incoming)


def _base_path(servers: list[JsonObject | None]) -> str:
    server = (servers[0] if servers else None) or {}
    url = str(server.get("url", ""))
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str((variable or {}).get("default", "")))
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError as error:
        raise DocumentError(f"the server's URL {url!r} is none: {error}") from None


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


_SAMPLES = frozenset({"example", "examples", "x-codeSamples", "x-code-samples", "links"})


def _strip_samples(kind: str, node: JsonObject) -> JsonObject:
    if kind in ("path item", "callback"):
        return node
    return {name: value for name, value in node.items() if name not in _SAMPLES}
