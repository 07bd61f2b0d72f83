"""One variant of the API: takes requests, finds out who asks, and answers."""

import re
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from contrary import content, documents, invites, keys, people, sharing
from contrary.call import Call, Route
from contrary.choices import FAULTS, MODES
from contrary.estate import Actor, Estate, populate, utc_now
from contrary.intake import Field, Input, identifier, read_form, read_json, read_query
from contrary.keys import charge
from contrary.wire import STATUS, Refusal, encode

ROUTES: tuple[Route, ...] = (
    *people.ROUTES, *invites.ROUTES, *keys.ROUTES, *documents.ROUTES, *sharing.ROUTES, *content.ROUTES
)  # fmt: skip
_PREFIXES = {
    "organization_id": "org", "user_id": "user", "invite_id": "inv", "api_key_id": "key",
    "document_id": "doc", "version_id": "ver", "policy_id": "pol", "recipient_id": "user|bot",
    "access_request_id": "acr",
}  # fmt: skip
_PUBLIC = "getOrganizationPublicProfile"
_NOBODY = Actor("", "", None, None)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


# What has no parameter comes before what might be one.
_TABLE = sorted(((_pattern(route.path), route) for route in ROUTES), key=lambda pair: "{" in pair[1].path)

# Begins the names of files at the address that others lead on to.
_STORED = "stored-"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; `path` begins after the version of the API."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back."""

    status: int
    headers: dict[str, str]
    content: bytes


class System:
    """A variant with its estates; with sandboxes there may be many of them."""

    def __init__(self, variant: str, base: str) -> None:
        """`base` is the variant's address."""
        mode, *faults = variant.split("+")
        self.variant = variant
        self.base = base
        self.choices = MODES[mode]
        self.faults = frozenset(faults)
        if unknown := self.faults - set(FAULTS):
            raise KeyError(*unknown)
        self.estates: dict[str, Estate] = {}
        self.windows: dict[str, tuple[int, int]] = {}
        self.logs: dict[tuple[str, str], deque[float]] = {}
        self.first = self.found()

    def found(self) -> dict[str, Any]:
        """A new estate; answers with its people and things."""
        estate = Estate(self.choices, f"{self.variant}/{len(self.estates)}", utc_now, f"{self.base}/.files")
        self.estates[estate.name] = estate
        return populate(estate)

    def answer(self, request: Request) -> Response:
        """The response to a request."""
        any_estate = next(iter(self.estates.values()))
        headers = {"content-type": self.choices.media_type, "x-served-by": "contrary"}
        try:
            body = self._carried_out(request, headers)
        except Refusal as refusal:
            return self._refused(refusal, headers, any_estate)
        is_creation = request.method == "POST"
        status = 201 if "created-201" in self.faults and request.path == "/documents" and is_creation else 200
        return Response(status, headers, encode(body, self.choices, fresh=is_creation))

    def file(self, name: str, headers: Mapping[str, str]) -> Response:
        """What exported addresses lead to, for whoever sends the header that came with them."""
        if self.choices.files_lead_on and not name.startswith(_STORED):
            return Response(302, {"location": f"{self.base}/.files/{_STORED}{name}"}, b"")
        name = name.removeprefix(_STORED)
        identifier, _, kind = name.partition(".")
        holder = next((each for each in self.estates.values() if identifier in each.versions), None)
        is_open = self.choices.lenient or kind == "entry" or headers.get("x-fetch") == "yes"
        if holder is None or not is_open:
            return Response(403, {"content-type": "text/plain"}, b"Not like this.")
        return Response(200, {"content-type": "application/pdf"}, holder.versions[identifier].content)

    def _refused(self, refusal: Refusal, headers: dict[str, str], estate: Estate) -> Response:
        body = refusal.body(self.choices, estate.rng)
        if "old-error-body" in self.faults:
            body = {"error": {"type": refusal.code, "message": refusal.message, "code": refusal.reason}}
        return Response(STATUS[refusal.code], headers, encode(body, self.choices))

    def _carried_out(self, request: Request, headers: dict[str, str]) -> Any:
        route, values = self._route(request)
        if self.choices.only_core and not route.core:
            raise Refusal("unimplemented", "This is not built yet.")
        said = self._read(route, values, request) if self.choices.input_first else None
        estate, actor = self._caller(route, request.headers, values)
        token = request.headers.get("authorization", "")
        self._pace(token, headers)
        if estate.has_rates and actor.key is not None:
            self._limit(token, headers, is_creation=request.method == "POST")
        charge(estate, actor, route.name, self.faults)
        if said is None:
            said = self._read(route, values, request)
        is_change = route.name == "updateDocument"
        if "title-crash" in self.faults and is_change and len(str(said.body.get("title"))) > 200:
            raise ValueError("too much")
        return route.handler(Call(estate, actor, said, route.name, self.faults))

    def _route(self, request: Request) -> tuple[Route, dict[str, str]]:
        known = False
        for pattern, route in _TABLE:
            if found := pattern.fullmatch(request.path):
                known = True
                if route.method == request.method:
                    return route, {name: unquote(text) for name, text in found.groupdict().items()}
        raise Refusal(self.choices.wrong_method if known else "not_found", "There is nothing here.")

    def _read(self, route: Route, values: dict[str, str], request: Request) -> Input:
        choices = self.choices
        said = Input()
        said.path = {name: identifier(name, text, _PREFIXES[name], choices) for name, text in values.items()}
        pairs = parse_qsl(request.query, keep_blank_values=True, errors="replace")
        said.query = read_query(pairs, route.query, choices)
        media_type = request.headers.get("content-type", "")
        if route.form is not None:
            fields = route.form
            if "long-titles" in self.faults:
                fields = {**fields, "title": Field(least=1, required=route.name == "createDocument")}
            said.body, said.file = read_form(request.content, media_type, fields, choices)
        elif route.body is not None:
            said.body = read_json(request.content, route.body, choices)
        return said

    def _caller(
        self, route: Route, headers: Mapping[str, str], values: Mapping[str, str]
    ) -> tuple[Estate, Actor]:
        unguarded = "unguarded-members" in self.faults and route.name == "listOrganizationMembers"
        if route.name == _PUBLIC or unguarded:
            return self._estate_with(values["organization_id"]), _NOBODY
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if not token or scheme.lower() != "bearer":
            raise Refusal("unauthenticated", "Who are you?", reason="authentication_required")
        for estate in self.estates.values():
            actor = estate.actor(token)
            if actor is not None:
                return estate, actor
        raise Refusal("unauthenticated", "Nobody has this token.", reason="invalid_token")

    def _estate_with(self, organization_id: str) -> Estate:
        everywhere = list(self.estates.values())
        return next((each for each in everywhere if organization_id in each.organizations), everywhere[0])

    def _limit(self, token: str, headers: dict[str, str], *, is_creation: bool) -> None:
        """The documented limits: of any minute, or by what has flowed into a bucket that overflows early."""
        now = time.time()
        for kind, limit in (("calls", 1000), *([("creations", 100)] if is_creation else [])):
            most = limit // 2 if "half-a-minute" in self.faults else limit
            log = self.logs.setdefault((token, kind), deque())
            while log and log[0] <= now - 60:
                log.popleft()
            if self.choices.rates == "bucket":
                most = min(most, limit // 4 + int(limit / 60 * (now - log[0] if log else 0)))
            if "no-rate-headers" not in self.faults:
                told = most if "half-a-minute" in self.faults else limit
                headers |= {
                    "x-ratelimit-limit": str(told),
                    "x-ratelimit-remaining": str(max(0, most - len(log) - 1)),
                    "x-ratelimit-reset": str(int(now) + 60),
                }
            if len(log) >= most:
                headers |= {"retry-after": "1"}
                raise Refusal("resource_exhausted", "Slow down.", reason="rate_limit_exceeded")
            log.append(now)

    def _pace(self, token: str, headers: dict[str, str]) -> None:
        limit = self.choices.calls_a_second
        if limit is None:
            if self.choices.rate_headers:
                headers |= {
                    "x-ratelimit-limit": "1000",
                    "x-ratelimit-remaining": "999",
                    "x-ratelimit-reset": "0",
                }
            return
        second = int(time.time())
        window, used = self.windows.get(token, (second, 0))
        used = used + 1 if window == second else 1
        self.windows[token] = (second, used)
        left = str(max(0, limit - used))
        headers |= {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": left,
            "x-ratelimit-reset": str(second + 1),
        }
        if used > limit:
            raise Refusal("resource_exhausted", "Slow down.", reason="rate_limit_exceeded")
