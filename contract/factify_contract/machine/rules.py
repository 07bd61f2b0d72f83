"""Writes scripts by hypothesis' rules; they depend on the seed alone, whatever a target answers."""

from collections import Counter
from typing import cast

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from factify_contract.machine.knowledge import API_KEY, INVITEE, MEMBER, OUTSIDER, OWNER, PEOPLE
from factify_contract.machine.script import Script, Step, is_look
from factify_contract.properties import steady

# So many times the scripts that are wanted are written; the richest are kept.
_DRAFTS = 3
# The API deletes nothing for good, and a few things of a kind show as much as many.
_MOST = {"document": 3, "key": 3}
# People's tokens may end when too much time has passed.
_MOST_DAYS = 20

# Whoever made a thing does most with it; the others are there to be refused.
_CREATOR = "the creator"
_HANDLERS = st.sampled_from((_CREATOR,) * 5 + (*PEOPLE, API_KEY))
_MANAGERS = st.sampled_from((OWNER,) * 4 + ("admin", "admin", MEMBER, OUTSIDER, INVITEE, API_KEY))
_OWNERS = st.sampled_from((OWNER,) * 5 + ("admin", MEMBER, OUTSIDER))
_RECIPIENTS = st.sampled_from((MEMBER, OUTSIDER, INVITEE, "admin"))
_ROLES = st.sampled_from(("viewer", "commenter", "collaborator", "admin"))
_LEVELS = st.sampled_from(("organization", "restricted", "anyone_with_link"))
# Private first: what is closed says more than what is open.
_ACCESS_LEVELS = st.sampled_from(("private", "private", "private", "organization", "public", ""))
_CREATORS = st.sampled_from((OWNER, OWNER, MEMBER, OUTSIDER, API_KEY))


class Writer(RuleBasedStateMachine):
    """Writes one script: each rule adds a step. Mutable, as hypothesis has it."""

    def __init__(self, scripts: list[Script]) -> None:
        super().__init__()
        self._scripts = scripts
        self._steps: list[Step] = []
        self._made: Counter[str] = Counter()
        self._creators: dict[str, str] = {}
        self._days = 0

    def teardown(self) -> None:
        """The script is written."""
        self._scripts.append(tuple(self._steps))

    def _add(self, act: str, by: str, *, on: str = "", whom: str = "", value: str = "") -> None:
        who = self._creators.get(on, OWNER) if by == _CREATOR else by
        self._steps.append(Step(act=act, by=who, on=on, whom=whom, value=value))

    def _make(self, kind: str, act: str, by: str, *, value: str = "") -> str:
        self._made[kind] += 1
        name = f"{kind} {self._made[kind]}"
        self._creators[name] = by
        self._steps.append(Step(act=act, by=by, value=value, makes=name))
        return name

    def has_room(self, kind: str) -> bool:
        """Whether one more thing of the kind may be made."""
        return self._made[kind] < _MOST[kind]


class DocumentWriter(Writer):
    """Writes about documents, and who may see and change them."""

    documents = Bundle("documents")

    @initialize(target=documents, by=_CREATORS)
    def begin_with_document(self, by: str) -> str:
        """Nothing can be done without a document."""
        return self._make("document", "create document", by, value="private")

    @precondition(lambda self: self.has_room("document"))
    @rule(target=documents, by=_CREATORS, level=_ACCESS_LEVELS)
    def create_document(self, by: str, level: str) -> str:
        """A document is made."""
        return self._make("document", "create document", by, value=level)

    @rule(document=documents, by=_HANDLERS)
    def rename_document(self, document: str, by: str) -> None:
        """A document gets another title."""
        self._add("rename document", by, on=document)

    @rule(document=documents, by=_HANDLERS)
    def add_version(self, document: str, by: str) -> None:
        """A document gets another version."""
        self._add("add version", by, on=document)

    @rule(document=documents, by=_HANDLERS, whom=_RECIPIENTS, role=_ROLES)
    def share_document(self, document: str, by: str, whom: str, role: str) -> None:
        """A document is shared."""
        self._add("share document", by, on=document, whom=whom, value=role)

    @rule(document=documents, by=_HANDLERS, whom=_RECIPIENTS, role=_ROLES)
    def change_role(self, document: str, by: str, whom: str, role: str) -> None:
        """Somebody's role on a document is changed."""
        self._add("change role", by, on=document, whom=whom, value=role)

    @rule(document=documents, by=_HANDLERS, whom=_RECIPIENTS)
    def unshare_document(self, document: str, by: str, whom: str) -> None:
        """Somebody's role on a document is taken away."""
        self._add("unshare document", by, on=document, whom=whom)

    @rule(document=documents, by=_HANDLERS, level=_LEVELS)
    def set_level(self, document: str, by: str, level: str) -> None:
        """A document is opened or closed."""
        self._add("set level", by, on=document, value=level)

    @rule(document=documents, by=_HANDLERS)
    def trash_document(self, document: str, by: str) -> None:
        """A document is put into the trash."""
        self._add("trash document", by, on=document)

    @rule(document=documents, by=_HANDLERS)
    def restore_document(self, document: str, by: str) -> None:
        """A document is taken out of the trash."""
        self._add("restore document", by, on=document)

    @rule(
        document=documents,
        by=st.sampled_from((*PEOPLE, API_KEY)),
        act=st.sampled_from(("list versions", "list recipients", "read level")),
    )
    def look_at_document(self, document: str, by: str, act: str) -> None:
        """Somebody looks at what surrounds a document."""
        self._add(act, by, on=document)

    @rule(
        by=st.sampled_from((*PEOPLE, API_KEY)),
        state=st.sampled_from(("", "active", "trashed", "either")),
    )
    def list_documents(self, by: str, state: str) -> None:
        """Somebody lists documents."""
        self._add("list documents", by, value=state)


class MembershipWriter(Writer):
    """Writes about invitations, memberships and time that passes."""

    invites = Bundle("invites")

    @initialize(target=invites)
    def begin_with_invite(self) -> str:
        """Nothing can be accepted without an invitation."""
        return self._make("invite", "invite", OWNER)

    @rule(target=invites, by=_MANAGERS)
    def invite(self, by: str) -> str:
        """The invitee is invited."""
        return self._make("invite", "invite", by)

    @rule(invite=invites, by=_MANAGERS)
    def resend_invite(self, invite: str, by: str) -> None:
        """An invitation is sent again."""
        self._add("resend invite", by, on=invite)

    @rule(invite=invites, by=_MANAGERS)
    def revoke_invite(self, invite: str, by: str) -> None:
        """An invitation is revoked."""
        self._add("revoke invite", by, on=invite)

    @rule(
        invite=invites,
        by=st.sampled_from((INVITEE, INVITEE, INVITEE, OUTSIDER, MEMBER)),
        which=st.sampled_from(("newest", "newest", "oldest")),
    )
    def accept_invite(self, invite: str, by: str, which: str) -> None:
        """An invitation is accepted, also by somebody who was not invited, or with an old token."""
        self._add("accept invite", by, on=invite, value=which)

    @rule(by=_MANAGERS, role=st.sampled_from((MEMBER, "admin", OWNER)))
    def add_member(self, by: str, role: str) -> None:
        """The invitee is made a member."""
        self._add("add member", by, whom=INVITEE, value=role)

    @rule(by=_MANAGERS, role=st.sampled_from((MEMBER, "admin", OWNER)), who=st.sampled_from((INVITEE, OWNER)))
    def change_member(self, by: str, role: str, who: str) -> None:
        """The invitee's role is changed, or an attempt is made at the owner's."""
        self._add("change member", by, whom=who, value=role)

    @rule(by=_MANAGERS, who=st.sampled_from((INVITEE, INVITEE, OWNER)))
    def remove_member(self, by: str, who: str) -> None:
        """The invitee leaves or is removed, or an attempt is made at the owner."""
        self._add("remove member", by, whom=who)

    @rule(by=st.sampled_from((MEMBER, OUTSIDER, INVITEE)))
    def remove_admin(self, by: str) -> None:
        """Somebody without the right tries to remove the admin."""
        self._add("remove member", by, whom="admin")

    @rule(by=_MANAGERS, act=st.sampled_from(("list members", "list invites")))
    def look_at_people(self, by: str, act: str) -> None:
        """Somebody looks who is there, or who was invited."""
        self._add(act, by)

    @precondition(lambda self: self._days < _MOST_DAYS)
    @rule(days=st.sampled_from((1, 8)))
    def pass_days(self, days: int) -> None:
        """Days pass."""
        self._days += days
        self._add("pass days", OWNER, value=str(days))


class KeyWriter(Writer):
    """Writes about API keys and their limits."""

    keys = Bundle("keys")

    @initialize(target=keys)
    def begin_with_key(self) -> str:
        """Nothing can be limited without a key."""
        return self._make("key", "create key", OWNER)

    @precondition(lambda self: self.has_room("key"))
    @rule(target=keys, by=_OWNERS)
    def create_key(self, by: str) -> str:
        """A key is made."""
        return self._make("key", "create key", by)

    @rule(key=keys)
    def use_key(self, key: str) -> None:
        """A key is used."""
        self._add("use key", OWNER, on=key)

    @rule(key=keys, by=_OWNERS)
    def revoke_key(self, key: str, by: str) -> None:
        """A key is revoked."""
        self._add("revoke key", by, on=key)

    @rule(key=keys, by=_OWNERS, limit=st.integers(1, 3))
    def limit_key(self, key: str, by: str, limit: int) -> None:
        """A key is limited."""
        self._add("limit key", by, on=key, value=str(limit))

    @rule(key=keys, by=_OWNERS)
    def unlimit_key(self, key: str, by: str) -> None:
        """The limit of a key is removed."""
        self._add("unlimit key", by, on=key)

    @rule(by=_OWNERS, which=st.sampled_from(("", "all")))
    def list_keys(self, by: str, which: str) -> None:
        """Somebody lists the keys."""
        self._add("list keys", by, value=which)


class LifeWriter(DocumentWriter, MembershipWriter, KeyWriter):
    """Writes about everything at once."""


WRITERS: dict[str, type[Writer]] = {
    "documents": DocumentWriter,
    "memberships": MembershipWriter,
    "keys": KeyWriter,
    "everything": LifeWriter,
}


def written(topic: str, *, number: int, examples: int, steps: int) -> list[Script]:
    """At most so many scripts about the topic, of at most so many steps; `number` is the seed."""
    scripts: list[Script] = []

    @seed(f"{number}/{topic}")
    def writer() -> Writer:
        return WRITERS[topic](scripts)

    with steady.traceless():
        run_state_machine_as_test(
            cast("type[RuleBasedStateMachine]", writer),
            settings=settings(
                max_examples=examples * _DRAFTS,
                stateful_step_count=steps,
                backend=steady.NAME,
                database=None,
                deadline=None,
                derandomize=False,
                phases=[Phase.generate],
                print_blob=False,
                suppress_health_check=list(HealthCheck),
                verbosity=Verbosity.quiet,
            ),
        )
    return sorted(dict.fromkeys(scripts), key=_richness, reverse=True)[:examples]


def _richness(script: Script) -> int:
    """How many different things are done: hypothesis leaves out rules, sometimes all that matter."""
    return len({(step.act, step.on, step.by) for step in script if not is_look(step)})
