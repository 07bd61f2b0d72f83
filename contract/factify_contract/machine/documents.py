"""Acts on documents: made, read, changed, shared, trashed and restored."""

from collections.abc import Iterator
from typing import Any

from factify_contract.machine.knowledge import (
    API_KEY,
    MEMBER,
    ORGANIZATION,
    OWNER,
    PEOPLE,
    RESTRICTED,
    ROLES,
    UNSURE,
    KnownDocument,
)
from factify_contract.machine.oracle import (
    EITHER,
    Expected,
    handling,
    is_plain,
    listed,
    must,
    never,
    reading,
)
from factify_contract.machine.play import Play
from factify_contract.machine.script import Step
from factify_contract.scenarios.story import Answer, NotExercised

_STATES = {"": [], "active": ["active"], "trashed": ["trashed"], "either": ["active", "trashed"]}


def create(play: Play, step: Step) -> None:
    """A person uploads a document; `value` is its access level, or nothing."""
    if play.documents_left <= 0:
        return
    title = play.api.unique("document")
    body = {"title": title} | ({"access_level": step.value} if step.value else {})
    answer = play.call(step, "createDocument", body=body, files=play.pdf())
    expected = must("documents.create-returns-document") if step.by == OWNER else EITHER
    done = play.came_to(answer, expected)
    if done is None:
        play.known.used = None
    if not done:
        return
    play.documents_left -= 1
    made = answer.body["document"]
    play.ids[step.makes] = made["id"]
    play.equals("documents.create-returns-document", "title", made.get("title"), title)
    version = (made.get("current_version") or {}).get("id")
    play.known.made(
        step.makes,
        KnownDocument(
            step.by,
            is_ours=step.by in (*ROLES, API_KEY),
            title=title,
            level=RESTRICTED if step.value == "private" else None,
            versions=[version] if version else [],
        ),
    )


def read(play: Play, step: Step) -> None:
    """A person reads a document by its id."""
    answer = play.call(step, "getDocument", document_id=play.ids[step.on])
    if play.came_to(answer, reading(play.known, step.by, step.on)):
        _compare(play, step.on, answer.body["document"])


def _compare(play: Play, name: str, shown: dict[str, Any]) -> None:
    """What an answer shows of a document, beside what is known of it."""
    known = play.known.documents[name]
    clause = "trash.restore-keeps-content" if known.was_restored else "documents.get-returns-document"
    if known.was_renamed:
        clause = "documents.update-title"
    play.equals(clause, "title", shown.get("title"), known.title)
    is_trashed = shown.get("trashed_at") is not None
    clause = "trash.restore-clears-trashed-at" if known.was_restored else "documents.trashed-at-only-in-trash"
    if known.is_trashed:
        clause = "trash.sets-trashed-at"
    play.equals(clause, "trashed_at is given", is_trashed, known.is_trashed)
    current = (shown.get("current_version") or {}).get("id")
    if known.ready and current:
        is_newest = current == known.ready
        play.equals("versions.create-becomes-current", "the newest version is current", is_newest, True)


def list_documents(play: Play, step: Step) -> None:
    """A person lists documents; `value` is the trash state asked for, or nothing."""
    query: dict[str, Any] = {"page_size": 100}
    if step.value:
        query["trash_state"] = _STATES[step.value]
    answer = play.call(step, "listDocuments", query=query)
    if not play.came_to(answer, EITHER):
        return
    shown = {item["id"]: item for item in answer.body.get("items") or []}
    is_whole = not (answer.body.get("pagination") or {}).get("next_page_token")
    for name in play.known.documents:
        item = shown.get(play.ids[name])
        expected = listed(play.known, step.by, name, step.value)
        if expected.done is not None and (item is not None or is_whole):
            what = f"in the list of {step.value} ones" if step.value else "in the list without trash_state"
            play.equals(expected.clause, what, item is not None, expected.done)
        if item is not None and expected.done:
            _compare(play, name, item)


def rename(play: Play, step: Step) -> None:
    """A person gives a document another title."""
    title = play.api.unique("renamed")
    answer = play.call(step, "updateDocument", body={"title": title}, document_id=play.ids[step.on])
    done = play.came_to(answer, handling(play.known, step.by, step.act, step.on))
    if done:
        known = play.known.documents[step.on]
        known.title, known.was_renamed = title, True
    elif done is None:
        play.known.forget(step.on)


def add_version(play: Play, step: Step) -> None:
    """A person uploads a new version."""
    answer = play.call(step, "createDocumentVersion", files=play.pdf(), document_id=play.ids[step.on])
    done = play.came_to(answer, handling(play.known, step.by, step.act, step.on))
    known = play.known.documents[step.on]
    if done:
        known.versions.append(answer.body["id"])
        known.ready = ""
        play.known.counted = play.known.counted or "document-quota.versions-free"
    elif done is None:
        known.versions, known.ready = [], ""


def list_versions(play: Play, step: Step) -> None:
    """A person lists the versions of a document."""
    answer = play.call(step, "listDocumentVersions", query={"page_size": 100}, document_id=play.ids[step.on])
    if not play.came_to(answer, handling(play.known, step.by, step.act, step.on)):
        return
    known = play.known.documents[step.on]
    shown = {item["id"]: item for item in answer.body.get("items") or []}
    if (answer.body.get("pagination") or {}).get("next_page_token"):
        return
    missing = [version for version in known.versions if version not in shown]
    clause = "trash.restore-keeps-versions" if known.was_restored else "versions.create-keeps-older"
    play.equals(clause, "versions that are missing", len(missing), 0)
    newest = known.versions[-1] if known.versions else ""
    if shown.get(newest, {}).get("processing_status") == "ready":
        known.ready = newest


def share(play: Play, step: Step) -> None:
    """A person gives somebody the role `value` on a document."""
    known = play.known.documents[step.on]
    if step.whom == known.creator:
        return
    body = {
        "recipients": [{"recipient": play.user_id(step.whom), "role": step.value}],
        "should_send_notification": False,
    }
    answer = play.call(step, "grantDocumentAccess", body=body, document_id=play.ids[step.on])
    expected = handling(play.known, step.by, step.act, step.on)
    is_first = step.whom not in known.roles
    # Nobody says that a document may leave its organization, nor what a second grant does.
    if expected.done and not (is_first and known.is_ours and play.known.members.get(step.whom) in ROLES):
        expected = EITHER
    done = play.came_to(answer, expected)
    if done:
        play.known.shared(step.on, step.whom, step.value if is_first else UNSURE, "sharing.grant-listed")
    elif done is None:
        known.roles[step.whom] = UNSURE


def change_role(play: Play, step: Step) -> None:
    """A person changes somebody's role on a document to `value`."""
    known = play.known.documents[step.on]
    if step.whom == known.creator:
        return
    answer = play.call(
        step, "updateDocumentAccess", body={"document_role": step.value},
        document_id=play.ids[step.on], recipient_id=play.user_id(step.whom),
    )  # fmt: skip
    expected = handling(play.known, step.by, step.act, step.on)
    if expected.done:
        expected = _about_recipient(play, step, expected)
        has_nothing = step.whom not in known.roles and known.level == RESTRICTED
        if has_nothing and is_plain(play.known, step.whom):
            expected = never("sharing.update-needs-recipient")
    done = play.came_to(answer, expected)
    if done:
        play.known.shared(step.on, step.whom, step.value, "sharing.update-changes-role")
    elif done is None:
        known.roles[step.whom] = UNSURE


def unshare(play: Play, step: Step) -> None:
    """A person takes somebody's role on a document away."""
    known = play.known.documents[step.on]
    if step.whom == known.creator:
        return
    answer = play.call(
        step,
        "revokeDocumentAccess",
        document_id=play.ids[step.on],
        recipient_id=play.user_id(step.whom),
    )
    expected = _about_recipient(play, step, handling(play.known, step.by, step.act, step.on))
    done = play.came_to(answer, EITHER if step.by == step.whom else expected)
    if done:
        play.known.unshared(step.on, step.whom)
    elif done is None:
        known.roles[step.whom] = UNSURE


def _about_recipient(play: Play, step: Step, expected: Expected) -> Expected:
    """What is expected of a change to somebody's role, which is promised only where he has one."""
    has_role = play.known.documents[step.on].roles.get(step.whom, UNSURE) != UNSURE
    return expected if has_role or not expected.done else EITHER


def list_recipients(play: Play, step: Step) -> None:
    """A person looks up who has a role on a document."""
    answer = play.call(step, "listDocumentAccess", document_id=play.ids[step.on])
    if not play.came_to(answer, handling(play.known, step.by, step.act, step.on)):
        return
    known = play.known.documents[step.on]
    shown = {each["id"]: each.get("document_role") for each in answer.body.get("recipients") or []}
    for who, identifier in _others(play, known):
        _compare_role(play, known, who, shown.get(identifier))
    if not known.is_trashed:
        _compare_level(play, known, answer, "sharing.list-general-access")


def _others(play: Play, known: KnownDocument) -> Iterator[tuple[str, str]]:
    for who in PEOPLE:
        try:
            identifier = play.user_id(who)
        except NotExercised:
            continue
        if who != known.creator:
            yield who, identifier


def _compare_role(play: Play, known: KnownDocument, who: str, shown: str | None) -> None:
    """Somebody's role in a list of recipients, beside what is known; what is not known is learned.

    Whoever made the key that made the document may be its owner.
    """
    if shown == OWNER:
        return
    role = known.roles.get(who)
    # In quotes, since the same defect is one finding, whoever it meets.
    what = f"role of {who!r} in the list"
    if role is None:
        clauses = {"trash.revokes-grants": "trash.access-list-empties"}
        clauses["trash.restore-keeps-grants-revoked"] = "trash.restore-keeps-access-list-empty"
        clauses["sharing.revoke-takes-access"] = "sharing.revoke-unlisted"
        if clause := clauses.get(known.lost.get(who, "")):
            play.equals(clause, what, shown, None)
    elif role != UNSURE:
        play.equals(known.given[who], what, shown, role)
    if shown is None:
        known.roles.pop(who, None)
    elif not known.is_trashed:
        known.roles[who], known.given[who] = shown, "sharing.grant-listed"


def _compare_level(play: Play, known: KnownDocument, answer: Answer, clause: str) -> None:
    shown = answer.body.get("general_access_level")
    if known.is_level_promised and known.level is not None:
        play.equals(clause, "general access", shown, known.level)
    elif known.was_restored and known.level == RESTRICTED:
        play.equals("trash.restore-general-access-restricted", "general access", shown, RESTRICTED)
    if shown is not None:
        known.level = shown


def set_level(play: Play, step: Step) -> None:
    """A person sets the general access of a document to `value`."""
    answer = play.call(
        step, "setGeneralAccess", body={"general_access_level": step.value}, document_id=play.ids[step.on]
    )
    done = play.came_to(answer, handling(play.known, step.by, step.act, step.on))
    if done:
        shown = answer.body.get("general_access_level")
        play.equals("general-access.set-then-get", "answered level", shown, step.value)
        play.known.opened(step.on, step.value)
    elif done is None:
        play.known.forget(step.on)


def read_level(play: Play, step: Step) -> None:
    """A person reads the general access of a document."""
    answer = play.call(step, "getGeneralAccess", document_id=play.ids[step.on])
    done = play.came_to(answer, handling(play.known, step.by, step.act, step.on))
    if done and not play.known.documents[step.on].is_trashed:
        _compare_level(play, play.known.documents[step.on], answer, "general-access.set-then-get")


def trash(play: Play, step: Step) -> None:
    """A person puts a document into the trash."""
    answer = play.call(step, "trashDocument", document_id=play.ids[step.on])
    done = play.came_to(answer, handling(play.known, step.by, step.act, step.on))
    if done:
        play.equals("trash.answers-empty", "answer", answer.body, {})
        play.known.trashed(step.on)
    elif done is None:
        play.known.forget(step.on)


def restore(play: Play, step: Step) -> None:
    """A person takes a document out of the trash."""
    answer = play.call(step, "untrashDocument", document_id=play.ids[step.on])
    done = play.came_to(answer, handling(play.known, step.by, step.act, step.on))
    if done:
        play.equals("trash.restore-answers-empty", "answer", answer.body, {})
        play.known.restored(step.on)
    elif done is None:
        play.known.forget(step.on)


def count(play: Play, step: Step) -> None:
    """A person reads how many documents the organization has used."""
    answer = play.call(step, "getDocumentQuota")
    if not play.came_to(answer, EITHER) or step.by not in (OWNER, MEMBER):
        return
    used = int(answer.body.get("used") or 0)
    if play.known.used is not None and play.known.counted and play.is_alone:
        play.equals(play.known.counted, "documents used", used, play.known.used)
    play.known.used, play.known.counted = used, ""


ACTS = {
    "create document": create,
    "read document": read,
    "list documents": list_documents,
    "rename document": rename,
    "add version": add_version,
    "list versions": list_versions,
    "share document": share,
    "change role": change_role,
    "unshare document": unshare,
    "list recipients": list_recipients,
    "set level": set_level,
    "read level": read_level,
    "trash document": trash,
    "restore document": restore,
    "count documents": count,
}
LEVELS = (RESTRICTED, ORGANIZATION, "anyone_with_link")
