"""The control plane over HTTP: guarded, checked against its own document, answered."""

from functools import cached_property
from pathlib import Path

import msgspec

from factify_contract.spec import Document, Match
from factify_mock.api.body import BodyReader
from factify_mock.api.limits import Limits
from factify_mock.api.parameters import matched, parameters
from factify_mock.api.problems import explained
from factify_mock.api.request import ClientGone, Request
from factify_mock.api.response import Response
from factify_mock.control.calls import CALLS, ControlCall
from factify_mock.journal import Journal
from factify_mock.model.errors import forbidden
from factify_mock.store.blobs import Blobs
from factify_mock.worlds import Worlds

PREFIX = "/__mock__/"
DOCUMENT = Path(__file__).with_name("openapi.json")


class ControlPlane:
    """Answers every path under PREFIX."""

    def __init__(self, worlds: Worlds, blobs: Blobs, limits: Limits) -> None:
        self._worlds = worlds
        self._blobs = blobs
        self._limits = limits
        self._ids = Journal("control")

    @cached_property
    def document(self) -> Document:
        """The control plane's own OpenAPI document, compiled when the first control call comes."""
        return Document.load(DOCUMENT)

    async def answer(self, request: Request) -> Response | None:
        """The answer to a control call; None when the client has gone."""
        try:
            return Response(200, msgspec.json.encode(await self._perform(request)))
        except ClientGone:
            return None
        except Exception as error:  # told apart, and a bug logged, by `explained`
            return explained(error, self._ids.request_id(self._ids.next_ordinal()))

    async def _perform(self, request: Request) -> object:
        if request.is_from_browser_page:
            # A page that is open in the developer's browser must not reach into the worlds.
            raise forbidden("The control plane does not answer requests that carry an Origin header")
        match = matched(self.document.router, request)
        path, query = parameters(request, match)
        body = await self._body_reader(match).read(request)
        if match.operation.id == "getControlDocument":
            return self.document.raw
        return CALLS[match.operation.id](ControlCall(self._worlds, path, query, body.value or {}))

    def _body_reader(self, match: Match) -> BodyReader:
        return BodyReader(match.operation, self.document, blobs=self._blobs, limits=self._limits)
