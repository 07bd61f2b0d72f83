"""Finds out, before anything is written, whether the target answers and whom it knows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from factify_contract.capabilities import CAPABILITIES, EXHAUSTING
from factify_contract.errors import ProfileError, TargetUnreachable
from factify_contract.exchange import Exchange
from factify_contract.profile import API_KEY, IdentityProfile, Profile
from factify_contract.profile.schema import ADAPTERS, IDENTITIES
from factify_contract.scenarios.story import Api, Story
from factify_contract.spec import Document
from factify_contract.target import Identity, Target

SUITE = "preflight"
# What each kind of caller may always ask: a user for itself, a key for its organizations.
_QUESTIONS = {"user": "getMe", "api_key": "listOrganizations"}
_ALIASES = {"key": API_KEY}
# Needs of stories about what the profile declares, with the value that they are about.
DECLARATIONS = {"declared-absent": False, "declared-present": True}
_PERMISSIONS = {name for name, one in CAPABILITIES.items() if not one.operations}


def greeting(target: Target, answers: dict[str, Exchange]) -> Story:
    """A story in which every identity makes itself known; the latest answers are left in `answers`."""

    def everybody_is_known(api: Api) -> None:
        for name, identity in target.identities.items():
            answers[name] = api.person(name).call(_QUESTIONS[identity.kind]).exchange

    return Story(SUITE, "Everybody in the profile is known to the target", (), everybody_is_known)


def greet(target: Target, document: Document) -> dict[str, Exchange]:
    """How the target answers when every identity makes itself known, by its name; nothing is judged."""
    answers = {}
    for name, identity in target.identities.items():
        operation = document.operations.get(_QUESTIONS[identity.kind])
        if operation is not None:
            answers[name] = target.transport.send(operation, name, identity.token)
    return answers


@dataclass(frozen=True, slots=True)
class Introduction:
    """What the greetings showed: the target as it can be used, and what the reader should know.

    `strangers` are the identities that the target did not tell about, whatever its reason.
    """

    target: Target
    warnings: tuple[str, ...]
    strangers: frozenset[str] = frozenset()


def introduce(target: Target, answers: Mapping[str, Exchange]) -> Introduction:
    """The target without identities that it refuses, and with the ids and e-mails that it told.

    ProfileError when it refuses the owner, or there is none: nothing can be judged then. TargetUnreachable
    when nobody got an answer that the API could have given.
    """
    if "owner" not in target.identities:
        raise ProfileError("the profile has no identity 'owner'; add [identities.owner] with a token")
    if answers and not any(map(_could_be_the_api, answers.values())):
        line = next(iter(answers.values())).line
        raise TargetUnreachable(
            f"{target.base_url} answers, but not as the API does ({line}); check the address"
        )
    profile, warnings = target.profile, []
    strangers = frozenset(name for name, exchange in answers.items() if exchange.status != 200)
    for name, identity in target.identities.items():
        exchange = answers.get(name)
        if exchange is None:
            continue
        if exchange.status == 401:
            profile = _without(profile, name, exchange)
            warnings.append(f"the token of identity {name!r} was refused ({exchange.line}); it is left out")
        elif exchange.status != 200:
            warnings.append(f"identity {name!r} could not be looked up: {exchange.line}")
        elif identity.kind == "user":
            profile, said = _completed(profile, identity, exchange.json)
            warnings += said
    if profile is not target.profile:
        target = target.described_by(profile)
    return Introduction(target, tuple(warnings), strangers)


def _could_be_the_api(exchange: Exchange) -> bool:
    """Whether the answer is a JSON object of success, or one with the code of a refusal."""
    body = exchange.json
    return isinstance(body, dict) and (exchange.status == 200 or isinstance(body.get("code"), str))


def _without(profile: Profile, name: str, exchange: Exchange) -> Profile:
    if name == "owner":
        source = profile.identities[name].token.kind
        raise ProfileError(
            f"the target refused the token of identity 'owner' ({exchange.line}); check its {source}"
        )
    return replace(
        profile, identities={key: value for key, value in profile.identities.items() if key != name}
    )


def _completed(profile: Profile, identity: Identity, me: Any) -> tuple[Profile, list[str]]:
    """The profile with what the answer of getMe adds to it."""
    user = me.get("user") if isinstance(me, dict) else None
    if not isinstance(user, dict):
        return profile, []
    described = profile.identities[identity.name]
    told = IdentityProfile(
        described.name, described.token, described.user_id or str(user.get("id", "")),
        described.email or str(user.get("email", "")),
    )  # fmt: skip
    warnings = []
    if described.user_id and user.get("id") != described.user_id:
        said = f"is {described.user_id} in the profile, but {user.get('id')} to the target"
        warnings.append(f"identity {identity.name!r} {said}")
    if told != described:
        profile = replace(profile, identities={**profile.identities, identity.name: told})
    if identity.name == "owner" and not profile.organization_id:
        profile = replace(profile, organization_id=_first_organization(me))
        warnings.append(f"organization_id is not in the profile; taking {profile.organization_id or 'none'}")
    return profile, warnings


def _first_organization(me: Mapping[str, Any]) -> str:
    organizations = me.get("organizations")
    first = organizations[0] if isinstance(organizations, list) and organizations else {}
    return str(first.get("id", "")) if isinstance(first, dict) else ""


def missing_needs(story: Story, target: Target) -> list[str]:
    """Which of the story's needs the target cannot meet, in the order of the story."""
    return [need for need in story.needs if not _is_met(need, target)]


def entry_for(need: str) -> str:
    """What has to be written into a profile so that the need is met."""
    name = _ALIASES.get(need, need)
    if name in ADAPTERS:
        return f"[adapters.{name}]"
    return f"[identities.{name}]" if name in IDENTITIES else "policy_ids"


def why_untold(story: Story, target: Target) -> str | None:
    """Why the story cannot be told to the target; None when it can."""
    if not applies(story, target):
        return "the profile declares nothing that it is about"
    if missing := missing_needs(story, target):
        return f"the profile has no {', '.join(map(entry_for, missing))}"
    for need in story.needs:
        permission = EXHAUSTING.get(need, need)
        if permission in _PERMISSIONS and not target.profile.allows(permission):
            return f"the profile does not allow {permission}"
    return None


def applies(story: Story, target: Target) -> bool:
    """Whether the story is about anything in the target's profile: some are about its declarations only."""
    declared = target.profile.capabilities
    offered = [value for name, value in declared.items() if CAPABILITIES[name].operations]
    return all(value in offered for need, value in DECLARATIONS.items() if need in story.needs)


def _is_met(need: str, target: Target) -> bool:
    name = _ALIASES.get(need, need)
    return (
        name in target.identities
        or name in target.profile.adapters
        or name in _PERMISSIONS
        or name in DECLARATIONS
        or (name == "policies" and bool(target.policy_ids))
        or (name == "rate_limits" and target.rate_limits is not None)
    )


def describe_missing(stories: Iterable[Story], target: Target) -> list[str]:
    """One sentence for each need that is not met: how many of the stories wait for it."""
    told = list(stories)
    waiting = Counter(need for story in told for need in missing_needs(story, target))
    refused = Counter(why_untold(story, target) or "" for story in told if not missing_needs(story, target))
    return [
        *(
            f"the profile has no {entry_for(need)}, so {count} of {len(told)} stories cannot be told"
            for need, count in waiting.items()
        ),
        *(
            f"{reason}, so {count} of {len(told)} stories are not told"
            for reason, count in refused.items()
            if reason
        ),
    ]
