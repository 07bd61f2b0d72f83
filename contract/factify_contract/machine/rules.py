"""Writes scripts by hypothesis' rules; they depend on the seed alone, whatever a target answers."""

from collections import Counter, defaultdict
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

from factify_contract.machine.knowledge import ADMIN, API_KEY, INVITEE, MEMBER, OUTSIDER, OWNER, PEOPLE
from factify_contract.machine.script import Script, Step, is_look
from factify_contract.properties import steady

# So many times the scripts that are wanted are written; the richest are kept.
_DRAFTS = 3
# The API deletes nothing for good, and a few things of a kind show as much as many.
_MOST = {"document": 2, "key": 2, "invite": 6}
# People's tokens may end when too much time has passed.
_MOST_DAYS = 20

# Whoever made a thing does most with it; the others are there to be refused.
_CREATOR, _RECIPIENT = "the creator", "a recipient"
_HANDLERS = st.sampled_from((_CREATOR,) * 12 + (_RECIPIENT,) * 5 + (*PEOPLE, API_KEY))
_MANAGERS = st.sampled_from((OWNER,) * 10 + (ADMIN, ADMIN, MEMBER, OUTSIDER, INVITEE, API_KEY))
_EVERYBODY = st.sampled_from((*PEOPLE, API_KEY))
_CREATORS = st.sampled_from((OWNER, OWNER, OWNER, MEMBER, OUTSIDER, API_KEY))
# Who has no rights of his own shows best what he was given.
_RECIPIENTS = st.sampled_from((MEMBER, MEMBER, OUTSIDER, INVITEE, ADMIN))
_DOCUMENT_ROLES = st.sampled_from((*("viewer",) * 3, "commenter", "collaborator", "admin"))
_LEVELS = st.sampled_from(("organization", "organization", "restricted", "anyone_with_link"))
_ACCESS_LEVELS = st.sampled_from(("private", "private", "organization", "public", ""))
_ROLES = st.sampled_from((MEMBER, MEMBER, ADMIN, OWNER))

_ON_DOCUMENT = st.sampled_from(
    (
        *("rename document", "add version") * 2,
        "change role",
        *("share document", "set level", "trash document", "restore document") * 3,
        *("unshare document", "unshare document"),
        *("list versions", "list recipients", "read level"),
    )
)
_ON_INVITE = st.sampled_from(("accept invite",) * 3 + ("resend invite", "revoke invite"))
_ACCEPTING = st.sampled_from((INVITEE,) * 5 + (OUTSIDER, OUTSIDER, MEMBER))
_ON_MEMBER = st.sampled_from(("add member", "change member", "remove member", "remove member"))
_ON_KEY = st.sampled_from(("use key",) * 5 + ("limit key", "limit key", "unlimit key", "revoke key"))


class Writer(RuleBasedStateMachine):
    """Writes one script: each rule adds a step. Mutable, as hypothesis has it."""

    def __init__(self, scripts: list[Script]) -> None:
        super().__init__()
        self._scripts = scripts
        self._steps: list[Step] = []
        self._made: Counter[str] = Counter()
        self.creators: dict[str, str] = {}
        self.recipients: defaultdict[str, list[str]] = defaultdict(list)
        self._days = 0

    def teardown(self) -> None:
        """The script is written."""
        self._scripts.append(tuple(self._steps))

    def add(self, act: str, by: str, *, on: str = "", whom: str = "", value: str = "") -> None:
        """One more step."""
        self._steps.append(Step(act=act, by=by, on=on, whom=whom, value=value))

    def make(self, kind: str, act: str, by: str, *, value: str = "") -> str:
        """One more step, that makes a thing; the name of the thing."""
        self._made[kind] += 1
        name = f"{kind} {self._made[kind]}"
        self.creators[name] = by
        self._steps.append(Step(act=act, by=by, value=value, makes=name))
        return name

    def has_room(self, kind: str) -> bool:
        """Whether one more thing of the kind may be made."""
        return self._made[kind] < _MOST[kind]

    def spend(self, days: int) -> None:
        """One more step, in which days pass."""
        self._days += days
        if self._days <= _MOST_DAYS:
            self.add("pass days", OWNER, value=str(days))


class DocumentWriter(Writer):
    """Writes about documents, and who may see and change them."""

    documents = Bundle("documents")

    @initialize(target=documents, by=_CREATORS)
    def begin_with_document(self, by: str) -> str:
        """Nothing can be done without a document."""
        return self.make("document", "create document", by, value="private")

    @precondition(lambda self: self.has_room("document"))
    @rule(target=documents, by=_CREATORS, level=_ACCESS_LEVELS)
    def create_document(self, by: str, level: str) -> str:
        """Another document is made."""
        return self.make("document", "create document", by, value=level)

    @rule(
        document=documents,
        act=_ON_DOCUMENT,
        by=_HANDLERS,
        whom=_RECIPIENTS,
        role=_DOCUMENT_ROLES,
        level=_LEVELS,
    )
    def handle_document(self, document: str, act: str, by: str, whom: str, role: str, level: str) -> None:
        """Somebody does something with a document."""
        creator, recipients = self.creators[document], self.recipients[document]
        latest = recipients[-1] if recipients else creator
        who = {_CREATOR: creator, _RECIPIENT: latest}.get(by, by)
        match act:
            case "share document":
                recipients.append(whom)
                self.add(act, who, on=document, whom=whom, value=role)
            case "change role":
                self.add(act, who, on=document, whom=latest, value=role)
            case "unshare document":
                self.add(act, who, on=document, whom=latest)
            case "set level":
                self.add(act, who, on=document, value=level)
            case _:
                self.add(act, who, on=document)

    @rule(by=_EVERYBODY, state=st.sampled_from(("", "active", "trashed", "either")))
    def list_documents(self, by: str, state: str) -> None:
        """Somebody lists documents."""
        self.add("list documents", by, value=state)


class MembershipWriter(Writer):
    """Writes about invitations, memberships and time that passes."""

    invites = Bundle("invites")

    @initialize(target=invites)
    def begin_with_invite(self) -> str:
        """Nothing can be accepted without an invitation."""
        return self.make("invite", "invite", OWNER)

    @precondition(lambda self: self.has_room("invite"))
    @rule(target=invites, by=_MANAGERS)
    def invite(self, by: str) -> str:
        """The invitee is invited, perhaps not for the first time."""
        return self.make("invite", "invite", by)

    @rule(
        invite=invites,
        act=_ON_INVITE,
        by=_MANAGERS,
        accepting=_ACCEPTING,
        which=st.sampled_from(("newest", "newest", "oldest")),
    )
    def handle_invite(self, invite: str, act: str, by: str, accepting: str, which: str) -> None:
        """An invitation is accepted, sent again or revoked, also by people who may not."""
        is_accepted = act == "accept invite"
        self.add(act, accepting if is_accepted else by, on=invite, value=which if is_accepted else "")

    @rule(act=_ON_MEMBER, by=_MANAGERS, whom=st.sampled_from((INVITEE,) * 5 + (OWNER,)), role=_ROLES)
    def handle_member(self, act: str, by: str, whom: str, role: str) -> None:
        """The invitee joins, changes roles or leaves, or an attempt is made at the owner."""
        self.add(act, by, whom=whom, value="" if act == "remove member" else role)

    @rule(whom=st.sampled_from((INVITEE, ADMIN)))
    def leave(self, whom: str) -> None:
        """The invitee leaves of his own accord, or tries to remove the admin."""
        self.add("remove member", INVITEE, whom=whom)

    @rule(by=_EVERYBODY, act=st.sampled_from(("list members", "list invites")))
    def look_at_people(self, by: str, act: str) -> None:
        """Somebody looks who is there, or who was invited."""
        self.add(act, by)

    @rule(days=st.sampled_from((1, 8)))
    def pass_days(self, days: int) -> None:
        """A day passes, or more than a week."""
        self.spend(days)


class KeyWriter(Writer):
    """Writes about API keys and their limits."""

    keys = Bundle("keys")

    @initialize(target=keys)
    def begin_with_key(self) -> str:
        """Nothing can be limited without a key."""
        return self.make("key", "create key", OWNER)

    @precondition(lambda self: self.has_room("key"))
    @rule(target=keys, by=_MANAGERS)
    def create_key(self, by: str) -> str:
        """Another key is made."""
        return self.make("key", "create key", by)

    @rule(key=keys, act=_ON_KEY, by=_MANAGERS, limit=st.integers(1, 3))
    def handle_key(self, key: str, act: str, by: str, limit: int) -> None:
        """A key is used, limited or revoked."""
        self.add(
            act, OWNER if act == "use key" else by, on=key, value=str(limit) if act == "limit key" else ""
        )

    @rule(by=_MANAGERS, which=st.sampled_from(("", "all")))
    def list_keys(self, by: str, which: str) -> None:
        """Somebody lists the keys."""
        self.add("list keys", by, value=which)


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
