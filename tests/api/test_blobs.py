"""The store of uploaded bytes."""

import hashlib

import pytest

from factify_mock.store.blobs import HEAD, IN_MEMORY, Blobs

SIZES = [0, 1, HEAD - 1, HEAD, HEAD + 1, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY]


@pytest.fixture
def blobs():
    store = Blobs()
    yield store
    store.close()


def content_of(size):
    return bytes(at % 251 for at in range(size))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [997, 100_000], ids=["in-pieces", "at-once"])
def test_what_is_written_is_read_again(blobs, size, step):
    content = content_of(size)
    draft = blobs.draft()
    for at in range(0, size, step):
        draft.write(content[at : at + step])

    described = draft.finish()
    draft.commit()

    assert (described.size, described.head) == (size, content[:HEAD])
    assert described.sha256 == hashlib.sha256(content).hexdigest()
    assert blobs.read(described.sha256) == content


def test_the_same_content_is_kept_once(blobs):
    for _ in range(2):
        draft = blobs.draft()
        draft.write(content_of(IN_MEMORY + 1))
        draft.finish()
        draft.commit()

    assert len(blobs) == 1
    assert len(blobs.files()) == 1


def test_nothing_remains_of_a_discarded_draft(blobs):
    draft = blobs.draft()
    draft.write(content_of(IN_MEMORY + 1))
    described = draft.finish()

    draft.discard()

    assert described.sha256 not in blobs
    assert blobs.files() == []


def test_discarding_after_a_commit_is_harmless(blobs):
    draft = blobs.draft()
    draft.write(b"kept")
    described = draft.finish()
    draft.commit()

    draft.discard()

    assert blobs.read(described.sha256) == b"kept"


def test_a_closed_store_is_empty_and_usable(blobs):
    for _ in range(2):
        draft = blobs.draft()
        draft.write(content_of(IN_MEMORY + 1))
        draft.finish()
        draft.commit()
        blobs.close()

    assert len(blobs) == 0
