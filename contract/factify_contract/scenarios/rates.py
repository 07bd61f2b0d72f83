"""The rate limits: a minute has room for so many calls of a key, and a refusal says when to come back."""

from collections.abc import Callable

from factify_contract.pacing import number
from factify_contract.scenarios.quotas import new_key
from factify_contract.scenarios.story import Answer, Api, NotExercised, story
from factify_contract.transport import is_rate_limited

_SUITE = "rate-limits"
_REQUESTS, _CREATIONS = 1000, 100
# A fixed minute can end, and the next one begin, while the calls are made.
_WINDOWS = 2
# In seconds; whoever takes longer to answer has not been asked fast enough.
_TOO_SLOW = 45.0
_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@story(suite=_SUITE, title="A key makes a thousand requests in a minute", needs=("owner", "rate_limits"))
def requests_are_limited(api: Api) -> None:
    """A key asks as fast as it can, until it is told to wait."""
    with api.rate_limits_enforced():
        key = new_key(api)
        passed, refusal = _hurry(
            lambda: key.user.call("getOrganization", organization_id=api.organization_id, patient=False),
            _REQUESTS,
        )
    _judge_refusal(api, passed, refusal)
    if refusal is not None:
        is_early = passed < _REQUESTS and _limit(refusal) < _REQUESTS
        api.equals("rate-limits.reads", f"refused before {_REQUESTS} requests", is_early, False)


@story(suite=_SUITE, title="A key creates a hundred things in a minute", needs=("owner", "rate_limits"))
def creations_are_limited(api: Api) -> None:
    """A key makes share links, of which nothing remains to be cleared away, until it is told to wait."""
    with api.rate_limits_enforced():
        key = new_key(api)
        document = api.new_document(owner=key.user)
        passed, refusal = _hurry(
            lambda: key.user.call("createShareLink", document_id=document["id"], patient=False), _CREATIONS
        )
    _judge_refusal(api, passed, refusal)
    if refusal is not None:
        # The document was the first.
        is_early = passed + 1 < _CREATIONS and _limit(refusal) < _CREATIONS
        api.equals("rate-limits.creations", f"refused before {_CREATIONS} creations", is_early, False)


def _hurry(call: Callable[[], Answer], limit: int) -> tuple[int, Answer | None]:
    """How many calls succeed, and the refusal for the rate; None when none comes in time."""
    spent = 0.0
    for passed in range(_WINDOWS * limit + 1):
        answer = call()
        spent += answer.exchange.elapsed
        # What a refusal with this status says is judged later.
        if is_rate_limited(answer.exchange) or answer.status == 429:
            return passed, answer
        if answer.status != 200:
            raise NotExercised(f"calls fail for other reasons: {answer.exchange.line}")
        if spent > _TOO_SLOW:
            raise NotExercised(f"only {passed + 1} calls were answered in {spent:.0f} seconds")
    return _WINDOWS * limit + 1, None


def _judge_refusal(api: Api, passed: int, refusal: Answer | None) -> None:
    told = refusal.refused if refusal is not None else None
    code, reason = told or ("", None)
    api.holds(
        "rate-limits.refusal",
        refusal is not None and code == "resource_exhausted" and reason in (None, "rate_limit_exceeded"),
        expected="a refusal with resource_exhausted for rate_limit_exceeded",
        actual=refusal.summary if refusal is not None else f"{passed} calls were answered",
    )
    if refusal is not None:
        lacking = [name for name in _HEADERS if name not in refusal.exchange.headers]
        api.equals("rate-limits.headers-on-refusal", "headers that the refusal lacks", lacking, [])


def _limit(refusal: Answer) -> float:
    """The limit that the refusal tells; who smooths calls may refuse a burst before it is reached."""
    return number(refusal.exchange.headers.get("x-ratelimit-limit")) or 0.0
