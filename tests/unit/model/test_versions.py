"""Versions: the newest is current, content stays, title and description may change."""

from factify_mock.model import documents, sharing, versions

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)


def create(cast, actor, document, upload, **fields):
    return versions.create(cast.world, actor, cast.now, document_id=document.id, upload=upload, **fields)


def update(cast, actor, version_id, **changes):
    return versions.update(cast.world, actor, cast.now, version_id=version_id, changes=changes)


def share(cast, document, recipient, role):
    wishes = [sharing.Wish(recipient, role)]
    sharing.grant(cast.world, cast.owner, cast.now, document_id=document.id, wishes=wishes)


def test_new_version_is_current_and_leaves_older_ones_alone(cast, make_document, make_upload):
    document = make_document(cast.owner)
    first = versions.get(cast.world, cast.owner, version_id=document.current_version_id)
    share(cast, document, cast.outsider.id, "commenter")
    grants = dict(cast.world.tables.grants[document.id])
    cast.passes(hours=1)

    second = create(cast, cast.owner, document, make_upload(b"a,b\n", "t.csv"), title="Second")

    changed = documents.get(cast.world, cast.owner, document_id=document.id)
    assert changed.current_version_id == second.id
    assert changed.updated_at == cast.now
    assert (second.ordinal, second.source_format, second.title) == (2, "csv", "Second")
    found = versions.list_of(cast.world, cast.owner, document_id=document.id)
    assert found == [second, first]
    assert cast.world.tables.grants[document.id] == grants


def test_version_of_an_unknown_format_changes_nothing(cast, make_document, make_upload, refusal):
    document = make_document(cast.owner)
    before = cast.world.tables.copy()

    refused = refusal(lambda: create(cast, cast.owner, document, make_upload(b"GIF89a", "a.gif")))

    assert refused == ("invalid_argument", "invalid_field_value", "payload")
    assert cast.world.tables == before


def test_title_and_description_of_a_version_change_and_its_content_does_not(cast, make_document):
    document = make_document(cast.owner)
    version_id = document.current_version_id
    before = versions.get(cast.world, cast.owner, version_id=version_id)

    update(cast, cast.owner, version_id, title="First", description="As signed")
    update(cast, cast.owner, version_id, title=None)

    after = versions.get(cast.world, cast.owner, version_id=version_id)
    assert (after.title, after.description) == ("First", "As signed")
    assert (after.sha256, after.size, after.created_at) == (before.sha256, before.size, before.created_at)
    assert update(cast, cast.owner, version_id, description=None).description is None
    assert documents.get(cast.world, cast.owner, document_id=document.id).updated_at == document.updated_at


def test_viewer_reads_a_version_but_neither_lists_nor_writes(cast, make_document, make_upload, refusal):
    document = make_document(cast.owner)
    version_id = document.current_version_id

    assert versions.get(cast.world, cast.member, version_id=version_id).id == version_id
    listing = lambda: versions.list_of(cast.world, cast.member, document_id=document.id)  # noqa: E731
    assert refusal(listing) == FORBIDDEN
    assert refusal(lambda: create(cast, cast.member, document, make_upload())) == FORBIDDEN
    assert refusal(lambda: update(cast, cast.member, version_id, title="Mine")) == FORBIDDEN


def test_collaborator_adds_versions(cast, make_document, make_upload):
    document = make_document(cast.owner)
    share(cast, document, cast.outsider.id, "collaborator")

    version = create(cast, cast.outsider, document, make_upload())

    assert version.created_by == cast.outsider.id
    assert len(versions.list_of(cast.world, cast.outsider, document_id=document.id)) == 2


def test_versions_of_a_hidden_document_are_not_found(cast, make_document, make_upload, refusal):
    document = make_document(cast.owner)
    version_id = document.current_version_id
    documents.trash(cast.world, cast.owner, cast.now, document_id=document.id)

    assert refusal(lambda: versions.get(cast.world, cast.member, version_id=version_id)) == NOT_FOUND
    assert refusal(lambda: update(cast, cast.member, version_id, title="Mine")) == NOT_FOUND
    assert refusal(lambda: create(cast, cast.member, document, make_upload())) == NOT_FOUND
    unknown = "ver_" + "0" * 26
    assert refusal(lambda: versions.get(cast.world, cast.owner, version_id=unknown)) == NOT_FOUND
    assert versions.get(cast.world, cast.owner, version_id=version_id).id == version_id
