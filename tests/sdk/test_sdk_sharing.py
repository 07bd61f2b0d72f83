"""Sharing with the Python SDK: grants, general access and links."""


def test_document_is_shared_changed_and_taken_back(owner, outsider, factify, upload, refusal):
    document = upload(owner, access_level="private")
    who = {"document_id": document.id, "recipient_id": factify.outsider.user_id}

    granted = owner.sharing.grant(
        document_id=document.id,
        recipients=[
            {"recipient": factify.outsider.email, "role": "commenter"},
            {"recipient": factify.owner.user_id, "role": "viewer"},
        ],
        custom_message="Please read",
        should_send_notification=True,
    ).result

    assert (granted.total, granted.successful, granted.failed) == (2, 1, 1)
    assert [each.success for each in granted.results] == [True, False]
    assert granted.results[1].error
    assert factify.outbox.latest(to=factify.outsider.email)["document_id"] == document.id
    assert outsider.documents.get(document_id=document.id).result.document.permission_set.comment_public

    assert owner.sharing.update(**who, document_role="collaborator").result.success is True
    roles = {
        each.id: each.document_role for each in owner.sharing.list(document_id=document.id).result.recipients
    }
    assert roles == {factify.owner.user_id: "owner", factify.outsider.user_id: "collaborator"}

    assert owner.sharing.revoke(**who).result.success is True
    assert refusal(outsider.documents.get, document_id=document.id)[0] == "not_found"


def test_address_that_nobody_has_yet_becomes_a_recipient(owner, factify, upload):
    document = upload(owner)

    owner.sharing.grant(
        document_id=document.id, recipients=[{"recipient": "new@nowhere.example", "role": "viewer"}]
    )

    recipients = owner.sharing.list(document_id=document.id).result.recipients
    assert [each.email for each in recipients] == [factify.owner.email, "new@nowhere.example"]
    assert factify.outbox.latest(to="new@nowhere.example")["kind"] == "document_shared"


def test_share_link_names_its_document(owner, factify, upload):
    document = upload(owner)

    created = owner.sharing.create_share_link(document_id=document.id, body={}).result

    assert created.share_link.document_id == document.id
    assert created.share_link.creator_id == factify.owner.user_id
    assert created.short_url is None or created.short_url.startswith("https://")


def test_general_access_opens_and_closes_a_document_in_a_legacy_world(legacy_world, sdk, upload, refusal):
    """The SDK asks at /general-access, which only a legacy world has."""
    owner, outsider = sdk(legacy_world.owner.token), sdk(legacy_world.outsider.token)
    document = upload(owner, access_level="private")
    assert refusal(outsider.documents.get, document_id=document.id)[0] == "not_found"

    owner.sharing.set_general_access(document_id=document.id, general_access_level="anyone_with_link")

    level = outsider.sharing.get_general_access(document_id=document.id).result.general_access_level
    assert level == "anyone_with_link"
    assert owner.documents.get(document_id=document.id).result.document.access_level == "public"
    owner.sharing.set_general_access(document_id=document.id, general_access_level="restricted")
    assert refusal(outsider.documents.get, document_id=document.id)[0] == "not_found"
