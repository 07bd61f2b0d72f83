"""What a process of its own writes ahead is what the phases would have written themselves."""

import subprocess
import sys
import tempfile

import pytest

from factify_contract.ahead import Ahead, Drafts, Order, Scripts, writing_ahead
from factify_contract.errors import ContractError
from factify_contract.machine import rules
from factify_contract.properties.generation import Generator
from factify_contract.spec import Document


def test_another_process_writes_the_same() -> None:
    document = Document.load()
    create, trash = (document.operations[name] for name in ("createDocument", "trashDocument"))
    pieces = [Drafts("createDocument", 6), Drafts("trashDocument", 3), Scripts("keys", 2, 8)]
    with writing_ahead(None, seed=11, pieces=pieces) as ahead:
        # The last is asked for first: who asks waits, and nothing is lost.
        scripts = ahead.scripts("keys", examples=2, steps=8)
        drafts = [ahead.drafts(create, count=6), ahead.drafts(trash, count=3)]

    generator = Generator(document, seed=11)
    own = [generator.drafts(create, count=6), generator.drafts(trash, count=3)]
    assert [[(one.draft.key, one.valid) for one in some] for some in drafts] == [
        [(one.draft.key, one.valid) for one in some] for some in own
    ]
    assert len(drafts[0]) > 6
    assert scripts == rules.written("keys", number=11, examples=2, steps=8)


def test_what_was_not_ordered_cannot_be_asked_for() -> None:
    with writing_ahead(None, seed=0, pieces=[]) as ahead, pytest.raises(LookupError, match="memberships"):
        ahead.scripts("memberships", examples=1, steps=1)


def test_a_process_that_breaks_is_told_with_its_last_words() -> None:
    words = [sys.executable, "-c", "import sys; sys.stdout.write('half'); sys.exit('no room left')"]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors)
        ahead = Ahead(Order(None, 0, (Scripts("keys", 1, 1),)), process, errors)
        for _ in range(2):  # asked again, it does not wait for ever
            with pytest.raises(ContractError, match="ended with exit code 1: no room left"):
                ahead.scripts("keys", examples=1, steps=1)
        ahead.close()


def test_a_document_that_cannot_be_read_there_is_told(tmp_path) -> None:
    written = writing_ahead(tmp_path / "gone.json", seed=0, pieces=[Scripts("keys", 1, 1)])
    with written as ahead, pytest.raises(ContractError, match=r"gone\.json"):
        ahead.scripts("keys", examples=1, steps=1)


def test_the_process_ends_with_the_block() -> None:
    with writing_ahead(None, seed=0, pieces=[Scripts("everything", 500, 50)]) as ahead:
        process = ahead._process
        assert process.poll() is None
    assert process.poll() is not None
