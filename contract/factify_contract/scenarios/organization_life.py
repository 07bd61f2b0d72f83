"""Organizations and their members: who belongs, with which role, and who may change that."""

from factify_contract.scenarios.invitations import stranger
from factify_contract.scenarios.paging import a_third_of, comes_in_pages, paged
from factify_contract.scenarios.steps import (
    CLOSED,
    REFUSALS,
    every,
    ids,
    members,
    own_organization,
    refuses_malformed,
    unknown_id,
)
from factify_contract.scenarios.story import Answer, Api, Person, story

_SUITE = "organizations"


def _add(api: Api, person: Person, user_id: str, role: str) -> Answer:
    """What happens when the person adds a user to the organization."""
    return person.call(
        "addOrganizationMember",
        organization_id=api.organization_id,
        body={"user_id": user_id, "role": role},
    )


def _change(api: Api, person: Person, user_id: str, role: str) -> Answer:
    """What happens when the person changes a member's role."""
    return person.call(
        "updateOrganizationMember",
        organization_id=api.organization_id,
        user_id=user_id,
        body={"role": role},
    )


def _remove(api: Api, person: Person, user_id: str) -> Answer:
    """What happens when the person removes a member."""
    return person.call("removeOrganizationMember", organization_id=api.organization_id, user_id=user_id)


def _role(api: Api, user_id: str) -> str | None:
    """The user's role, as the owner's list of members has it; None for no member."""
    found = members(api).get(user_id)
    return found["role"] if found else None


@story(suite=_SUITE, title="Everybody knows who he is", needs=("owner", "member"), smoke=True)
def introduced(api: Api) -> None:
    """A user reads his own profile, with his organizations, and his preferences."""
    for person in (api.owner, api.member):
        answer = person.call("getMe").succeeds("users.me")
        api.equals("users.me", "user", answer["user"]["id"], person.user_id)
        api.equals("authentication.user-token-accepted", "user", answer["user"]["id"], person.user_id)
        mine = ids(answer.get("organizations") or [])
        api.equals("users.me-organizations", "among his organizations", api.organization_id in mine, True)
        person.call("getUserPreferences").succeeds("users.preferences")


@story(
    suite=_SUITE,
    title="An organization is read by its members",
    needs=("owner", "member", "outsider"),
    smoke=True,
)
def read_by_members(api: Api) -> None:
    """Members read and list it; strangers do not find it, but may see its public face."""
    for person in (api.owner, api.member):
        answer = person.call("getOrganization", organization_id=api.organization_id)
        organization = answer.succeeds("organizations.get")["organization"]
        api.equals("organizations.get", "organization", organization["id"], api.organization_id)
        listed = ids(every(person, "listOrganizations"))
        api.equals("organizations.list-mine", "in the list", api.organization_id in listed, True)
    listed = ids(every(api.outsider, "listOrganizations"))
    api.equals(
        "organizations.list-hides-foreign", "in a stranger's list", api.organization_id in listed, False
    )

    name = organization["name"]
    for person in (api.anonymous, api.outsider):
        profile = person.call("getOrganizationPublicProfile", organization_id=api.organization_id)
        shown = profile.succeeds("organizations.public-profile").get("display_name")
        api.equals("organizations.public-profile", "display_name", shown, name)
    missing = api.owner.call("getOrganization", organization_id=unknown_id(api.organization_id))
    if missing.is_refused("identifiers.unknown-refused", codes=CLOSED):
        missing.is_refused("identifiers.unknown-is-not-found", codes=("not_found",))
    wrong = api.owner.call("getOrganization", organization_id=api.organization_id.removeprefix("org_"))
    refuses_malformed(wrong)


@story(suite=_SUITE, title="Organizations are listed by one's own role", needs=("owner", "admin", "member"))
def listed_by_role(api: Api) -> None:
    """Each finds the organization under his own role, and not under another."""
    for person, role in ((api.owner, "owner"), (api.admin, "admin"), (api.member, "member")):
        for asked in ("owner", "admin", "member"):
            listed = ids(every(person, "listOrganizations", query={"role": [asked]}))
            found = api.organization_id in listed
            api.equals("organizations.list-role-filter", f"{role} lists as {asked}", found, asked == role)
        listed = ids(every(person, "listOrganizations", query={"role": ["owner", "admin", "member"]}))
        found = api.organization_id in listed
        api.equals("organizations.list-role-filter", f"{role} lists as any", found, True)


@story(
    suite=_SUITE,
    title="An organization is renamed",
    needs=("owner", "admin", "member", "outsider"),
    smoke=True,
)
def renamed(api: Api) -> None:
    """By the owner and an admin; a plain member and a stranger are refused."""
    before = api.owner.call("getOrganization", organization_id=api.organization_id).body["organization"]

    def rename(person: Person, name: str, **others: str) -> Answer:
        body = {"name": name, **others}
        return person.call("updateOrganization", organization_id=api.organization_id, body=body)

    def name() -> str:
        seen = api.owner.call("getOrganization", organization_id=api.organization_id)
        text: str = seen.body["organization"]["name"]
        return text

    wanted, logo = before["name"], before.get("logo_image_url")
    try:
        for person in (api.owner, api.admin):
            wanted = api.unique("organization")
            rename(person, wanted).succeeds("organizations.update-name")
            api.equals("organizations.update-name", "name", name(), wanted)
        profile = api.anonymous.call("getOrganizationPublicProfile", organization_id=api.organization_id)
        shown = profile.body.get("display_name")
        api.equals("organizations.public-profile-follows", "display_name", shown, wanted)
        seen = api.owner.call("getOrganization", organization_id=api.organization_id).body["organization"]
        shown = seen.get("logo_image_url")
        api.equals("organizations.update-omitted-keeps", "logo after a change of the name", shown, logo)
        # A change of nothing may as well be refused.
        for nothing in ({}, {"name": None}, {"logo_image_url": None}):
            left = api.owner.call("updateOrganization", organization_id=api.organization_id, body=nothing)
            if left.status == 200:
                api.equals("organizations.update-omitted-keeps", "name", name(), wanted)
        rename(api.member, "Ours").is_refused("organizations.update-needs-admin", codes=CLOSED)
        rename(api.outsider, "Theirs").is_refused("organizations.outsider-refused", codes=CLOSED)
        api.equals("organizations.update-needs-admin", "name", name(), wanted)
    finally:
        # With the logo, which a service may have lost with the name.
        rename(api.owner, before["name"], **({"logo_image_url": logo} if logo else {}))


@story(
    suite=_SUITE, title="Members are listed with their roles", needs=("owner", "admin", "member", "outsider")
)
def members_listed(api: Api) -> None:
    """The list is the same for every member, and closed to strangers."""
    expected = {api.owner.user_id: "owner", api.admin.user_id: "admin", api.member.user_id: "member"}
    for person in (api.owner, api.admin, api.member):
        seen = members(api, person)
        roles = {user_id: seen[user_id]["role"] for user_id in expected if user_id in seen}
        api.equals("members.list", f"roles as the {person.name} sees them", roles, expected)
        owners = [user_id for user_id, each in seen.items() if each["role"] == "owner"]
        api.equals("members.one-owner", "owners", owners, [api.owner.user_id])
    looked = api.outsider.call("listOrganizationMembers", organization_id=api.organization_id)
    looked.is_refused("members.list-outsider-refused", codes=CLOSED)


@story(suite=_SUITE, title="Members come in pages", needs=("owner", "admin", "member"))
def members_in_pages(api: Api) -> None:
    """The organization's members, a third of them to a page."""
    whole = list(members(api))
    listed = paged(
        api.owner,
        "listOrganizationMembers",
        size=a_third_of(whole),
        identify=lambda item: str(item["user"]["id"]),
        organization_id=api.organization_id,
    )
    comes_in_pages(api, listed, whole)


@story(suite=_SUITE, title="Organizations come in pages", needs=("owner",))
def organizations_in_pages(api: Api) -> None:
    """The owner's organizations, a third of them to a page; where nothing lasts, he founds two more."""
    founded = [
        api.owner.call("createOrganization", body={"name": api.unique("one-of-many")})
        for _ in range(2 if api.is_disposable else 0)
    ]
    whole = ids(every(api.owner, "listOrganizations"))
    refused = [answer.exchange.line for answer in founded if answer.status != 200]
    api.require(
        len(whole) > 1, f"the owner has only one organization {refused[0] if refused else ''}".strip()
    )
    comes_in_pages(api, paged(api.owner, "listOrganizations", size=a_third_of(whole)), whole)


@story(suite=_SUITE, title="A member is added, promoted and removed", needs=("owner", "invitee"), smoke=True)
def member_comes_and_goes(api: Api) -> None:
    """The whole career of a member, in the owner's hands."""
    newcomer = stranger(api)
    added = _add(api, api.owner, newcomer.user_id, "member").succeeds("members.add")["member"]
    api.equals("members.add", "added user", added["user"]["id"], newcomer.user_id)
    listed = members(api).get(newcomer.user_id, {})
    api.equals("members.add", "listed role", listed.get("role"), "member")
    again = _add(api, api.owner, newcomer.user_id, "member")
    again.is_refused("members.add-twice-refused", codes=("already_exists", "failed_precondition"))

    promoted = _change(api, api.owner, newcomer.user_id, "admin").succeeds("members.update-role")["member"]
    api.equals("members.update-role", "answered role", promoted["role"], "admin")
    api.equals("members.update-role", "listed role", _role(api, newcomer.user_id), "admin")
    demoted = _change(api, api.owner, newcomer.user_id, "member")
    demoted.succeeds("members.update-role")
    api.equals("members.update-role", "listed role", _role(api, newcomer.user_id), "member")
    joined_at = members(api).get(newcomer.user_id, {}).get("joined_at")
    api.equals("members.update-keeps-joining", "joined_at", joined_at, listed.get("joined_at"))
    back = _change(api, newcomer, newcomer.user_id, "admin")
    back.is_refused("members.update-needs-manage", codes=CLOSED)

    removed = _remove(api, api.owner, newcomer.user_id).succeeds("members.remove")
    api.equals("members.remove", "answer", removed, {})
    api.equals("members.remove", "listed role", _role(api, newcomer.user_id), None)
    looked = newcomer.call("listOrganizationMembers", organization_id=api.organization_id)
    looked.is_refused("members.remove-ends-access", codes=CLOSED)
    told = ids(newcomer.call("getMe").body.get("organizations") or [])
    among = api.organization_id in told
    api.equals("users.me-organizations", "among the organizations of who was removed", among, False)


@story(suite=_SUITE, title="A member leaves", needs=("owner", "invitee"))
def member_leaves(api: Api) -> None:
    """Nobody has to be asked for leave."""
    newcomer = stranger(api)
    added = _add(api, api.owner, newcomer.user_id, "member")
    api.require(added.status == 200, f"nobody could be added: {added.exchange.line}")
    _remove(api, newcomer, newcomer.user_id).succeeds("members.remove-self")
    api.equals("members.remove-self", "listed role", _role(api, newcomer.user_id), None)


@story(suite=_SUITE, title="The owner stays the owner", needs=("owner", "admin", "member", "invitee"))
def owner_stays(api: Api) -> None:
    """Nobody is made owner; the owner is neither demoted nor removed, not even by himself."""
    newcomer, owner = stranger(api), api.owner.user_id
    _add(api, api.owner, newcomer.user_id, "owner").is_refused("members.add-owner-refused", codes=REFUSALS)
    api.equals("members.add-owner-refused", "role of the newcomer", _role(api, newcomer.user_id), None)
    crowned = _change(api, api.owner, api.member.user_id, "owner")
    crowned.is_refused("members.update-to-owner-refused", codes=REFUSALS)
    api.equals("members.update-to-owner-refused", "role", _role(api, api.member.user_id), "member")

    for person in (api.owner, api.admin):
        _change(api, person, owner, "member").is_refused("members.update-owner-refused", codes=REFUSALS)
        _remove(api, person, owner).is_refused("members.remove-owner-refused", codes=REFUSALS)
    api.equals("members.update-owner-refused", "role of the owner", _role(api, owner), "owner")


@story(
    suite=_SUITE,
    title="Who may not manage members",
    needs=("owner", "admin", "member", "outsider", "invitee"),
)
def managed_by_managers(api: Api) -> None:
    """A plain member and a stranger neither add, change nor remove; an admin may."""
    newcomer = stranger(api)
    admin, member = api.admin.user_id, api.member.user_id
    tried = api.member
    _add(api, tried, newcomer.user_id, "member").is_refused("members.add-needs-manage", codes=CLOSED)
    _change(api, tried, member, "admin").is_refused("members.update-needs-manage", codes=CLOSED)
    _remove(api, tried, admin).is_refused("members.remove-needs-manage", codes=CLOSED)
    for attempt in (
        _add(api, api.outsider, api.outsider.user_id, "admin"),
        _change(api, api.outsider, member, "admin"),
        _remove(api, api.outsider, member),
    ):
        attempt.is_refused("members.outsider-refused", codes=CLOSED)
    roles = [_role(api, user) for user in (newcomer.user_id, member, admin, api.outsider.user_id)]
    api.equals("members.outsider-refused", "roles after the attempts", roles, [None, "member", "admin", None])

    _add(api, api.admin, newcomer.user_id, "member").succeeds("members.add-needs-manage")
    _change(api, api.admin, newcomer.user_id, "admin").succeeds("members.update-needs-manage")
    _remove(api, api.admin, newcomer.user_id).succeeds("members.remove-needs-manage")
    unknown = _add(api, api.owner, unknown_id(newcomer.user_id), "member")
    unknown.is_refused("members.add-unknown-user-refused", codes=REFUSALS)


@story(suite=_SUITE, title="Without good credentials nothing is answered", needs=("owner",))
def credentials(api: Api) -> None:
    """No token, and tokens that nobody issued."""
    invented = api.as_token("stranger", "no-such-token")
    forged = api.as_token("forger", "ffy_prod_" + "0" * 69)

    def ask(person: Person) -> tuple[Answer, ...]:
        organization = {"organization_id": api.organization_id}
        return (
            person.call("getMe"),
            person.call("listDocuments"),
            person.call("getOrganization", organization_id=api.organization_id),
            person.call("listOrganizationMembers", organization_id=api.organization_id),
            person.call("listOrganizationInvites", organization_id=api.organization_id),
            person.call("listApiKeys", query=organization),
            person.call("getOrganizationQuota", query=organization),
        )

    codes = ("unauthenticated",)
    for answer in ask(api.anonymous):
        if answer.is_refused("authentication.required", codes=codes):
            reasons = ("missing_api_key", "authentication_required")
            answer.is_refused("authentication.missing-reason", codes=codes, reasons=reasons)
    for answer in (*ask(invented), *ask(forged)):
        if answer.is_refused("authentication.unknown-token-refused", codes=codes):
            reasons = ("invalid_api_key", "invalid_token")
            answer.is_refused("authentication.unknown-token-reason", codes=codes, reasons=reasons)
    basic = {"authorization": "Basic b3duZXI6c2VjcmV0"}
    api.anonymous.call("getMe", headers=basic).is_refused("authentication.other-scheme-refused", codes=codes)


@story(
    suite=_SUITE,
    title="The history of requests is the organization's own",
    needs=("owner", "outsider"),
    smoke=True,
)
def usage_history(api: Api) -> None:
    """The owner reads it, a stranger does not."""
    history = api.owner.call("getUsageHistory").succeeds("usage.names-organization")
    api.equals(
        "usage.names-organization", "organization", history.get("organization_id"), api.organization_id
    )
    foreign = api.outsider.call("getUsageHistory", query={"organization_id": api.organization_id})
    foreign.is_refused("usage.outsider-refused", codes=CLOSED)
    day = {"date.after": "2026-01-10T00:00:00Z", "date.before": "2026-01-12T23:59:59Z"}
    days = api.owner.call("getUsageHistory", query=day).body.get("daily_usage") or []
    # A day more at each end, since nobody says in which zone days are counted.
    outside = [each["date"] for each in days if not "2026-01-09" <= each["date"] <= "2026-01-13"]
    api.equals("usage.days-inside-range", "days outside the range", outside, [])
    backwards = api.owner.call(
        "getUsageHistory",
        query={"date.after": "2026-02-01T00:00:00Z", "date.before": "2026-01-01T00:00:00Z"},
    )
    backwards.is_refused("timestamps.usage-range-order", codes=("invalid_argument",))
    elsewhere = own_organization(api.outsider)
    theirs = api.outsider.call("getUsageHistory", query={"organization_id": elsewhere})
    named = theirs.succeeds("usage.names-organization").get("organization_id")
    api.equals("usage.names-organization", "organization", named, elsewhere)
