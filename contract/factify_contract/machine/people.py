"""Acts on the organization's people: invitations, memberships, and time that passes."""

from typing import Any

from factify_contract.machine.knowledge import INVITEE, MEMBER, OUT, PEOPLE
from factify_contract.machine.oracle import (
    accepting,
    adding,
    inviting,
    managing,
    promoting,
    removing,
    resending,
    viewing_members,
    withdrawing,
)
from factify_contract.machine.play import Play
from factify_contract.machine.script import Step
from factify_contract.scenarios.steps import instant
from factify_contract.scenarios.story import Answer, NotExercised

_DAY = 86400
# Clocks may be a little apart, and a call takes time.
_TOLERANCE = 600
_STATUSES = {
    "pending": "invites.list-shows",
    "accepted": "invites.accept-marks-accepted",
    "revoked": "invites.revoke-status",
    "expired": "invites.expired-status",
}
_NEW_AFTER = {"expired": "invites.after-expiry-new", "revoked": "invites.after-revocation-new"}


def invite(play: Play, step: Step) -> None:
    """A person invites the invitee."""
    answer = play.call(
        step,
        "createOrganizationInvite",
        body={"email": play.api.person(INVITEE).email},
        organization_id=play.api.organization_id,
    )
    done = play.came_to(answer, inviting(play.known, step.by))
    if done is None:
        play.known.invites.clear()
    if done:
        _invited(play, step.makes, answer.body["invite"])


def _invited(play: Play, name: str, sent: dict[str, Any]) -> None:
    known, identifier = play.known, sent["id"]
    pending = [other for other in known.invites if known.state(other) == "pending"]
    before = play.name_of(identifier)
    was_pending = before in pending
    if pending:
        play.equals("invites.repeat-same-invite", "the pending invitation again", was_pending, True)
    for other in known.invites:
        if clause := _NEW_AFTER.get(known.state(other) or ""):
            play.equals(clause, "the old invitation again", play.ids[other] == identifier, False)
    clause = "invites.repeat-stays-pending" if was_pending else "invites.create-pending"
    play.equals(clause, "status", sent.get("status"), "pending")
    if before in known.invites:
        known.invites[name] = known.invites[str(before)]
    play.ids[name] = identifier
    known.sent(name)
    _compare_expiry(play, sent, is_repeated=was_pending)
    token = play.new_token(identifier, is_certain=True)
    if was_pending and play.api.mailbox.mailbox is not None:
        play.equals("invites.repeat-new-token", "a new token came", token is not None, True)
    known.invites[name].is_token_sure = token is not None


def _compare_expiry(play: Play, sent: dict[str, Any], *, is_repeated: bool) -> None:
    """An invitation that was sent again by inviting lasts as much longer as days have passed."""
    day, expiry = play.expiries.get(sent["id"], (play.known.day, sent["expires_at"]))
    if is_repeated and play.known.day > day:
        gained = (instant(sent["expires_at"]) - instant(expiry)).total_seconds()
        is_refreshed = gained >= (play.known.day - day) * _DAY - _TOLERANCE
        play.equals("invites.repeat-refreshes-expiry", "expires_at is later", is_refreshed, True)
    play.expiries[sent["id"]] = (play.known.day, sent["expires_at"])


def resend(play: Play, step: Step) -> None:
    """A person sends an invitation again."""
    answer = _on_invite(play, step, "resendOrganizationInvite")
    done = play.came_to(answer, resending(play.known, step.by, step.on))
    if done is None:
        play.known.forget(step.on)
    if not done:
        return
    identifier = answer.body["invite"]["id"]
    if play.known.state(step.on) in ("pending", "expired"):
        play.equals("invites.resend-same-invite", "invitation", identifier, play.ids[step.on])
    play.known.resent(step.on)
    before = play.tokens.get(identifier, [])[-1:]
    token = play.new_token(identifier, is_certain=False)
    play.known.invites[step.on].is_token_sure = token is not None and [token] != before


def withdraw(play: Play, step: Step) -> None:
    """A person revokes an invitation."""
    answer = _on_invite(play, step, "revokeOrganizationInvite")
    done = play.came_to(answer, withdrawing(play.known, step.by, step.on))
    known = play.known.invites[step.on]
    state = play.known.state(step.on)
    if done and state == "pending":
        shown = answer.body["invite"].get("status")
        play.equals("invites.revoke-status", "answered status", shown, "revoked")
        known.state = "revoked"
    elif done is not False and state not in ("accepted", "revoked"):
        known.state = None


def _on_invite(play: Play, step: Step, operation_id: str) -> Answer:
    return play.call(
        step, operation_id, organization_id=play.api.organization_id, invite_id=play.ids[step.on]
    )


def accept(play: Play, step: Step) -> None:
    """A person accepts an invitation with its token; `value` says whether the newest or the oldest."""
    tokens = play.tokens.get(play.ids[step.on], [])
    if not tokens:
        return
    token = tokens[0] if step.value == "oldest" else tokens[-1]
    organization = play.api.organization_id
    answer = play.call(step, "acceptOrganizationInvite", body={"token": token}, organization_id=organization)
    expected = accepting(play.known, step.by, step.on, newest=token == tokens[-1])
    done = play.came_to(answer, expected)
    if done is None:
        play.known.became(step.by, None, "")
        play.known.invites[step.on].state = None
    if not done:
        return
    joined = answer.body["organization"].get("id")
    play.equals("invites.accept-returns-organization", "answer", joined, organization)
    play.known.invites[step.on].state = "accepted"
    play.known.became(step.by, MEMBER, "invites.accept-joins")


def list_invites(play: Play, step: Step) -> None:
    """A person lists the invitations of the organization."""
    answer = play.call(
        step,
        "listOrganizationInvites",
        query={"page_size": 100},
        organization_id=play.api.organization_id,
    )
    if not play.came_to(answer, managing(play.known, step.by, "invites.outsider-refused")):
        return
    shown = {item["id"]: item for item in answer.body.get("items") or []}
    is_whole = not (answer.body.get("pagination") or {}).get("next_page_token")
    for name, known in play.known.invites.items():
        item, state = shown.get(play.ids[name]), play.known.state(name)
        if is_whole:
            play.equals("invites.list-shows", "in the list of invitations", item is not None, True)
        if item is None:
            continue
        status = item.get("status")
        if state is not None:
            is_taken_back = state == "accepted" and status == "revoked"
            clause = "invites.revoke-pending-only" if is_taken_back else _STATUSES[state]
            play.equals(clause, "listed status", status, state)
        elif known.state is None and status in _STATUSES:
            known.state = status
        if state == "accepted":
            who = (item.get("accepted_by") or {}).get("id")
            expected = play.user_id(INVITEE)
            play.equals("invites.accept-records-when-and-who", "accepted_by", who, expected)


def add_member(play: Play, step: Step) -> None:
    """A person makes somebody a member with the role `value`."""
    expected = adding(play.known, step.by, step.whom, step.value)
    body = {"user_id": play.user_id(step.whom), "role": step.value}
    if play.may_move(step, expected):
        answer = play.call(step, "addOrganizationMember", body=body, organization_id=play.api.organization_id)
        _moved(play, step, play.came_to(answer, expected), step.value, "members.add")


def promote(play: Play, step: Step) -> None:
    """A person changes a member's role to `value`."""
    expected = promoting(play.known, step.by, step.whom, step.value)
    if play.may_move(step, expected):
        answer = _on_member(play, step, "updateOrganizationMember", body={"role": step.value})
        _moved(play, step, play.came_to(answer, expected), step.value, "members.update-role")


def remove(play: Play, step: Step) -> None:
    """A person ends a membership, or leaves."""
    expected = removing(play.known, step.by, step.whom)
    if play.may_move(step, expected):
        answer = _on_member(play, step, "removeOrganizationMember")
        _moved(play, step, play.came_to(answer, expected), OUT, "members.remove")


def _on_member(play: Play, step: Step, operation_id: str, *, body: Any = None) -> Answer:
    return play.call(
        step,
        operation_id,
        body=body,
        organization_id=play.api.organization_id,
        user_id=play.user_id(step.whom),
    )


def _moved(play: Play, step: Step, done: bool | None, role: str, clause: str) -> None:
    if done is not False:
        play.known.became(step.whom, role if done else None, clause)


def list_members(play: Play, step: Step) -> None:
    """A person lists the members of the organization."""
    answer = play.call(
        step,
        "listOrganizationMembers",
        query={"page_size": 100},
        organization_id=play.api.organization_id,
    )
    if not play.came_to(answer, viewing_members(play.known, step.by)):
        return
    shown = {item["user"]["id"]: item.get("role") for item in answer.body.get("items") or []}
    is_whole = not (answer.body.get("pagination") or {}).get("next_page_token")
    for who in PEOPLE:
        try:
            role = shown.get(play.user_id(who))
        except NotExercised:
            continue
        if role is not None or is_whole:
            _compare_member(play, who, role or OUT)


def _compare_member(play: Play, who: str, role: str) -> None:
    expected = play.known.members.get(who)
    if expected is not None:
        clause = play.known.why.get(who) or "members.list"
        if clause == "invites.accept-joins" and role != OUT:
            clause = "invites.accept-role-member"
        play.equals(clause, "role in the organization", role, expected)
    if role != expected:
        play.known.became(who, role, "members.list")


def pass_days(play: Play, step: Step) -> None:
    """So many days pass for everybody."""
    if play.is_alone and play.api.clock.clock is not None:
        play.api.clock.advance(days=int(step.value))
        play.known.passed(int(step.value))


ACTS = {
    "invite": invite,
    "resend invite": resend,
    "revoke invite": withdraw,
    "accept invite": accept,
    "list invites": list_invites,
    "add member": add_member,
    "change member": promote,
    "remove member": remove,
    "list members": list_members,
    "pass days": pass_days,
}
