"""The control plane over HTTP: guarded, checked against its own document, answered."""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from factify_contract.spec import Document, Match
from factify_mock.api.body import BodyReader
from factify_mock.api.editions import Edition
from factify_mock.api.limits import Limits
from factify_mock.api.parameters import matched, parameters
from factify_mock.api.problems import explained
from factify_mock.api.request import ClientGone, Request
from factify_mock.api.response import Response
from factify_mock.control import description
from factify_mock.control.call import ControlCall
from factify_mock.control.calls import CALLS
from factify_mock.control.seeds import Seeds
from factify_mock.journal import Journal
from factify_mock.model.errors import forbidden
from factify_mock.store.blobs import Blobs
from factify_mock.worlds import Sandbox, Worlds

PREFIX = "/__mock__/"

# Whole worlds come in these, with their files.
_LARGE = frozenset({"createWorld", "restoreSnapshot"})


class ControlPlane:
    """Answers every path under PREFIX."""

    def __init__(
        self, worlds: Worlds, blobs: Blobs, limits: Limits, edition_of: Callable[[Sandbox], Edition]
    ) -> None:
        self._worlds = worlds
        self._edition_of = edition_of
        self._blobs = blobs
        self._limits = limits
        self._seeds = Seeds(blobs)
        self._ids = Journal("control")

    @property
    def document(self) -> Document:
        """The control plane's own OpenAPI document, compiled when the first control call comes."""
        return description.document()

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
        match = matched(
            self.document.router, request, signpost=f"{PREFIX}openapi.json describes the control plane"
        )
        path, query = parameters(request, match)
        body = await self._body_reader(match).read(request)
        if match.operation.id == "getControlDocument":
            return self.document.raw
        call = ControlCall(
            self._worlds, self._blobs, self._seeds, self._edition_of, path, query, body.value or {}
        )
        return CALLS[match.operation.id](call)

    def _body_reader(self, match: Match) -> BodyReader:
        limits = self._limits
        if match.operation.id in _LARGE:
            limits = replace(limits, json=limits.snapshot)
        return BodyReader(match.operation, self.document, blobs=self._blobs, limits=limits)
