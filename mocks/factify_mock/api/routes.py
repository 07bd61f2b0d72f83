"""What the mock knows about each operation: who may call it, how its body is read, who answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from factify_contract.errors import DocumentError
from factify_contract.spec import Document, Operation, SchemaValidator
from factify_mock.api.body import BodyReader
from factify_mock.api.call import Handler
from factify_mock.api.gate import UNCHARGED_TAG
from factify_mock.api.handlers import HANDLERS
from factify_mock.api.limits import Limits
from factify_mock.api.newer import Acquaintance, acquainted
from factify_mock.api.shapes import Shape, shape_of
from factify_mock.store.blobs import Blobs


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One operation, ready to be called; without a handler it is answered from its samples."""

    operation: Operation
    body: BodyReader
    shape: Shape
    handler: Handler | None
    needs_caller: bool
    is_charged: bool
    # What the document calls parameters of the path that the handler knows by another name.
    names: Mapping[str, str]

    def named(self, path: dict[str, Any]) -> dict[str, Any]:
        """The values of the path under the names that the handler knows."""
        if not self.names:
            return path
        return {self.names.get(name, name): value for name, value in path.items()}


class Routes:
    """The routes of a document, each made when it is first used.

    A document that shares operations with the shipped one is the Factify API, of whatever version:
    handlers answer the operations they know, and callers must say who they are. Any other document is
    foreign: everything comes from samples, for anybody, since its credentials are not ours to judge.
    """

    def __init__(self, document: Document, *, blobs: Blobs, limits: Limits) -> None:
        self._document = document
        self._blobs = blobs
        self._limits = limits
        self._known: Acquaintance = acquainted(document)
        self._routes: dict[str, Route] = {}

    @property
    def is_foreign(self) -> bool:
        """Whether the document describes another API than Factify's."""
        return self._known.is_foreign

    def of(self, operation: Operation) -> Route:
        """The route of an operation of the document."""
        route = self._routes.get(operation.id)
        if route is None:
            route = self._routes[operation.id] = self._make(operation)
        return route

    def put(self, route: Route) -> None:
        """The operation is answered by this route from now on: how a test plays a broken mock."""
        self._routes[route.operation.id] = route

    def _make(self, operation: Operation) -> Route:
        handler = HANDLERS.get(operation.id) if self._known.fits(operation) else None
        return Route(
            operation=operation,
            body=BodyReader(operation, self._document, blobs=self._blobs, limits=self._limits),
            shape=shape_of(operation, self._document),
            handler=handler,
            needs_caller=operation.requires_auth and not self.is_foreign,
            is_charged=operation.tag != UNCHARGED_TAG,
            names=self._known.names(operation),
        )


def require_usable(document: Document) -> None:
    """Return when all schemas that calls are checked against can be; DocumentError names one that cannot.

    They are compiled when they are first needed, which for a document that nobody has tried is too late.
    """
    for operation in document.operations.values():
        try:
            for validator in _validators(operation):
                _ = validator.compiled
        except DocumentError as error:
            raise DocumentError(f"{operation.method} {operation.path}: {error}") from error


def _validators(operation: Operation) -> Iterator[SchemaValidator]:
    yield from (parameter.validator for parameter in operation.parameters)
    if operation.body is not None:
        yield from (media.validator for media in operation.body.media.values())
    for response in operation.responses.values():
        yield from (media.validator for media in response.media.values())
