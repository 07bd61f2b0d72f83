"""Ten tests of the archive, none of which needs the service."""

import httpx
import pytest
from document_archive import Archive, Busy, Full, NotThere, NotYours, Unshared

PDF = b"%PDF-1.7 a lease"


@pytest.fixture
def waited():
    """The seconds that the client has waited; no test really waits."""
    return []


@pytest.fixture
def archive(factify, waited):
    """An archive of the owner."""
    archive = Archive(factify.url, factify.owner.token, wait=waited.append)
    yield archive
    archive.close()


def test_a_stored_file_comes_back_byte_by_byte(archive):
    entry = archive.store("Lease", PDF)

    assert archive.fetch(entry.id) == PDF


def test_a_replaced_file_has_a_new_version(archive):
    first = archive.store("Lease", PDF)

    second = archive.replace(first.id, PDF + b" renewed")

    assert second.id == first.id
    assert second.version_id != first.version_id
    assert archive.fetch(first.id).endswith(b"renewed")


def test_it_reads_every_page(factify, archive):
    for number in range(51):
        archive.store(f"Lease {number}", PDF)

    assert len(list(archive.find())) == 51
    asked = [request for request in factify.requests.sent() if request["operation_id"] == "listDocuments"]
    assert "page_token" in asked[-1]["query"]


def test_an_unknown_file_is_not_there(archive):
    with pytest.raises(NotThere):
        archive.entry("doc_01kjpx8nh0f8evexv91se3gdjq")


def test_a_reader_may_not_replace(factify, archive):
    entry = archive.store("Lease", PDF)
    archive.share(entry.id, [factify.outsider.user_id])
    reader = Archive(factify.url, factify.outsider.token)

    assert reader.entry(entry.id) == entry
    with pytest.raises(NotYours):
        reader.replace(entry.id, b"%PDF-1.7 forged")
    reader.close()


def test_who_could_not_be_reached_is_named(factify, archive):
    entry = archive.store("Lease", PDF)

    with pytest.raises(Unshared) as caught:
        archive.share(entry.id, [factify.member.user_id, "user_01kjpx8nh0f8evexv91se3gdjq"])

    assert set(caught.value.failed) == {"user_01kjpx8nh0f8evexv91se3gdjq"}


def test_it_waits_as_told_and_gives_up_in_the_end(factify, archive, waited):
    factify.faults.add(operation="getDocument", status=429, retry_after=20, times=1)
    factify.faults.add(operation="getDocument", status=503, times=None)

    with pytest.raises(Busy):
        archive.entry("doc_01kjpx8nh0f8evexv91se3gdjq")
    assert waited[0] == 20.0
    assert waited[1:] == sorted(waited[1:])


def test_a_lost_answer_makes_no_second_document(factify, archive):
    lost = factify.faults.add(operation="createDocument", drop="close", takes_effect=True)

    entry = archive.store("Lease", PDF)

    assert lost.fired == 1
    assert [each.id for each in archive.find()] == [entry.id]


def test_a_full_archive_is_not_taken_for_a_busy_one(factify, archive, waited):
    factify.quota.set(requests_limit=3, requests_used=3)

    with pytest.raises(Full):
        archive.entry("doc_01kjpx8nh0f8evexv91se3gdjq")
    assert waited == []


def test_an_address_that_expired_is_of_no_use_and_the_next_one_is(factify, archive):
    entry = archive.store("Lease", PDF)
    address = httpx.get(
        f"{factify.url}/v1beta/documents/{entry.id}/export",
        headers={"Authorization": f"Bearer {factify.owner.token}"},
    ).json()

    factify.clock.advance(days=2)

    assert httpx.get(address["url"], headers=address.get("headers", {})).is_error
    assert archive.fetch(entry.id) == PDF
    assert factify.exam().passed, factify.exam()
