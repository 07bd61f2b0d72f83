"""The mock as an ASGI application: what happens to a request, and in which order."""

import asyncio
from asyncio import CancelledError
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec

from factify_contract.spec import Document, Match
from factify_mock.api.auth import Authenticator, Caller
from factify_mock.api.body import Body
from factify_mock.api.call import Call, Handler
from factify_mock.api.defects import NO_DEFECTS, Defects, defective
from factify_mock.api.download import Download
from factify_mock.api.editions import Edition
from factify_mock.api.fields import Fields
from factify_mock.api.files import Files
from factify_mock.api.gate import allowance_headers, charge, limit_rate, refund
from factify_mock.api.limits import Limits
from factify_mock.api.links import PREFIX as FILES
from factify_mock.api.links import Links
from factify_mock.api.parameters import matched, parameters
from factify_mock.api.problems import InvalidRequest, Violation, explained, is_refusal
from factify_mock.api.request import ClientGone, Receive, Request, Scope, Send
from factify_mock.api.response import Response
from factify_mock.api.routes import Route, Routes
from factify_mock.api.sampled import preference, sampled
from factify_mock.api.shapes import reshaped
from factify_mock.api.strict import require_documented
from factify_mock.api.visit import Answer, Visit
from factify_mock.control.plane import PREFIX, ControlPlane
from factify_mock.faults.plan import FILES as FILE_ADDRESSES
from factify_mock.faults.striking import StruckCall, struck
from factify_mock.faults.wire import Sleep
from factify_mock.legacy import legacy_document
from factify_mock.model import users
from factify_mock.model.errors import DomainError
from factify_mock.model.records import Upload
from factify_mock.model.world import World
from factify_mock.store.blobs import Blobs
from factify_mock.store.contents import Contents
from factify_mock.worlds import Sandbox, WorldOptions, Worlds

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How the server behaves towards all worlds alike."""

    is_strict: bool = False  # check every answer against the document
    raises_bugs: bool = False  # let a bug of the mock out to the server, instead of answering 500
    has_control: bool = True
    limits: Limits = field(default_factory=Limits)


def create_app(
    document: Document | None = None,
    *,
    seed: int = 0,
    start: WorldOptions | None = None,
    options: AppOptions | None = None,
    wall: Callable[[], datetime] | None = None,
    blobs: Blobs | None = None,
    sleep: Sleep | None = None,
) -> "App":
    """A mock of `document` (the shipped one by default) with one world, which begins as `start` says.

    `wall` supplies real time to worlds whose clocks are not frozen. `blobs` has the files of what the
    world begins with. `sleep` passes the time of answers that a fault plan makes late or slow.
    """
    worlds = Worlds(seed=seed, wall=wall or _real_time, defaults=start or WorldOptions())
    kept = Blobs() if blobs is None else blobs
    return App(document or Document.load(), worlds, options or AppOptions(), kept, sleep or asyncio.sleep)


def _real_time() -> datetime:
    return datetime.now(UTC)


class App:
    """The ASGI callable."""

    def __init__(
        self, document: Document, worlds: Worlds, options: AppOptions, blobs: Blobs, sleep: Sleep
    ) -> None:
        self.document = document
        self.worlds = worlds
        self.blobs = blobs
        self._options = options
        self._sleep = sleep
        self._current = Edition(document, blobs=self.blobs, limits=options.limits)
        self._authenticator = Authenticator(worlds)
        self.contents = Contents(self.blobs)
        self._files = Files(worlds, self.contents)
        self._control: ControlPlane | None = None
        if options.has_control:
            self._control = ControlPlane(worlds, self.blobs, options.limits, self._edition_of)

    @property
    def routes(self) -> Routes:
        """How the operations of the document are answered."""
        return self._current.routes

    @cached_property
    def legacy(self) -> Edition:
        """What legacy worlds are served by, compiled for the first of them."""
        older = legacy_document(self.document)
        return Edition(older, blobs=self.blobs, limits=self._options.limits)

    @property
    def world(self) -> World:
        """The state of the first world."""
        return self.worlds.default.world

    @property
    def ready(self) -> dict[str, Any]:
        """Ids, tokens and secrets of the first world, as the ready line has them."""
        return self.worlds.default.ready

    def close(self) -> None:
        """Uploaded files are gone, and so is the process that reads them."""
        self.contents.close()
        self.blobs.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; other protocols are turned away."""
        if scope["type"] == "http":
            try:
                response = await self._answer(Request(scope, receive))
            except CancelledError:
                response = self._farewell()
            if response is not None:
                await response.send(send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        with suppress(CancelledError):  # told twice to stop, a server does not wait for this
            await receive()
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _farewell(self) -> Response:
        """The answer to a call that a server which is stopping has waited for long enough."""
        journal = self.worlds.default.journal
        message = "The server is stopping, and waits no longer for the rest of this request"
        stopping = DomainError("unavailable", "service_unavailable", message)
        return explained(stopping, journal.request_id(journal.next_ordinal()))

    async def _answer(self, request: Request) -> Answer | None:
        """The answer, which is then on record; None when the client has gone."""
        if self._control is not None and request.path.startswith(PREFIX):
            return await self._control.answer(request)
        visit = Visit(self.worlds.wall())
        try:
            outcome: Response | Download | Exception | None = await self._perform(request, visit)
        except ClientGone:
            return None
        except Exception as error:  # told apart in `_checked`, where bugs are loud
            outcome = error
        return self._concluded(request, visit, outcome)

    async def _perform(self, request: Request, visit: Visit) -> Response | Download | None:
        """The answer of the API; None where a fault plan answers instead, and the call takes no effect."""
        if request.path.startswith(FILES) and not self.routes.is_foreign:
            visit.caller = self._authenticator.anyone(self._files.sandbox(request))
            if visit.is_struck(FILE_ADDRESSES):
                return None
            return await self._files.answer(request, visit.caller)
        edition = self._edition(request) if self.worlds.has_legacy else self._current
        match = matched(edition.router, request, signpost=self._signpost(edition))
        route = edition.routes.of(match.operation)
        visit.operation = route.operation
        caller = visit.caller = self._identified(request, route, match)
        variants = caller.sandbox.world.settings.variants
        if visit.is_struck(route.operation.id):
            with suppress(DomainError, InvalidRequest):
                (await route.body.read(request, variants)).discard()
            return None
        visit.allowance = limit_rate(caller, route.operation.method)
        if route.is_charged:
            charge(caller)
            visit.charged = caller
        settings = caller.sandbox.world.settings
        defects = Defects.of(settings.mutants, route.operation) if settings.mutants else NO_DEFECTS
        path, query = parameters(request, match, settings.variants, defects.overlooked)
        path = route.named(path)
        body = await route.body.read(request, settings.variants, defects.overlooked)
        try:
            upload = body.upload
            if upload is not None and route.handler is not None:
                upload = await self.contents.examined(upload, body.source)
            if route.operation.body is not None:
                # While the body was on its way, the world may have been reset or the key revoked.
                caller = visit.caller = self._identified(request, route, match)
            wish = preference(request.prefer) if request.prefer else None
            if route.handler is None or wish is not None:
                body.discard()
                return sampled(route.operation, caller.now, wish)
            call = self._call(request, route, caller, path, query, body, upload)
            answer = await _called(route, defects.around(route.handler), call, body)
        except BaseException:
            body.discard()
            raise
        visit.handled(call, caller)
        return answer

    def _call(
        self,
        request: Request,
        route: Route,
        caller: Caller,
        path: dict[str, Any],
        query: dict[str, Any],
        body: Body,
        upload: Upload | None,
    ) -> Call:
        fields = body.value or {}
        read = caller.sandbox.fields_read.get(route.operation.id, frozenset())
        if not (query.keys() <= read and fields.keys() <= read):
            # Nobody knows yet if the handler looks at all of them.
            query, fields = Fields(query), Fields(fields)
        return Call(
            operation=route.operation,
            world=caller.sandbox.world,
            now=caller.now,
            actor=caller.actor,
            path=path,
            query=query,
            body=fields,
            upload=upload,
            links=Links(self.worlds.signer, request.base_url),
            contents=self.contents,
        )

    def _edition(self, request: Request) -> Edition:
        """The edition that serves the world whose credentials the request carries."""
        sandbox = self._authenticator.whose(request.authorization)
        return self._current if sandbox is None else self._edition_of(sandbox)

    def _edition_of(self, sandbox: Sandbox) -> Edition:
        """The edition that serves a world."""
        return self.legacy if sandbox.world.settings.is_legacy else self._current

    def _signpost(self, edition: Edition) -> str:
        """Where there is something, for who has lost the way."""
        places = [f"the API is below {edition.home}"] if edition.home else []
        if self._control is not None:
            places.append(f"{PREFIX}openapi.json describes the control plane")
        return ", ".join(places)

    def _identified(self, request: Request, route: Route, match: Match) -> Caller:
        if route.needs_caller:
            try:
                return self._authenticator.authenticate(request.authorization)
            except DomainError:
                if (let_in := self._let_in(route)) is not None:
                    return let_in
                raise
        if self.routes.is_foreign:
            return self._authenticator.anyone()
        return self._authenticator.admit(request.authorization, match)

    def _let_in(self, route: Route) -> Caller | None:
        """The owner of the youngest world, if it has a defect by which anybody is let in."""
        sandbox = self.worlds.youngest
        mutants = sandbox.world.settings.mutants
        if not mutants or not Defects.of(mutants, route.operation).admit_anybody:
            return None
        owner = users.actor_of(sandbox.world, sandbox.identities.owner)
        return Caller(sandbox, sandbox.world.clock.now(), owner)

    def _concluded(
        self, request: Request, visit: Visit, outcome: Response | Download | Exception | None
    ) -> Answer:
        # A call that got nowhere is on record in the world of its credentials, or else in the first one.
        caller = visit.caller or self._authenticator.anyone(self._authenticator.whose(request.authorization))
        sandbox = caller.sandbox
        ordinal = sandbox.journal.next_ordinal()
        answer = self._finished(visit, caller, outcome, ordinal)
        response: Answer
        if visit.fault is not None:
            request_id = sandbox.journal.request_id(ordinal)
            call = StruckCall(request, visit.operation, caller.now, request_id)
            response = struck(visit.fault.plan, call, answer, self._sleep)
        elif answer is not None:
            response = answer
        else:
            raise ValueError("only a struck call has no answer")
        sandbox.journal.add(visit.entry(request, caller, ordinal, response))
        return response

    def _finished(
        self, visit: Visit, caller: Caller, outcome: Response | Download | Exception | None, ordinal: int
    ) -> Response | Download | None:
        """The answer as the world gives it, before anything goes wrong with it."""
        if outcome is None or isinstance(outcome, Download):
            return outcome
        sandbox = caller.sandbox
        answer = self._checked(visit, outcome, sandbox.journal.request_id, ordinal)
        answer = _settled(visit, caller, answer)
        mutants = sandbox.world.settings.mutants
        return defective(answer, mutants) if mutants else answer

    def _checked(
        self, visit: Visit, outcome: Response | Exception, request_id: Callable[[int], str], ordinal: int
    ) -> Response:
        """The answer to send: a refusal or a bug put into words, in strict mode nothing undocumented."""
        if isinstance(outcome, Exception):
            if self._options.raises_bugs and not is_refusal(outcome):
                raise outcome
            outcome = explained(outcome, request_id(ordinal))
        if self._options.is_strict and visit.operation is not None:
            try:
                require_documented(visit.operation, outcome)
            except Violation as error:
                if self._options.raises_bugs:
                    raise
                return explained(error, request_id(ordinal))
        return outcome


def _settled(visit: Visit, caller: Caller, response: Response) -> Response:
    """The answer with what it has to tell about the caller's rate; a refusal may give its request back."""
    variants = caller.sandbox.world.settings.variants
    if visit.charged is not None and response.status >= 400 and variants.refusals_uncounted:
        refund(visit.charged)
    # A 429 has said in its own headers which limit was met.
    if visit.allowance is None or response.status == 429 or variants.rate_headers_on_refusal:
        return response
    return replace(response, headers=(*response.headers, *allowance_headers(visit.allowance)))


async def _called(route: Route, handler: Handler, call: Call, body: Body) -> Response:
    outcome = handler(call)
    answer = outcome if isinstance(outcome, dict) else await outcome
    variants = call.world.settings.variants
    if variants.reshapes_answers:
        answer = reshaped(answer, route.shape, variants)
    response = Response(200, _encode(answer))
    body.commit()
    return response
