"""What is asked for at the same time: each thing happens once, and the last unit is given out once."""

from factify_contract.scenarios.documents import (
    accessible_ids,
    is_listed,
    read,
    readers,
    shared_document,
)
from factify_contract.scenarios.invitations import guest, invitations, invite, mailed_token, stranger
from factify_contract.scenarios.quotas import document_quota, limited, new_key
from factify_contract.scenarios.steps import REFUSALS, every
from factify_contract.scenarios.story import Api, story

_SUITE = "concurrency"
# So many calls meet, and so many requests the key has that sends more of them.
_CALLS, _CROWD, _LEFT = 3, 12, 3
_EITHER = {"trash_state": ["active", "trashed"]}


@story(
    suite=_SUITE,
    title="An invitation is accepted twice at the same time",
    needs=("owner", "invitee", "mailbox"),
    smoke=True,
)
def accepted_at_once(api: Api) -> None:
    """An impatient click sends the same acceptance twice; there is one new member."""
    invitee = stranger(api)
    token = mailed_token(api, invite(api, invitee.email))
    accepting = invitee.planned(
        "acceptOrganizationInvite", organization_id=api.organization_id, body={"token": token}
    )
    answers = api.at_once(accepting, accepting)

    successes = sum(answer.status == 200 for answer in answers)
    api.require(successes, f"nobody could accept: {answers[0].exchange.line}")
    api.equals("invites.accept-at-once-one-succeeds", "acceptances that succeeded", successes, 1)
    listed = every(api.owner, "listOrganizationMembers", organization_id=api.organization_id)
    times = sum(member["user"]["id"] == invitee.user_id for member in listed)
    api.equals("invites.accept-at-once-joins-once", "times in the list of members", times, 1)


@story(suite=_SUITE, title="One address is invited twice at the same time", needs=("owner", "admin"))
def invited_at_once(api: Api) -> None:
    """Owner and admin have the same idea; one invitation is pending."""
    email = guest(api)
    answers = api.at_once(
        *(
            person.planned(
                "createOrganizationInvite", organization_id=api.organization_id, body={"email": email}
            )
            for person in (api.owner, api.admin)
        )
    )
    api.require(any(answer.status == 200 for answer in answers), "nobody could be invited")
    found = [sent for sent in invitations(api, email__exact=email) if sent["status"] == "pending"]
    api.equals("invites.repeat-at-once-one-pending", "pending invitations to the address", len(found), 1)


@story(
    suite=_SUITE, title="The last document is created by several at once", needs=("owner", "document_quota")
)
def last_document(api: Api) -> None:
    """One document is left, and three are uploaded at the same time."""
    original = document_quota(api)
    limit = original["used"] + 1
    api.quota.set_documents(limit)
    try:
        creations = [
            api.owner.planned(
                "createDocument",
                body={"title": api.unique("last")},
                files={"payload": ("document.pdf", api.pdf(), "application/pdf")},
            )
            for _ in range(_CALLS)
        ]
        successes = sum(answer.status == 200 for answer in api.at_once(*creations))
        api.holds(
            "document-quota.last-one-at-once",
            successes <= 1,
            expected="at most one document more",
            actual=f"{successes} creations of {_CALLS} succeeded",
        )
        used = document_quota(api)["used"]
        api.holds(
            "document-quota.last-one-at-once",
            used <= limit,
            expected="no more documents used than the limit",
            actual=f"{used - limit} more documents used than the limit",
        )
    finally:
        api.quota.set_documents(original["limit"])


@story(suite=_SUITE, title="A key's last requests are made at once", needs=("owner",))
def last_requests(api: Api) -> None:
    """A key with three requests left sends twelve at the same time."""
    key = new_key(api)
    limited(api, key, _LEFT)
    asking = key.user.planned("getOrganization", organization_id=api.organization_id, patient=False)
    answers = api.at_once(*[asking] * _CROWD)

    successes = sum(answer.status == 200 for answer in answers)
    api.holds(
        "request-quota.key-enforced-at-once",
        successes < _CROWD,
        expected=f"refusals among {_CROWD} requests of a key that has {_LEFT}",
        actual=f"{successes} requests answered",
    )
    api.holds(
        "request-quota.key-exact-at-once",
        successes <= _LEFT,
        expected=f"at most {_LEFT} requests answered",
        actual=f"{successes} requests answered",
    )


@story(suite=_SUITE, title="Several documents are created at the same time", needs=("owner",))
def created_at_once(api: Api) -> None:
    """The same upload, sent three times at once, makes three documents: nothing joins them."""
    title = api.unique("thrice")
    creating = api.owner.planned(
        "createDocument",
        body={"title": title},
        files={"payload": ("document.pdf", api.pdf(), "application/pdf")},
    )
    answers = [answer for answer in api.at_once(*[creating] * _CALLS) if answer.status == 200]
    api.require(answers, "no document could be made")
    made = {answer.body["document"]["id"] for answer in answers}
    api.equals("identifiers.unique-at-once", "different ids", len(made), len(answers))
    listed = made & set(accessible_ids(api.owner, title_contains=title))
    api.equals("documents.create-at-once", "created documents in the list", sorted(listed), sorted(made))


@story(suite=_SUITE, title="A document is trashed and restored at the same time", needs=("owner", "member"))
def trashed_at_once(api: Api) -> None:
    """Whichever comes first, afterwards the document is in one place, and nobody else's."""
    document = shared_document(api, [api.member])
    had_it = readers(document, [api.member])
    calls = [
        api.owner.planned(operation, document_id=document["id"])
        for operation in ("trashDocument", "untrashDocument", "trashDocument", "untrashDocument")
    ]
    answers = api.at_once(*calls)

    trashings = (answers[0], answers[2])
    api.require(any(answer.status == 200 for answer in trashings), "the document could not be trashed")
    places = [state for state in ("active", "trashed") if is_listed(api.owner, document, trash_state=[state])]
    api.equals("trash.at-once-one-place", "places where it is listed", len(places), 1)
    shown = is_listed(api.owner, document, **_EITHER) or {}
    is_marked = bool(shown.get("trashed_at"))
    api.equals("trash.at-once-one-place", "trashed_at is given", is_marked, places == ["trashed"])
    for person in had_it:
        read(person, document).is_refused("trash.at-once-revokes", codes=REFUSALS)
