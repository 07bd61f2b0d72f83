"""Whatever anybody does to documents in whatever order, owners, grants, lists and indexes agree."""

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factify_mock.model import access_requests, documents, listing, permissions, policies, sharing, versions
from factify_mock.model.errors import DomainError
from factify_mock.model.pages import paginate
from factify_mock.model.quotas import of_documents
from factify_mock.model.sharing import Wish

WHO = ("owner", "admin", "member", "outsider", "invitee", "key")
KINDS = (
    "create",
    "version",
    "update",
    "grant",
    "change",
    "revoke",
    "open",
    "trash",
    "untrash",
    "transfer",
    "ask",
    "approve",
    "deny",
    "attach",
    "detach",
    "view",
    "wait",
)


@dataclass(frozen=True)
class Step:
    """One call: what, by whom (its owner if nobody else), to which document, for whom, in which role."""

    kind: str
    who: str
    document: int
    whom: str
    choice: int


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(KINDS),
        st.one_of(st.just(""), st.sampled_from(WHO)),
        st.integers(0, 1),
        st.sampled_from(WHO),
        st.integers(0, 4),
    ),
    min_size=15,
    max_size=40,
)


def perform(cast, upload, step):
    world, actor, now = cast.world, getattr(cast, step.who or "owner"), cast.now
    existing = list(world.tables.documents)
    if step.kind == "create" or not existing:
        level = (None, "private", "organization", "public", None)[step.choice]
        documents.create(world, actor, now, upload=upload, title=f"T{step.choice}", access_level=level)
        return
    where = {"document_id": existing[step.document % len(existing)]}
    if not step.who:
        owner_id = world.tables.documents[where["document_id"]].owner_id
        actor = next(each for each in (getattr(cast, name) for name in WHO) if each.id == owner_id)
    whom = getattr(cast, step.whom).id
    role = permissions.ROLES[step.choice]
    requests = list(world.tables.access_requests.get(where["document_id"], ())) or ["acr_none"]
    request = {"request_id": requests[step.choice % len(requests)]}
    policy = {"policy_id": cast.seeded.policy_ids[step.choice % 3]}
    level = ("restricted", "organization", "anyone_with_link")[step.choice % 3]
    wishes = [Wish(whom, role), Wish(f"p{step.choice}@x.example", role), Wish(cast.organization_id, role)]
    permission = ("view", "comment", "edit")[step.choice % 3]
    changes = {"title": f"T{step.choice}", "description": None}
    calls = {
        "version": lambda: versions.create(world, actor, now, upload=upload, **where),
        "update": lambda: documents.update(world, actor, now, changes=changes, **where),
        "grant": lambda: sharing.grant(world, actor, now, wishes=wishes[: 1 + step.choice % 3], **where),
        "change": lambda: sharing.update(world, actor, now, recipient_id=whom, role=role, **where),
        "revoke": lambda: sharing.revoke(world, actor, now, recipient_id=whom, **where),
        "open": lambda: sharing.set_general_access(world, actor, now, level=level, **where),
        "trash": lambda: documents.trash(world, actor, now, **where),
        "untrash": lambda: documents.untrash(world, actor, now, **where),
        "transfer": lambda: documents.transfer(world, actor, now, new_owner_id=whom, **where),
        "ask": lambda: access_requests.create(world, actor, now, permission=permission, **where),
        "approve": lambda: access_requests.approve(world, actor, now, **request, **where),
        "deny": lambda: access_requests.deny(world, actor, now, **request, **where),
        "attach": lambda: policies.attach(world, actor, now, **policy, **where),
        "detach": lambda: policies.detach(world, actor, **policy, **where),
        "view": lambda: documents.view(world, actor, now, **where),
        "wait": lambda: cast.passes(minutes=1 + step.choice),
    }
    calls[step.kind]()


def check_documents(cast):
    tables = cast.world.tables
    for document_id, document in tables.documents.items():
        grants = tables.grants[document_id]
        owners = [holder for holder, grant in grants.items() if grant.role == "owner"]
        assert owners == [document.owner_id]
        assert (document.trash_state == "trashed") == (document.trashed_at is not None)
        if document.trash_state == "trashed":
            assert list(grants) == [document.owner_id]
            assert document.access_level == "private"
        found = tables.versions_of[document_id]
        assert document.current_version_id == found[-1]
        assert [tables.versions[each].ordinal for each in found] == list(range(1, len(found) + 1))
        times = [event.occurred_at for event in tables.events[document_id]]
        assert all(earlier <= later for earlier, later in pairwise(times))
        subjects = [
            each.subject_id
            for each in tables.access_requests.get(document_id, {}).values()
            if each.status == "pending"
        ]
        assert len(subjects) == len(set(subjects))


def check_indexes(cast):
    tables = cast.world.tables
    by_document = {
        (document_id, holder): grant
        for document_id, grants in tables.grants.items()
        for holder, grant in grants.items()
    }
    by_holder = {
        (document_id, holder): grant
        for holder, grants in tables.access_of.items()
        for document_id, grant in grants.items()
    }
    assert by_document == by_holder
    for organization_id in tables.organizations:
        ours = [each.id for each in tables.documents.values() if each.organization_id == organization_id]
        assert list(tables.documents_of.get(organization_id, ())) == ours
        assert of_documents(cast.world, organization_id).used == len(ours)


def check_lists(cast):
    world = cast.world
    everything = listing.Filters(trash_states=frozenset({"active", "trashed"}))
    for name in WHO:
        actor = getattr(cast, name)
        order = listing.order(world, actor, "-updated_at")
        found = listing.select(world, actor, cast.now, filters=everything, sorted_by=order)
        listed = {each.id for each in found}
        for document_id, document in world.tables.documents.items():
            role = permissions.role_on(world, actor, document)
            is_foreign_public = document.access_level == "public" and document_id not in listed
            assert (document_id in listed) == (role is not None) or (is_foreign_public and role == "viewer")
        assert [each for each in found if world.tables.documents[each.id] is not each] == []
        assert paged(found, order) == list(found)
        active = listing.select(world, actor, cast.now, filters=listing.Filters(), sorted_by=order)
        assert active == [each for each in found if each.trashed_at is None]


def paged(found, order):
    whole, token = [], None
    while True:
        page = paginate(
            found,
            token=token,
            size=2,
            position=order.position,
            descending=order.descending,
            binding={},
        )
        whole += page.items
        token = page.next_token
        if not page.has_more:
            return whole


@given(steps)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_calls_keeps_the_tables_in_agreement(make_cast, make_upload, taken):
    cast, upload = make_cast(), make_upload()
    for step in taken:
        before = cast.world.tables.copy()
        try:
            perform(cast, upload, step)
        except DomainError:
            assert cast.world.tables == before, "a refused call has changed something"
        check_documents(cast)
    check_indexes(cast)
    check_lists(cast)
