"""Versions with the Python SDK: a document's file never changes, its versions follow one another."""

from pathlib import Path

LETTER = Path(__file__).parent / "letter.pdf"


def upload_version(client, document_id, **fields):
    payload = {"file_name": "letter.pdf", "content": LETTER.read_bytes()}
    return client.versions.create(document_id=document_id, payload=payload, **fields).result


def test_new_version_becomes_the_current_one(owner, upload):
    document = upload(owner)

    version = upload_version(owner, document.id, title="Second")

    assert owner.documents.get(document_id=document.id).result.document.current_version.id == version.id
    listed = owner.versions.list(document_id=document.id).result.items
    assert [item.id for item in listed] == [version.id, document.current_version.id]


def test_title_and_description_are_all_that_can_be_edited(owner, upload):
    version = upload_version(owner, upload(owner).id, title="Second", description="Unread")

    owner.versions.update(version_id=version.id, description="With the annex")

    got = owner.versions.get(version_id=version.id).result
    assert (got.title, got.description) == ("Second", "With the annex")
    assert (got.created_at, got.url) == (version.created_at, version.url)


def test_pages_of_versions_lead_to_the_first_one(owner, upload):
    document = upload(owner)
    newer = [upload_version(owner, document.id).id for _ in range(2)]

    first_page = owner.versions.list(document_id=document.id, page_size=2)
    second_page = first_page.next()

    assert [item.id for item in first_page.result.items] == newer[::-1]
    assert [item.id for item in second_page.result.items] == [document.current_version.id]
    assert second_page.next() is None


def test_reader_of_a_document_sees_its_versions_only_from_collaborator_upward(
    owner, outsider, factify, upload, refusal
):
    document = upload(owner, access_level="private")
    who = {"document_id": document.id, "recipient_id": factify.outsider.user_id}
    owner.sharing.grant(
        document_id=document.id, recipients=[{"recipient": factify.outsider.email, "role": "commenter"}]
    )

    assert refusal(outsider.versions.list, document_id=document.id)[0] == "permission_denied"
    owner.sharing.update(**who, document_role="collaborator")

    assert len(outsider.versions.list(document_id=document.id).result.items) == 1
    added = upload_version(outsider, document.id)
    assert added.created_by.id == factify.outsider.user_id
