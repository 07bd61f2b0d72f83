"""Documents are created with a version, changed in title and description, trashed and restored."""

import pytest

from factify_mock.model import documents, listing, permissions, sharing, versions
from factify_mock.model.processing import status_of

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)
PRECONDITION = ("failed_precondition", "precondition_failed", None)


def get(cast, actor, document):
    return documents.get(cast.world, actor, document_id=document.id)


def update(cast, actor, document, **changes):
    return documents.update(cast.world, actor, cast.now, document_id=document.id, changes=changes)


def trash(cast, actor, document):
    documents.trash(cast.world, actor, cast.now, document_id=document.id)


def untrash(cast, actor, document):
    documents.untrash(cast.world, actor, cast.now, document_id=document.id)


def share(cast, actor, document, recipient, role):
    wishes = [sharing.Wish(recipient, role)]
    (outcome,) = sharing.grant(cast.world, actor, cast.now, document_id=document.id, wishes=wishes)
    return outcome.error


def holders(cast, document):
    return {each.recipient_id: each.role for each in cast.world.tables.grants[document.id].values()}


def listed(cast, actor, *states):
    filters = listing.Filters(trash_states=frozenset(states or ("active",)))
    order = listing.order(cast.world, actor, listing.NEWEST_FIRST)
    return [each.id for each in listing.select(cast.world, actor, cast.now, filters=filters, sorted_by=order)]


def test_new_document_belongs_to_its_creator_and_has_one_version(cast, make_document):
    document = make_document(cast.member, "Lease", description="Signed")

    assert document.owner_id == document.created_by == cast.member.id
    assert document.organization_id == cast.organization_id
    assert (document.title, document.description) == ("Lease", "Signed")
    assert document.created_at == document.updated_at == cast.now
    assert holders(cast, document) == {cast.member.id: "owner"}
    (version,) = versions.list_of(cast.world, cast.member, document_id=document.id)
    assert (version.id, version.ordinal) == (document.current_version_id, 1)
    assert version.source_format == "pdf"


def test_document_of_an_api_key_belongs_to_its_bot(cast, make_document):
    document = make_document(cast.key)

    assert document.owner_id == cast.key.id
    assert document.owner_id.startswith("bot_")
    assert get(cast, cast.key, document) == document


def test_without_an_access_level_a_document_opens_to_the_organization_if_there_is_one(cast, make_document):
    assert make_document(cast.member).access_level == "organization"
    assert make_document(cast.invitee).access_level == "private"


def test_organization_level_without_an_organization_is_refused(cast, make_document, refusal):
    refused = refusal(lambda: make_document(cast.invitee, access_level="organization"))

    assert refused == ("invalid_argument", "invalid_field_value", "access_level")


def test_refused_upload_leaves_nothing_behind(cast, make_document, make_upload, refusal):
    cast.world.tables.document_limits[cast.organization_id] = 1
    before = cast.world.tables.copy()

    refused = refusal(lambda: make_document(cast.owner, upload=make_upload(b"MZ\x90\0", "setup.exe")))

    assert refused == ("invalid_argument", "invalid_field_value", "payload")
    assert cast.world.tables == before
    make_document(cast.owner)


def test_document_over_the_quota_is_refused_and_trash_makes_no_room(cast, make_document, refusal):
    cast.world.tables.document_limits[cast.organization_id] = 1
    document = make_document(cast.owner)
    trash(cast, cast.owner, document)

    refused = refusal(lambda: make_document(cast.member))

    assert refused == ("resource_exhausted", "quota_exceeded", None)
    make_document(cast.outsider)


@pytest.mark.parametrize(
    ("level", "readers"),
    [
        ("private", {"owner"}),
        ("organization", {"owner", "admin", "member", "key"}),
        ("public", {"owner", "admin", "member", "key", "outsider", "invitee"}),
    ],
)
def test_access_level_decides_who_reads(cast, make_document, level, readers):
    document = make_document(cast.owner, access_level=level)
    people = ("owner", "admin", "member", "key", "outsider", "invitee")

    seen = {
        name for name in people if permissions.role_on(cast.world, getattr(cast, name), document) is not None
    }

    assert seen == readers


def test_hidden_document_is_not_found_like_one_that_never_was(cast, make_document, refusal):
    document = make_document(cast.owner, access_level="private")

    assert refusal(lambda: get(cast, cast.admin, document)) == NOT_FOUND
    assert refusal(lambda: update(cast, cast.admin, document, title="Mine")) == NOT_FOUND


def test_update_changes_what_is_given_and_moves_updated_at(cast, make_document):
    document = make_document(cast.owner, "Lease", description="Signed")
    cast.passes(hours=1)

    update(cast, cast.owner, document, title="Lease of the north wing")

    changed = get(cast, cast.owner, document)
    assert (changed.title, changed.description) == ("Lease of the north wing", "Signed")
    assert (changed.created_at, changed.updated_at) == (document.created_at, cast.now)


def test_null_clears_the_description_and_leaves_the_title(cast, make_document):
    document = make_document(cast.owner, "Lease", description="Signed")

    changed = update(cast, cast.owner, document, title=None, description=None)

    assert (changed.title, changed.description) == ("Lease", None)


def test_update_that_changes_nothing_leaves_updated_at(cast, make_document):
    document = make_document(cast.owner, "Lease")
    cast.passes(hours=1)

    assert update(cast, cast.owner, document, title="Lease") == document


def test_viewer_may_not_update(cast, make_document, refusal):
    document = make_document(cast.owner)

    assert refusal(lambda: update(cast, cast.member, document, title="Mine")) == FORBIDDEN
    assert get(cast, cast.owner, document) == document


def test_trash_leaves_access_to_nobody_but_the_owner(cast, make_document, refusal):
    document = make_document(cast.owner, access_level="public")
    share(cast, cast.owner, document, cast.outsider.id, "admin")
    share(cast, cast.owner, document, cast.organization_id, "commenter")

    trash(cast, cast.owner, document)

    trashed = get(cast, cast.owner, document)
    assert (trashed.trash_state, trashed.trashed_at) == ("trashed", cast.now)
    assert trashed.access_level == "private"
    assert holders(cast, document) == {cast.owner.id: "owner"}
    for actor in (cast.outsider, cast.member, cast.key):
        assert refusal(lambda actor=actor: get(cast, actor, document)) == NOT_FOUND
        assert listed(cast, actor, "active", "trashed") == []


def test_trashed_document_is_listed_as_such_only(cast, make_document):
    document, other = make_document(cast.owner), make_document(cast.owner)

    trash(cast, cast.owner, document)

    assert listed(cast, cast.owner) == [other.id]
    assert listed(cast, cast.owner, "trashed") == [document.id]
    assert listed(cast, cast.owner, "active", "trashed") == [other.id, document.id]


def test_untrash_restores_the_document_but_no_access(cast, make_document, refusal):
    document = make_document(cast.owner, access_level="organization", description="Signed")
    share(cast, cast.owner, document, cast.outsider.id, "admin")
    trash(cast, cast.owner, document)
    cast.passes(days=1)

    untrash(cast, cast.owner, document)

    restored = get(cast, cast.owner, document)
    assert (restored.trash_state, restored.trashed_at) == ("active", None)
    assert (restored.title, restored.description) == (document.title, document.description)
    assert restored.current_version_id == document.current_version_id
    assert restored.access_level == "private"
    assert holders(cast, document) == {cast.owner.id: "owner"}
    for actor in (cast.outsider, cast.member):
        assert refusal(lambda actor=actor: get(cast, actor, document)) == NOT_FOUND
    assert share(cast, cast.owner, document, cast.outsider.id, "viewer") is None


@pytest.mark.parametrize("role", ["viewer", "commenter", "collaborator", "admin"])
def test_only_the_owner_may_trash(cast, make_document, refusal, role):
    document = make_document(cast.owner, access_level="private")
    share(cast, cast.owner, document, cast.outsider.id, role)

    assert refusal(lambda: trash(cast, cast.outsider, document)) == FORBIDDEN
    assert get(cast, cast.outsider, document) == document


def test_former_recipient_cannot_untrash(cast, make_document, refusal):
    document = make_document(cast.owner)
    trash(cast, cast.owner, document)

    assert refusal(lambda: untrash(cast, cast.member, document)) == NOT_FOUND


def test_trash_and_untrash_are_refused_where_they_would_change_nothing(cast, make_document, refusal):
    document = make_document(cast.owner)
    assert refusal(lambda: untrash(cast, cast.owner, document)) == PRECONDITION

    trash(cast, cast.owner, document)

    assert refusal(lambda: trash(cast, cast.owner, document)) == PRECONDITION


def test_nothing_is_written_to_a_trashed_document(cast, make_document, make_upload, refusal):
    document = make_document(cast.owner)
    trash(cast, cast.owner, document)
    before = cast.world.tables.copy()
    world, owner, now = cast.world, cast.owner, cast.now
    calls = [
        lambda: update(cast, owner, document, title="Other"),
        lambda: share(cast, owner, document, cast.outsider.id, "viewer"),
        lambda: versions.create(world, owner, now, document_id=document.id, upload=make_upload()),
        lambda: versions.update(
            world, owner, now, version_id=document.current_version_id, changes={"title": "1"}
        ),
        lambda: sharing.set_general_access(world, owner, now, document_id=document.id, level="organization"),
        lambda: sharing.create_link(world, owner, now, document_id=document.id),
        lambda: documents.transfer(world, owner, now, document_id=document.id, new_owner_id=cast.member.id),
    ]

    assert [refusal(call) for call in calls] == [PRECONDITION] * len(calls)
    assert cast.world.tables == before


def test_document_follows_the_processing_of_its_version(cast, make_document, slow_processing):
    slow_processing(30)
    document = make_document(cast.owner)
    version = cast.world.tables.versions[document.current_version_id]

    assert status_of(version, cast.now) == "processing"
    cast.passes(seconds=29)
    assert status_of(version, cast.now) == "processing"
    cast.passes(seconds=1)
    assert status_of(version, cast.now) == "ready"


def test_transfer_makes_the_former_owner_an_admin(cast, make_document):
    document = make_document(cast.owner)

    changed = documents.transfer(
        cast.world, cast.owner, cast.now, document_id=document.id, new_owner_id=cast.member.id
    )

    assert changed.owner_id == cast.member.id
    assert changed.created_by == cast.owner.id
    assert holders(cast, document) == {cast.owner.id: "admin", cast.member.id: "owner"}


def test_transfer_goes_to_another_member_of_the_organization_only(cast, make_document, refusal):
    document = make_document(cast.owner)
    share(cast, cast.owner, document, cast.outsider.id, "admin")
    unknown = "user_" + "0" * 26

    def transfer(new_owner_id, actor=cast.owner):
        documents.transfer(cast.world, actor, cast.now, document_id=document.id, new_owner_id=new_owner_id)

    assert refusal(lambda: transfer(cast.owner.id)) == PRECONDITION
    assert refusal(lambda: transfer(cast.outsider.id)) == PRECONDITION
    assert refusal(lambda: transfer(unknown)) == PRECONDITION
    assert refusal(lambda: transfer(cast.member.id, cast.outsider)) == FORBIDDEN
    missing = ("invalid_argument", "missing_required_field", "new_owner_id")
    assert refusal(lambda: transfer(None)) == missing
