"""What lies in files is found out once per content, and only when somebody asks."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from factify_contract.scenarios.pdf import pdf
from factify_mock.content import jobs
from factify_mock.content.source import Unreadable
from factify_mock.content.worker import perform
from factify_mock.model.records import Upload, Version
from factify_mock.store.blobs import Blobs
from factify_mock.store.contents import Contents, Kept

NOW = datetime(2026, 5, 1, tzinfo=UTC)


class InProcess:
    """A reader that does its jobs at once and counts them."""

    def __init__(self):
        self.done = []

    async def ask(self, job):
        self.done.append(type(job).__name__)
        answer = perform(job)
        if answer.unreadable is not None:
            raise Unreadable(answer.unreadable)
        return answer.result

    def close(self):
        pass


@pytest.fixture
def reader():
    return InProcess()


@pytest.fixture
def blobs():
    made = Blobs()
    yield made
    made.close()


@pytest.fixture
def contents(blobs, reader):
    return Contents(blobs, reader)


@pytest.fixture
def version(blobs):
    """Keeps a content, and makes a version of it."""

    def make(content, source_format="pdf", *, is_kept=True):
        digest = sha256(content).hexdigest()
        if is_kept:
            draft = blobs.draft()
            draft.write(content)
            draft.finish()
            draft.commit()
        return Version(
            id="ver_1", document_id="doc_1", ordinal=1, created_by="user_1", created_at=NOW, ready_at=NOW,
            sha256=digest, size=len(content), source_format=source_format, record_id="r",
        )  # fmt: skip

    return make


def examined(contents, content, filename="a.pdf"):
    upload = Upload(sha256(content).hexdigest(), len(content), filename, content[:4096], content[-4096:])
    return asyncio.run(contents.examined(upload, content))


def test_equal_uploads_are_checked_once(contents, reader):
    assert [examined(contents, pdf("Lease")).is_readable for _ in range(3)] == [True] * 3
    assert reader.done == ["Check"]


def test_pdf_without_objects_is_not_even_looked_at(contents, reader):
    assert not examined(contents, b"%PDF-1.7 a lease").is_readable
    assert reader.done == []


def test_file_of_no_accepted_format_is_left_to_be_refused(contents, reader):
    assert examined(contents, b"text", "a.txt").is_readable
    assert reader.done == []


def test_same_bytes_are_checked_for_each_format_that_they_pass_for(contents, reader):
    assert examined(contents, b"a,b\n", "a.csv").is_readable
    assert examined(contents, b"a,b\n", "a.md").is_readable
    assert reader.done == ["Check", "Check"]


def test_record_is_extracted_once_for_all_versions_of_the_same_bytes(contents, reader, version):
    one = version(pdf("Lease"))
    other = replace(one, id="ver_2", document_id="doc_2")

    found = [asyncio.run(contents.found_in(each)) for each in (one, other, one)]

    assert found[0] is found[1] is found[2]
    assert reader.done == ["Extract"]


def test_file_that_is_not_on_this_server_cannot_be_read(contents, version):
    lost = version(pdf("Lease"), is_kept=False)

    with pytest.raises(Unreadable, match="never uploaded"):
        asyncio.run(contents.found_in(lost))
    assert asyncio.run(contents.alike(lost, [version(pdf("Other"))])) == []
    assert asyncio.run(contents.alike(version(pdf("Other")), [lost])) == []


def test_pages_are_compared_once_and_only_where_there_are_as_many(contents, reader, version):
    one, same, other = version(pdf("Lease")), version(pdf("Lease") + b"%"), version(pdf("Other"))
    broken = version(b"%PDF-1.7 x")

    first = asyncio.run(contents.alike(one, [same, other, broken]))
    asked = list(reader.done)
    again = asyncio.run(contents.alike(same, [one]))

    assert first == [same]
    assert again == [one]
    assert reader.done == asked
    assert asked.count("Look") == 3
    assert asked.count("Compare") == 1


def test_many_files_are_compared_in_several_batches(contents, reader, version):
    others = [version(pdf(f"Document {number}")) for number in range(70)]

    assert asyncio.run(contents.alike(version(pdf("Document 69") + b"%"), others)) == [others[69]]
    assert reader.done.count("Compare") == 2


def test_large_files_are_handed_over_by_their_path(blobs, version, contents):
    large = version(pdf("Lease") + bytes(100_000))

    assert jobs.File.of(contents.source(large)).content == b""
    assert asyncio.run(contents.found_in(large)).kind == "document"


def test_values_used_last_are_kept_as_far_as_they_fit():
    kept = Kept(10)
    for key in ("a", "b", "c"):
        kept.put(key, key.upper(), 4)
    assert [kept.get(key) for key in ("a", "b", "c")] == [None, "B", "C"]

    kept.get("b")
    kept.put("d", "D", 4)
    assert [kept.get(key) for key in ("b", "c", "d")] == ["B", None, "D"]

    kept.put("d", "larger", 6)
    assert (kept.get("b"), kept.get("d")) == ("B", "larger")
    kept.put("e", "too large", 11)
    assert [kept.get(key) for key in ("b", "d", "e")] == [None, None, None]


def test_kept_values_never_take_more_room_than_there_is():
    kept, rng = Kept(100), random.Random(1)
    sizes = {}
    for _ in range(2000):
        key = str(rng.randrange(30))
        sizes[key] = rng.randrange(40)
        kept.put(key, key, sizes[key])
        assert sum(size for key, size in sizes.items() if kept.get(key)) <= 100
