"""The catalogue's own rules, the order of statuses, fingerprints, and the PDF that stories upload."""

import re
from importlib.resources import files

import pypdfium2
import pytest

from factify_contract.checks import CHECKS
from factify_contract.clauses import Catalogue, Level, catalogue, parse_clauses
from factify_contract.findings import Status, describe, make_finding, merge
from factify_contract.scenarios.pdf import pdf
from factify_contract.spec import Document

ENTRY = """
[[clause]]
id = "toys.roll"
sentence = "A ball rolls."
level = "documented"
source = "document"
operations = ["*"]
exercised = "check"
"""


def test_clause_is_read_as_written():
    [clause] = parse_clauses(ENTRY)

    assert (clause.id, clause.level, clause.operations) == ("toys.roll", Level.DOCUMENTED, ("*",))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "document"\n', "", "missing or unknown fields source"),
        ('source = "document"', 'source = "document"\ncolour = "red"', "missing or unknown fields colour"),
        ('"documented"', '"certain"', "certain"),
        ('"check"', '"never"', "exercised is 'never'"),
    ],
)
def test_clause_that_is_not_well_formed_is_refused(old, new, said):
    with pytest.raises(ValueError, match=said):
        parse_clauses(ENTRY.replace(old, new))


def test_clause_that_is_there_twice_is_refused():
    with pytest.raises(ValueError, match=r"'toys\.roll' is in the catalogue twice"):
        Catalogue(parse_clauses(ENTRY) * 2)


def test_clause_that_is_not_there_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        catalogue()["toys.fly"]


def test_shipped_clauses_name_operations_of_the_document():
    known = {*Document.load().operations, "*"}

    assert {clause.id for clause in catalogue().values() if not known.issuperset(clause.operations)} == set()


def test_checks_judge_only_clauses_of_the_catalogue():
    folder = files("factify_contract.checks")
    texts = [path.read_text() for path in folder.iterdir() if path.name.endswith(".py")]
    named = {name for text in texts for name in re.findall(r'"([a-z-]+\.[a-z-]+)"', text)}

    assert len(CHECKS) == 9
    assert named - set(catalogue()) == set()


def test_most_telling_status_wins():
    assert merge([Status.PASS, Status.FAIL, Status.INCONCLUSIVE]) is Status.FAIL
    assert merge([Status.NOT_EXERCISED, Status.PASS]) is Status.PASS
    assert merge([Status.PASS, Status.INCONCLUSIVE]) is Status.INCONCLUSIVE
    assert merge([]) is Status.NOT_EXERCISED


def test_statuses_have_words():
    assert [status.word for status in Status] == [
        "unknown",
        "not exercised",
        "pass",
        "inconclusive",
        "fail",
        "error",
    ]


def fingerprint(expected: str, operation: str = "getMe") -> str:
    [clause] = parse_clauses(ENTRY)
    found = make_finding(
        clause, operation=operation, message="m", expected=expected, actual="a", exchanges=()
    )
    return found.fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the id doc_01h2xcejqtf2nbrexx3vqjhp41", "the id doc_01h2xcejqtf2nbrexx3vqjhp42"),
        ("title 'a'", "title 'b'"),
        ("at 2026-01-05T09:00:00Z", "at 2027-03-05T19:00:01.5+02:00"),
        ("3 entries", "47 entries"),
        ("name fct-0-1a-3-letter given", "name fct-0-1b-3-letter given"),
        ("row 6f1c2f58-6f0b-4f0e-9b0a-0a4f2b1c9d11", "row 11111111-2222-3333-4444-555555555555"),
    ],
    ids=["id", "quoted", "instant", "number", "unique text", "uuid"],
)
def test_same_cause_has_the_same_fingerprint_in_every_run(one, other):
    assert fingerprint(one) == fingerprint(other)


def test_other_cause_has_another_fingerprint():
    assert len({fingerprint("a name"), fingerprint("an id"), fingerprint("a name", "getDocument")}) == 3


def test_long_value_is_described_in_short():
    assert describe("x" * 1000) == "x" * 200 + "… (1000 characters)"


@pytest.mark.parametrize("text", ["A letter", "brackets (and) a \\ backslash", "Ünïcode"])
def test_pdf_shows_its_text(text):
    with pypdfium2.PdfDocument(pdf(text)) as opened:
        assert len(opened) == 1
        assert opened[0].get_textpage().get_text_bounded() == text


def test_pdf_of_one_text_is_always_the_same():
    assert pdf("A letter") == pdf("A letter")
    assert pdf("A letter") != pdf("Another letter")
