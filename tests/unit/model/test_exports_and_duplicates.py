"""Which version is let out, and which documents are looked through for duplicates."""

from dataclasses import replace

import pytest

from factify_mock.model import documents, duplicates, exports, sharing, versions


def upload_of(make_upload, digest, head=b"%PDF-1.7\n", filename="letter.pdf"):
    return replace(make_upload(head, filename), sha256=digest * 64)


@pytest.fixture
def make(cast, make_upload):
    """Makes a document of the owner's with a file of this digest."""

    def create(digest="a", actor=None, **fields):
        upload = upload_of(make_upload, digest)
        if "head" in fields:
            upload = upload_of(make_upload, digest, fields.pop("head"), fields.pop("filename"))
        upload = replace(upload, is_readable=fields.pop("is_readable", True))
        return documents.create(cast.world, actor or cast.owner, cast.now, upload=upload, title="T", **fields)

    return create


def search(cast, document, actor=None, sha256=None):
    found = duplicates.search(
        cast.world, actor or cast.owner, cast.now, document_id=document.id, sha256=sha256
    )
    return [each.document for each in found.equal], [each.document for each in found.comparable]


def test_equal_bytes_are_told_from_pdfs_that_have_to_be_looked_at(cast, make):
    original, equal, other = make("a"), make("a"), make("b")
    make("c", head=b"a,b\n", filename="a.csv")
    make("d", is_readable=False)

    assert search(cast, original) == ([equal], [other])
    assert search(cast, other, sha256="A" * 64) == ([equal, original], [])


def test_nothing_is_looked_at_while_the_document_itself_cannot_be(cast, make, slow_processing):
    failed, ready = make("a", is_readable=False), make("b")
    assert search(cast, failed) == ([], [])

    slow_processing(60)
    processing = make("c")
    assert search(cast, processing) == ([], [])
    assert search(cast, ready) == ([], [])


def test_only_the_actors_own_list_is_searched(cast, make):
    mine = make("a", access_level="private")
    trashed, foreign = make("a"), make("a", actor=cast.outsider, access_level="public")
    documents.trash(cast.world, cast.owner, cast.now, document_id=trashed.id)
    assert search(cast, mine) == ([], [])

    wishes = [sharing.Wish(cast.owner.id, "viewer")]
    sharing.grant(cast.world, cast.outsider, cast.now, document_id=foreign.id, wishes=wishes)
    assert search(cast, mine) == ([foreign], [])


def test_current_version_is_exported_unless_another_is_named(cast, make, make_upload, refusal):
    document, other = make("a"), make("b")
    first = document.current_version_id
    second = versions.create(
        cast.world, cast.owner, cast.now, document_id=document.id, upload=upload_of(make_upload, "c")
    )

    def exported(version_id=None):
        return exports.export(cast.world, cast.owner, document_id=document.id, version_id=version_id).id

    assert exported() == second.id
    assert exported(first) == first
    assert refusal(lambda: exported(other.current_version_id))[0] == "not_found"


def test_fetched_entry_page_is_the_last_event_of_the_timeline(cast, make):
    document = make()

    exports.entry_page_fetched(cast.world, cast.now, document, by=cast.owner.id)

    last = cast.world.tables.events[document.id][-1]
    assert (last.type, last.actor_id) == ("document_entry_page_downloaded", cast.owner.id)


def test_every_version_has_a_record_id_of_its_own(cast, make):
    ids = {cast.world.tables.versions[make().current_version_id].record_id for _ in range(5)}

    assert len(ids) == 5
