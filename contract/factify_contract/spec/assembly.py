"""Makes operations out of the document's paths."""

from collections.abc import Iterator
from typing import Any

from factify_contract.errors import DocumentError
from factify_contract.spec.grammar import METHODS, JsonObject
from factify_contract.spec.operations import Link, MediaType, Operation, RequestBody, Response
from factify_contract.spec.parameters import Parameter, examples_of, parameter_from
from factify_contract.spec.references import resolve
from factify_contract.spec.templates import parameter_names
from factify_contract.spec.validators import SchemaSpace, SchemaValidator


def operations_of(document: JsonObject, space: SchemaSpace) -> dict[str, Operation]:
    """Every operation of the document by its id, in the document's order; DocumentError names a bad one."""
    assembler = _Assembler(document, space)
    operations: dict[str, Operation] = {}
    for path, method, item, raw in _each_operation(document):
        name = f"{method.upper()} {path}"
        try:
            operation = assembler.operation(path, method.upper(), item, raw)
        except DocumentError as error:
            raise DocumentError(f"{name} cannot be used: {error}") from None
        except (AttributeError, KeyError, TypeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise DocumentError(f"{name} is not described as OpenAPI wants it ({reason})") from None
        twin = operations.get(operation.id)
        if twin is not None:
            raise DocumentError(f"{name} and {twin.method} {twin.path} share the operationId {twin.id}")
        operations[operation.id] = operation
    return operations


def _each_operation(document: JsonObject) -> Iterator[tuple[str, str, JsonObject, JsonObject]]:
    for path, reference in (document.get("paths") or {}).items():
        if not str(path).startswith("/"):
            if str(path).startswith("x-"):
                continue
            raise DocumentError(f"The path {path!r} does not begin with a slash")
        item = resolve(document, reference)
        for method, raw in item.items():
            if method in METHODS:
                yield path, method, item, raw


class _Assembler:
    """Turns the objects of one document into ours, references followed."""

    def __init__(self, document: JsonObject, space: SchemaSpace) -> None:
        self._document = document
        self._space = space
        schemes = (document.get("components") or {}).get("securitySchemes") or {}
        found = [resolve(document, scheme) for scheme in schemes.values()]
        self._query_keys = frozenset(
            scheme["name"]
            for scheme in found
            if scheme.get("type") == "apiKey" and scheme.get("in") == "query"
        )

    def operation(self, path: str, method: str, item: JsonObject, raw: JsonObject) -> Operation:
        """The operation `method` of the path item `item`."""
        return Operation(
            id=str(raw.get("operationId") or f"{method} {path}"),
            method=method,
            path=path,
            tag=next(iter(raw.get("tags") or ()), ""),
            summary=raw.get("summary", ""),
            parameters=self._parameters(path, item, raw),
            body=self._body(raw),
            responses={status: self._response(status, one) for status, one in _responses(raw)},
            requires_auth=_requires_auth(raw.get("security", self._document.get("security"))),
            links=tuple(self._links(raw)),
            raw=raw,
            also_known=self._query_keys,
        )

    def _parameters(self, path: str, item: JsonObject, raw: JsonObject) -> tuple[Parameter, ...]:
        """Those of the operation after those of the path that it does not replace."""
        merged: dict[tuple[str, str], JsonObject] = {}
        for reference in [*(item.get("parameters") or ()), *(raw.get("parameters") or ())]:
            one = resolve(self._document, reference)
            merged[one["name"], one["in"]] = one
        names = parameter_names(path)
        merged = {key: one for key, one in merged.items() if key[1] != "path" or key[0] in names}
        for name in names:
            # A placeholder that nobody describes is still a parameter: any text.
            merged.setdefault((name, "path"), {"name": name, "in": "path", "required": True})
        return tuple(self._parameter(one) for one in merged.values())

    def _parameter(self, raw: JsonObject) -> Parameter:
        content: JsonObject = next(iter((raw.get("content") or {}).values()), {})
        schema = raw.get("schema", content.get("schema", {}))
        validator = SchemaValidator(schema, self._space, incoming=True, location=raw["in"], name=raw["name"])
        return parameter_from(raw, self._document, validator)

    def _body(self, raw: JsonObject) -> RequestBody | None:
        if "requestBody" not in raw:
            return None
        body = resolve(self._document, raw["requestBody"])
        return RequestBody(
            required=body.get("required", False) is True, media=self._media(body, incoming=True)
        )

    def _response(self, status: str, reference: JsonObject) -> Response:
        response = resolve(self._document, reference)
        headers = {
            name: resolve(self._document, header).get("schema", {})
            for name, header in (response.get("headers") or {}).items()
        }
        return Response(
            status=status,
            description=response.get("description", ""),
            media=self._media(response, incoming=False),
            headers=headers,
        )

    def _media(self, holder: JsonObject, *, incoming: bool) -> dict[str, MediaType]:
        return {
            name: self._media_type(name, raw, incoming=incoming)
            for name, raw in (holder.get("content") or {}).items()
        }

    def _media_type(self, name: str, raw: JsonObject, *, incoming: bool) -> MediaType:
        schema = raw.get("schema", {})
        validator = SchemaValidator(schema, self._space, incoming=incoming)
        return MediaType(
            name=name, schema=schema, validator=validator, examples=examples_of(raw, self._document)
        )

    def _links(self, raw: JsonObject) -> Iterator[Link]:
        for status, reference in _responses(raw):
            links = resolve(self._document, reference).get("links") or {}
            for name, one in links.items():
                link = resolve(self._document, one)
                yield Link(
                    name=name,
                    status=status,
                    operation_id=link.get("operationId") or self._referred_operation(link["operationRef"]),
                    parameters=link.get("parameters") or {},
                    request_body=link.get("requestBody"),
                )

    def _referred_operation(self, ref: str) -> str:
        """The id of the operation at a pointer such as `#/paths/~1pets/get`; another address as it is."""
        if not ref.startswith("#/"):
            return ref
        target = resolve(self._document, {"$ref": ref})
        path, method = ref.split("/")[-2:]
        return str(
            target.get("operationId") or f"{method.upper()} {path.replace('~1', '/').replace('~0', '~')}"
        )


def _responses(raw: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """The responses by status; a class is written `4XX`, whatever the document's letters."""
    for status, one in (raw.get("responses") or {}).items():
        if not str(status).startswith("x-"):
            yield ("default" if status == "default" else str(status).upper()), one


def _requires_auth(security: Any) -> bool:
    """Whether every way to be let in asks for something: `security` without an empty alternative."""
    return bool(security) and all(bool(alternative) for alternative in security)
