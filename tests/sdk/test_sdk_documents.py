"""Documents with the Python SDK: from the upload to the trash and back."""

import hashlib
from datetime import timedelta
from pathlib import Path

import httpx
from factify import models
from factify.types import UNSET

LETTER = Path(__file__).parent / "letter.pdf"


def test_uploaded_pdf_is_got_updated_and_listed(owner, upload):
    document = upload(owner, "Lease of the north wing", description="Signed copy")

    owner.documents.update(document_id=document.id, title="Lease of the south wing")

    got = owner.documents.get(document_id=document.id).result.document
    assert got.title == "Lease of the south wing"
    assert got.description == "Signed copy"
    assert got.processing_status == "ready"
    assert got.created_by.type == "user"
    assert got.permission_set.trash is True
    assert [item.id for item in owner.documents.list(query="south WING").result.items] == [document.id]


def test_description_that_is_set_to_none_is_cleared_and_one_that_is_left_out_stays(owner, upload):
    document = upload(owner, description="Draft")

    renamed = owner.documents.update(document_id=document.id, title="Final").result.document
    cleared = owner.documents.update(document_id=document.id, description=None).result.document

    assert (renamed.title, renamed.description) == ("Final", "Draft")
    assert (cleared.title, cleared.description) == ("Final", UNSET)


def test_filters_of_every_type_reach_the_list(frozen, sdk, upload):
    owner, member = sdk(frozen.owner.token), sdk(frozen.member.token)
    upload(owner, "Minutes", access_level="private")
    frozen.clock.advance(hours=1)
    shared = upload(owner, "Agenda", access_level="organization")
    frozen.clock.advance(hours=1)
    theirs = upload(member, "Report")

    def titles(**filters):
        return [item.title for item in owner.documents.list(**filters).result.items]

    assert titles() == ["Report", "Agenda", "Minutes"]
    assert titles(sort="name") == ["Agenda", "Minutes", "Report"]
    assert titles(ownership=["owned"]) == ["Agenda", "Minutes"]
    assert titles(access_level=["private", "public"]) == ["Minutes"]
    assert titles(created_by_id=[frozen.member.user_id]) == ["Report"]
    assert titles(created_after=shared.created_at, created_before=theirs.created_at) == ["Report", "Agenda"]
    assert titles(created_before=shared.created_at - timedelta(seconds=1)) == ["Minutes"]
    assert titles(organization_scope=True, processing_status=["ready"], sort="-name")[0] == theirs.title


def test_auto_pagination_walks_three_pages(owner, upload):
    created = [upload(owner, f"Page test {number}").id for number in range(5)]

    pages, page = [], owner.documents.list(page_size=2)
    while page is not None:
        pages.append([item.id for item in page.result.items])
        page = page.next()

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [item for page in pages for item in page] == created[::-1]


def test_document_comes_back_from_the_trash_without_its_shares(owner, outsider, factify, upload, refusal):
    document = upload(owner, access_level="private")
    owner.sharing.grant(
        document_id=document.id, recipients=[{"recipient": factify.outsider.email, "role": "commenter"}]
    )
    assert outsider.documents.get(document_id=document.id).result.document.title == "Lease"

    trashed = owner.documents.trash(document_id=document.id, body={}).result

    assert trashed == models.TrashDocumentResponse()
    assert refusal(outsider.documents.get, document_id=document.id) == ("not_found", "resource_not_found")
    assert owner.documents.list().result.items == []
    (found,) = owner.documents.list(trash_state=["trashed"]).result.items
    assert found.id == document.id
    assert found.trashed_at is not None
    twice = refusal(owner.documents.trash, document_id=document.id, body={})
    assert twice == ("failed_precondition", "precondition_failed")

    restored = owner.documents.untrash(document_id=document.id, body={}).result

    assert restored == models.UntrashDocumentResponse()
    assert [item.id for item in owner.documents.list().result.items] == [document.id]
    assert refusal(outsider.documents.get, document_id=document.id) == ("not_found", "resource_not_found")


def test_transferred_document_has_a_new_owner_who_may_trash_it(owner, member, factify, upload, refusal):
    document = upload(owner)

    passed_on = owner.documents.transfer_ownership(
        document_id=document.id, new_owner_id=factify.member.user_id
    ).result

    assert (passed_on.document_id, passed_on.new_owner_id) == (document.id, factify.member.user_id)
    assert refusal(owner.documents.trash, document_id=document.id, body={})[0] == "permission_denied"
    member.documents.trash(document_id=document.id, body={})


def test_document_is_processed_until_its_time_has_come(factify_server, sdk, upload):
    slow = factify_server.new_world(processing_seconds=30, frozen=True)
    owner = sdk(slow.owner.token)
    document = upload(owner)
    assert document.processing_status == "processing"

    asked = owner.documents.process(document_id=document.id, async_=True).result
    assert (asked.status, asked.version_id) == (
        "PROCESSING_OUTCOME_ALREADY_PROCESSING",
        document.current_version.id,
    )
    slow.clock.advance(seconds=30)

    again = owner.documents.process(document_id=document.id, version_id=document.current_version.id).result
    assert again.status == "PROCESSING_OUTCOME_ALREADY_COMPLETED"
    assert owner.documents.get(document_id=document.id).result.document.processing_status == "ready"
    slow.close()


def test_export_is_fetched_from_its_address_with_its_headers(owner, upload):
    document = upload(owner)

    export = owner.documents.export(document_id=document.id).result

    fetched = httpx.get(export.url, headers=export.headers)
    assert fetched.content == LETTER.read_bytes()
    assert httpx.get(export.url).status_code == 403
    earlier = owner.documents.export(document_id=document.id, version_id=document.current_version.id).result
    assert httpx.get(earlier.url, headers=earlier.headers).content == fetched.content


def test_duplicates_are_found_by_their_looks_and_by_their_hash(owner, member, upload):
    first, copy = upload(owner, "Original"), upload(owner, "Copy")
    upload(member, "Hidden copy", access_level="private")
    digest = hashlib.sha256(LETTER.read_bytes()).hexdigest()

    by_looks = owner.documents.list_duplicates(document_id=first.id).result.items
    by_hash = owner.documents.list_duplicates(document_id=first.id, file_contents_hash=digest).result.items

    assert [item.document_id for item in by_looks] == [copy.id]
    assert copy.id in [item.document_id for item in by_hash]


def test_entry_page_is_a_pdf_behind_a_temporary_address(owner, upload):
    document = upload(owner)

    page = owner.entry_pages.generate(document_id=document.id).result

    fetched = httpx.get(page.download_url)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.content.startswith(b"%PDF-")


def test_document_quota_fills_up_and_trash_does_not_empty_it(owner, factify, upload, refusal):
    factify.quota.set(documents_limit=2)
    first = upload(owner)
    upload(owner)
    owner.documents.trash(document_id=first.id, body={})

    quota = owner.documents.get_quota().result

    assert (quota.used, quota.limit, quota.available) == (2, 2, 0)
    assert refusal(upload, owner) == ("resource_exhausted", "quota_exceeded")
