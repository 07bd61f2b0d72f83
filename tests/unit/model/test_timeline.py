"""A document's timeline: what calls leave behind, newest first, all of it for admins only."""

from factify_mock.model import access_requests, documents, policies, sharing, timeline, versions

NOT_FOUND = ("not_found", "resource_not_found", None)


def read(cast, actor, document):
    events = timeline.read(cast.world, actor, document_id=document.id)
    return [(each.type, dict(each.details)) for each in events]


def kinds(cast, actor, document):
    return [kind for kind, _ in read(cast, actor, document)]


def share(cast, document, recipient, role):
    wishes = [sharing.Wish(recipient, role)]
    sharing.grant(cast.world, cast.owner, cast.now, document_id=document.id, wishes=wishes)


def test_changes_leave_events_newest_first(cast, make_document, make_upload):
    world, owner, now = cast.world, cast.owner, cast.now
    document = make_document(owner)
    update = {"title": "Other"}
    documents.update(world, owner, now, document_id=document.id, changes=update)
    second = versions.create(world, owner, now, document_id=document.id, upload=make_upload())
    share(cast, document, cast.outsider.id, "viewer")
    sharing.update(
        world, owner, now, document_id=document.id, recipient_id=cast.outsider.id, role="commenter"
    )
    sharing.revoke(world, owner, now, document_id=document.id, recipient_id=cast.outsider.id)
    sharing.set_general_access(world, owner, now, document_id=document.id, level="restricted")

    recipient = {"recipient_id": cast.outsider.id}
    assert read(cast, owner, document) == [
        (
            "document_settings_access_changed",
            {"access_level": "private", "former_access_level": "organization"},
        ),
        ("document_user_access_revoked", {**recipient, "document_role": "commenter"}),
        ("document_user_access_granted", {**recipient, "document_role": "commenter"}),
        ("document_user_access_granted", {**recipient, "document_role": "viewer"}),
        ("document_version_uploaded", {"version_id": second.id}),
        ("document_updated", {}),
        ("document_created", {"version_id": document.current_version_id}),
    ]


def test_what_has_no_event_type_leaves_none(cast, make_document):
    world, owner, now = cast.world, cast.owner, cast.now
    document = make_document(owner, access_level="private")

    policies.attach(world, owner, now, document_id=document.id, policy_id=cast.seeded.policy_ids[0])
    sharing.create_link(world, owner, now, document_id=document.id)
    access_requests.create(world, cast.outsider, now, document_id=document.id, permission="view")
    documents.trash(world, owner, now, document_id=document.id)
    documents.untrash(world, owner, now, document_id=document.id)
    documents.transfer(world, owner, now, document_id=document.id, new_owner_id=cast.member.id)

    assert kinds(cast, owner, document) == ["document_created"]


def test_trash_tells_whose_access_it_revoked(cast, make_document):
    document = make_document(cast.owner)
    share(cast, document, cast.outsider.id, "admin")

    documents.trash(cast.world, cast.owner, cast.now, document_id=document.id)

    assert read(cast, cast.owner, document)[:2] == [
        (
            "document_settings_access_changed",
            {"access_level": "private", "former_access_level": "organization"},
        ),
        ("document_user_access_revoked", {"recipient_id": cast.outsider.id, "document_role": "admin"}),
    ]


def test_refusals_and_failed_grants_leave_no_event(cast, make_document):
    document = make_document(cast.owner)

    share(cast, document, "nobody", "viewer")
    share(cast, document, cast.owner.id, "viewer")
    sharing.set_general_access(
        cast.world, cast.owner, cast.now, document_id=document.id, level="organization"
    )

    assert kinds(cast, cast.owner, document) == ["document_created"]


def test_admins_see_all_events_and_others_their_own(cast, make_document, make_upload, refusal):
    document = make_document(cast.owner)
    share(cast, document, cast.outsider.id, "collaborator")
    share(cast, document, cast.admin.id, "admin")
    versions.create(cast.world, cast.outsider, cast.now, document_id=document.id, upload=make_upload())

    assert len(kinds(cast, cast.owner, document)) == 4
    assert len(kinds(cast, cast.admin, document)) == 4
    assert kinds(cast, cast.outsider, document) == ["document_version_uploaded"]
    assert kinds(cast, cast.member, document) == []
    assert refusal(lambda: read(cast, cast.invitee, document)) == NOT_FOUND


def test_opening_a_document_in_the_app_is_an_event_and_a_view(cast, make_document):
    document = make_document(cast.owner)

    documents.view(cast.world, cast.member, cast.now, document_id=document.id)
    documents.get(cast.world, cast.owner, document_id=document.id)

    assert kinds(cast, cast.member, document) == ["document_loaded"]
    assert cast.world.tables.views[document.id] == {cast.member.id: cast.now}
