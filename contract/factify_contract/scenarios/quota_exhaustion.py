"""Using up what was allowed: the requests of a key and of an organization."""

from factify_contract.scenarios.quotas import (
    SLACK,
    ask,
    ask_until_refused,
    left,
    limited,
    new_key,
    number,
    organization_quota,
    quota_of,
    remove_limit,
    require_about_quota,
    set_limit,
)
from factify_contract.scenarios.steps import CLOSED, instant, refuses_malformed, unknown_id
from factify_contract.scenarios.story import Api, story

_SUITE = "quota-exhaustion"


@story(suite=_SUITE, title="A key stops when its requests are used up", needs=("owner",), smoke=True)
def key_is_stopped(api: Api) -> None:
    """A key limited to three requests makes three, while everybody else goes on."""
    key, other = new_key(api), new_key(api, "other-key")
    quota = set_limit(api, key, 3).succeeds("request-quota.key-set")["quota"]
    api.equals("request-quota.key-set", "key of the quota", quota.get("api_key_id"), key.id)
    api.equals("request-quota.key-set", "limit", quota.get("limit"), 3)

    allowed, passed = min(left(quota), 3), 0
    refusal = None
    while refusal is None and left(quota) > 0 and passed < allowed + SLACK:
        answer = ask(api, key.user)
        if answer.status == 200:
            passed += 1
        else:
            refusal = answer
        quota = quota_of(api, key) or quota
    refusal = refusal or ask(api, key.user)

    is_stopped = refusal.status != 200
    api.holds(
        "request-quota.key-enforced",
        is_stopped,
        expected="a refusal once nothing is left to the key",
        actual=f"{passed + 1} requests answered, usage {number(quota, 'current_usage')} of 3",
    )
    if not is_stopped:
        return
    require_about_quota(refusal, is_used_up=left(quota) == 0)
    api.holds(
        "request-quota.key-not-early",
        passed >= allowed,
        expected=f"{allowed} requests answered",
        actual=f"{passed} requests answered",
    )
    api.equals("request-quota.key-exact", "requests answered", passed, allowed)
    # That code and status belong together is checked of every answer.
    api.equals("request-quota.refusal-code", "status", refusal.status, 429)
    _, reason = refusal.refused or ("", None)
    if reason is not None:
        api.equals("request-quota.refusal-reason", "reason", reason, "quota_exceeded")

    shown = quota_of(api, key)
    api.equals("request-quota.key-listed", "in the list of key quotas", shown is not None, True)
    if shown is not None:
        api.equals("request-quota.key-listed", "limit in the list", shown.get("limit"), 3)
        exceeded = bool(shown.get("is_exceeded"))
        api.equals("request-quota.key-exceeded-reported", "is_exceeded", exceeded, True)
        remaining = max(0, number(shown, "remaining"))
        api.equals("request-quota.key-exceeded-reported", "remaining", remaining, 0)
    ask(api, other.user).succeeds("request-quota.key-leaves-organization")
    ask(api, api.owner).succeeds("request-quota.key-leaves-organization")


@story(suite=_SUITE, title="A key's usage is counted", needs=("owner",))
def key_is_counted(api: Api) -> None:
    """What a limited key did is in the list of key quotas."""
    key = new_key(api)
    before = number(limited(api, key, 100), "current_usage")
    for _ in range(3):
        ask(api, key.user)
    listed = quota_of(api, key) or {}
    after = number(listed, "current_usage")
    query = {"organization_id": api.organization_id}
    named = api.owner.call("listAPIKeyQuotas", query=query).succeeds("request-quota.key-organization-named")
    shown = [each.get("limit") for each in named.get("quotas") or [] if each.get("api_key_id") == key.id]
    api.equals("request-quota.key-organization-named", "the key's limit in the list", shown, [100])
    api.holds(
        "request-quota.key-usage-grows",
        after > before,
        expected=f"more than {before} after three requests",
        actual=after,
    )
    api.equals("request-quota.key-usage-exact", "usage after three requests", after, before + 3)


@story(suite=_SUITE, title="A key's limit is changed", needs=("owner",))
def key_limit_is_changed(api: Api) -> None:
    """Raised, the limit lets the key go on; lowered below the usage, it stops the key."""
    key = new_key(api)
    limited(api, key, 2)
    _, refusal = ask_until_refused(api, key.user, 2 + SLACK)
    api.require(refusal, "the key was not refused at its limit")

    raised = set_limit(api, key, 50).succeeds("request-quota.key-set-again")["quota"]
    api.equals("request-quota.key-set-again", "answered limit", raised.get("limit"), 50)
    listed = quota_of(api, key) or {}
    api.equals("request-quota.key-set-again", "listed limit", listed.get("limit"), 50)
    for _ in range(3):
        ask(api, key.user).succeeds("request-quota.key-raised-works")

    limited(api, key, 1)
    _, refusal = ask_until_refused(api, key.user, SLACK)
    api.equals("request-quota.key-lowered-stops", "the key is refused", refusal is not None, True)


@story(suite=_SUITE, title="A key's limit is removed", needs=("owner",), smoke=True)
def key_limit_is_removed(api: Api) -> None:
    """Without a limit of its own the exhausted key works again; another key keeps its limit."""
    key, other = new_key(api), new_key(api, "other-key")
    limited(api, other, 50)
    limited(api, key, 1)
    _, refusal = ask_until_refused(api, key.user, 1 + SLACK)
    api.require(refusal, "the key was not refused at its limit")

    answer = remove_limit(api, key).succeeds("request-quota.key-delete-empty")
    api.equals("request-quota.key-delete-empty", "answer", answer, {})
    for _ in range(2):
        ask(api, key.user).succeeds("request-quota.key-delete-works-again")
    listed = quota_of(api, key) or {}
    api.equals("request-quota.key-delete-unlists", "listed limit", listed.get("limit"), None)
    kept = quota_of(api, other) or {}
    api.equals("request-quota.key-delete-leaves-others", "limit of another key", kept.get("limit"), 50)


@story(suite=_SUITE, title="Limits that cannot be set", needs=("owner", "outsider"))
def bad_limits(api: Api) -> None:
    """Nothing and less than nothing are no limits; unknown keys and strangers are refused."""
    key = new_key(api)
    for limit in (0, -1):
        set_limit(api, key, limit).is_refused("request-quota.key-limit-positive", codes=("invalid_argument",))
    kept = quota_of(api, key) or {}
    api.equals("request-quota.key-limit-positive", "limit after refusals", kept.get("limit"), None)

    unknown = api.owner.call("setAPIKeyQuota", api_key_id=unknown_id(key.id), body={"limit": 5})
    unknown.is_refused("request-quota.key-unknown-refused", codes=CLOSED)
    for malformed in (key.id.removeprefix("key_"), "key_short"):
        wrong = api.owner.call("setAPIKeyQuota", api_key_id=malformed, body={"limit": 5})
        refuses_malformed(wrong)

    limited(api, key, 5)
    ours = api.organization_id
    for stolen in (
        api.outsider.call("setAPIKeyQuota", api_key_id=key.id, body={"limit": 9, "organization_id": ours}),
        api.outsider.call("setAPIKeyQuota", api_key_id=key.id, body={"limit": 9}),
        api.outsider.call("deleteAPIKeyQuota", api_key_id=key.id, query={"organization_id": ours}),
        api.outsider.call("listAPIKeyQuotas", query={"organization_id": ours}),
    ):
        stolen.is_refused("request-quota.key-outsider-refused", codes=CLOSED)
    kept = quota_of(api, key) or {}
    api.equals("request-quota.key-outsider-refused", "limit after refusals", kept.get("limit"), 5)


@story(suite=_SUITE, title="An organization sees its quota", needs=("owner", "outsider"), smoke=True)
def organization_sees_its_quota(api: Api) -> None:
    """Its own by default, with a period, and with every request counted; nobody else's."""
    first = api.owner.call("getOrganizationQuota").succeeds("request-quota.org-own-by-default")["quota"]
    own = first.get("organization_id")
    api.equals("request-quota.org-own-by-default", "organization", own, api.organization_id)
    named = api.owner.call("getOrganizationQuota", query={"organization_id": api.organization_id})
    quota = named.succeeds("request-quota.org-named")["quota"]
    named_id = quota.get("organization_id")
    api.equals("request-quota.org-named", "organization", named_id, api.organization_id)

    # Perhaps only requests made with keys are counted.
    key = new_key(api)
    before = number(organization_quota(api.owner), "current_usage")
    for _ in range(5):
        ask(api, key.user)
    after = number(organization_quota(api.owner), "current_usage")
    api.holds(
        "request-quota.org-usage-grows",
        after > before,
        expected=f"more than {before} after five requests",
        actual=after,
    )
    api.holds(
        "request-quota.org-usage-counts-each",
        after >= before + 5,
        expected=f"at least {before + 5} after five requests",
        actual=after,
    )
    begins, ends = instant(quota["period_start"]), instant(quota["reset_at"])
    following = (begins.year + begins.month // 12, begins.month % 12 + 1)
    api.holds(
        "request-quota.period-monthly",
        (ends.year, ends.month) == following and ends.day == begins.day == 1,
        expected="from the first of a month to the first of the next",
        actual=f"{quota['period_start']} to {quota['reset_at']}",
    )
    foreign = api.outsider.call("getOrganizationQuota", query={"organization_id": api.organization_id})
    foreign.is_refused("request-quota.org-others-refused", codes=CLOSED)


@story(
    suite=_SUITE,
    title="An organization stops when its requests are used up",
    needs=("owner", "outsider", "quota"),
)
def organization_is_stopped(api: Api) -> None:
    """One key uses up what all have; another one is refused as well, another organization is not."""
    spender, key = new_key(api, "spender"), new_key(api)
    limited(api, key, 1000)
    original = organization_quota(api.owner)
    api.quota.set_requests(limit=12, used=0)
    try:
        quota = organization_quota(api.owner)
        api.equals("request-quota.org-effective-limit", "limit", quota.get("effective_limit"), 12)
        allowed = 12 - number(quota, "current_usage")
        api.require(allowed > 0, "the usage could not be set back")
        passed, refusal = ask_until_refused(api, spender.user, allowed + SLACK)
        still = api.owner.call("getOrganizationQuota", patient=False)
        api.holds(
            "request-quota.org-enforced",
            refusal is not None,
            expected=f"a refusal after {allowed} requests, or a few more",
            actual=f"{passed} requests answered",
        )
        if refusal is None:
            return
        # Who is used up may not even be allowed to ask.
        used_up = still.status != 200 or number(still.body["quota"], "remaining") <= 0
        require_about_quota(refusal, is_used_up=used_up)
        api.holds(
            "request-quota.org-not-early",
            # The reading of the quota may count as a request itself.
            passed >= allowed - 1,
            expected=f"{allowed} requests answered",
            actual=f"{passed} requests answered",
        )
        api.equals("request-quota.refusal-code", "status", refusal.status, 429)
        _, reason = refusal.refused or ("", None)
        if reason is not None:
            api.equals("request-quota.refusal-reason", "reason", reason, "quota_exceeded")

        own = ask(api, key.user)
        api.equals(
            "request-quota.key-independent", "a key with requests left is refused", own.status != 200, True
        )
        elsewhere = api.outsider.call("getMe", patient=False)
        elsewhere.succeeds("request-quota.org-leaves-others")
        if still.status == 200:
            quota = still.body["quota"]
            exceeded = bool(quota.get("is_exceeded"))
            api.equals("request-quota.org-exceeded-reported", "is_exceeded", exceeded, True)
            remaining = max(0, number(quota, "remaining"))
            api.equals("request-quota.org-exceeded-reported", "remaining", remaining, 0)
    finally:
        limit, used = number(original, "effective_limit"), number(original, "current_usage")
        api.quota.set_requests(limit=limit, used=used)


@story(
    suite=_SUITE,
    title="A new period begins with nothing used",
    needs=("owner", "quota", "clock"),
)
def period_resets(api: Api) -> None:
    """Exhausted before the reset, the organization and its key work after it."""
    key, idle = new_key(api), new_key(api, "idle-key")
    original = organization_quota(api.owner)
    limited(api, key, 2)
    api.quota.set_requests(limit=8, used=0)
    try:
        _, key_refusal = ask_until_refused(api, key.user, 2 + SLACK)
        _, refusal = ask_until_refused(api, idle.user, 8 + SLACK)
        api.require(refusal, "the organization was not refused at its limit")

        to_wait = instant(original["reset_at"]) - instant(key.created_at)
        api.clock.advance(seconds=to_wait.total_seconds() + 60)
        # A key is asked, since a user's token may have expired in the meantime.
        ask(api, idle.user).succeeds("request-quota.org-resets")
        if key_refusal:
            ask(api, key.user).succeeds("request-quota.key-resets")
        quota = organization_quota(idle.user)
        api.holds(
            "request-quota.org-resets",
            number(quota, "current_usage") < 8,
            expected="a usage of the new period's few requests",
            actual=number(quota, "current_usage"),
        )
        begins = quota["period_start"]
        api.holds(
            "request-quota.org-resets",
            instant(begins) >= instant(original["reset_at"]),
            expected=f"a period that begins at {original['reset_at']} or later",
            actual=begins,
        )
    finally:
        api.quota.set_requests(limit=number(original, "effective_limit"), used=0)
