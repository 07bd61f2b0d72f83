"""Examines a profile before a run: who is there, what can be reached, what will be judged, at what cost."""

import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from factify_contract.adapters import AdapterError, load
from factify_contract.capabilities import CAPABILITIES, EXHAUSTING
from factify_contract.errors import ProfileError
from factify_contract.planning import Plan, Scope, plan
from factify_contract.preflight import greet, introduce
from factify_contract.profile import (
    EVERYWHERE,
    IDENTITIES,
    PLACEHOLDERS,
    Budget,
    CommandAdapter,
    HttpAdapter,
    Profile,
    PromptAdapter,
    PythonAdapter,
)
from factify_contract.request import probe
from factify_contract.safety.guard import LEAST_REQUESTS, Guard
from factify_contract.safety.room import scarcities
from factify_contract.safety.standing import misplaced
from factify_contract.spec import Document
from factify_contract.target import Target
from factify_contract.terminal import TERMINAL

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_CONNECT_SECONDS = 10.0


class Grade(StrEnum):
    """How a remark is meant: all is well, worth knowing, or to be put right."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was found out."""

    grade: Grade
    text: str


def examine(profile: Profile, document: Document, run: Scope) -> Iterator[Remark]:
    """Everything that can be found out by reading before the run, the most basic first.

    Raises TargetUnreachable, and ProfileError when nobody could do anything with the profile.
    """
    tokens: dict[str, str] = {}
    for name, identity in profile.identities.items():
        try:
            tokens[name] = identity.token.read(name)
        except ProfileError as error:
            yield Remark(Grade.WRONG, str(error))
    if "owner" not in tokens:
        raise ProfileError("without a token of identity 'owner' nothing can be judged")
    probe(profile.base_url)
    yield Remark(Grade.OK, f"{profile.base_url} answers")
    known = {name: one for name, one in profile.identities.items() if name in tokens}
    with Target(replace(profile, identities=known), tokens=tokens) as target:
        target.transport.guard = Guard(Budget(), read_only=True)
        yield from _examine_target(target, document, run)


def _examine_target(target: Target, document: Document, run: Scope) -> Iterator[Remark]:
    given = target.profile.identities
    introduction = introduce(target, greet(target, document))
    target = introduction.target
    for warning in introduction.warnings:
        unknown = [name for name in introduction.strangers if repr(name) in warning]
        yield Remark(Grade.WRONG if unknown else Grade.NOTE, warning)
    strangers = {one.name: one.what for one in misplaced(target, document)}
    for name, what in strangers.items():
        yield Remark(Grade.WRONG, f"identity {name!r} {what}")
        if name != "owner":
            target = target.without(name)
    for name, identity in target.identities.items():
        if name not in strangers and name not in introduction.strangers:
            yield Remark(Grade.OK, f"{name} is {identity.user_id or 'known to the target'}")
    if missing := [name for name in IDENTITIES if name not in given]:
        yield Remark(Grade.NOTE, f"the profile has no identity {', '.join(missing)}")
    for name in target.profile.adapters:
        yield _examine_adapter(name, target)
    yield from _examine_permissions(target.profile)
    yield from _examine_plan(plan(target, document, run), target, document)


def _examine_adapter(name: str, target: Target) -> Remark:
    """Whether the adapter could be used; only a mailbox is really asked, since that changes nothing."""
    adapter = target.profile.adapters[name]
    unknown = sorted(set(_placeholders(adapter)) - EVERYWHERE - PLACEHOLDERS[name])
    if unknown:
        return Remark(
            Grade.WRONG, f"the {name} adapter has a placeholder {{{unknown[0]}}} that nothing fills"
        )
    try:
        match adapter:
            case HttpAdapter(method="GET") if name == "mailbox":
                return _ask_mailbox(target)
            case HttpAdapter(url=url):
                return _connect(name, url)
            case CommandAdapter(command=(program, *_)):
                if shutil.which(program) is None:
                    return Remark(Grade.WRONG, f"the {name} adapter's program {program!r} is not there")
            case PythonAdapter():
                load(adapter)
            case PromptAdapter() if not TERMINAL.is_there:
                return Remark(Grade.NOTE, f"the {name} adapter asks a person, and needs a terminal for it")
    except (AdapterError, OSError, ValueError) as error:
        return Remark(Grade.WRONG, f"the {name} adapter cannot be used: {error}")
    return Remark(Grade.OK, f"the {name} adapter is there; it was not tried, since that would change things")


def _ask_mailbox(target: Target) -> Remark:
    people = [one.email for name, one in target.identities.items() if name == "invitee" and one.email]
    patient = target.profile.adapters["mailbox"]
    adapters = {**target.profile.adapters, "mailbox": replace(patient, wait_seconds=0.0)}
    hasty = target.described_by(replace(target.profile, adapters=adapters))
    if hasty.mailbox is not None:
        hasty.mailbox.latest_token(people[0] if people else "nobody@example.com")
    return Remark(Grade.OK, "the mailbox adapter answers")


def _connect(name: str, url: str) -> Remark:
    """Whether somebody listens at the address; whatever is in the path is not asked for."""
    parts = urlsplit(url)
    if not parts.hostname or _PLACEHOLDER.search(parts.netloc):
        return Remark(Grade.NOTE, f"the {name} adapter's address depends on the run")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    with socket.create_connection((parts.hostname, port), timeout=_CONNECT_SECONDS):
        return Remark(Grade.OK, f"somebody listens for the {name} adapter; it was not called")


def _placeholders(adapter: object) -> list[str]:
    return [] if isinstance(adapter, PythonAdapter) else _PLACEHOLDER.findall(repr(adapter))


def _examine_permissions(profile: Profile) -> Iterator[Remark]:
    absent = [name for name, value in profile.capabilities.items() if not value]
    if offered := [name for name in absent if CAPABILITIES[name].operations]:
        yield Remark(Grade.NOTE, f"declared absent, and tried for that: {', '.join(offered)}")
    for adapter, permission in EXHAUSTING.items():
        if adapter in profile.adapters and not profile.allows(permission):
            said = f"the {adapter} adapter will not be used: {permission} = true would allow it"
            yield Remark(Grade.NOTE, said)


def _examine_plan(planned: Plan, target: Target, document: Document) -> Iterator[Remark]:
    count = len(planned.told) + sum(map(len, planned.untold.values()))
    yield Remark(Grade.OK, f"{len(planned.told)} of {count} stories can be told")
    for reason, stories in planned.untold.items():
        number = "1 story is" if len(stories) == 1 else f"{len(stories)} stories are"
        yield Remark(Grade.NOTE, f"{number} not told, since {reason}: {', '.join(stories)}")
    if target.has_sandboxes:
        yield Remark(Grade.OK, "every story has a sandbox of its own, so nothing that lasts is written")
        return
    for sentence in planned.foreseen(target.profile.budget):
        yield Remark(Grade.NOTE, sentence)
    limit = target.profile.budget.requests
    if limit is not None and limit < LEAST_REQUESTS:
        said = (
            f"a budget of {limit} requests is too small: looking round and cleaning up take {LEAST_REQUESTS}"
        )
        yield Remark(Grade.WRONG, said)
    for sentence in scarcities(target, document, planned.cost):
        yield Remark(Grade.WRONG, sentence)
