import pytest

from factify_mock.content.entry_page import entry_page
from factify_mock.content.looks import look_alike, looks_of
from factify_mock.content.pdf import extract

LEASE = [(18, "Lease of the north wing"), (11, ""), (11, "From 1 January 2026 to 31 December.")]


@pytest.mark.parametrize("scale", [1.3, 2.0, 4.0])
def test_scanned_copy_looks_alike(pdf, scan, scale):
    original = pdf(LEASE, [(11, "Annex")])

    assert look_alike(looks_of(original), looks_of(scan(original, scale=scale)))


@pytest.mark.parametrize(
    "other",
    [
        [[(18, "Lease of the south wing"), (11, ""), (11, "From 1 March 2027 to 28 February.")]],
        [LEASE, []],
        [[]],
    ],
    ids=["other words", "one page more", "blank"],
)
def test_other_pages_do_not_look_alike(pdf, other):
    assert not look_alike(looks_of(pdf(LEASE)), looks_of(pdf(*other)))


def test_sparse_pages_are_told_apart_even_when_scanned(pdf, scan):
    one, two = pdf([(11, "Document 1")]), pdf([(11, "Document 2")])

    assert not look_alike(looks_of(one), looks_of(two))
    assert not look_alike(looks_of(scan(one)), looks_of(two))
    assert look_alike(looks_of(scan(one)), looks_of(one))


def test_one_word_of_many_tells_files_with_text_apart(pdf):
    lines = [(11, f"The {number}th clause of the contract says what it says.") for number in range(40)]

    def contract(name):
        return looks_of(pdf([*lines[:20], (11, f"{name} is the tenant of the house."), *lines[20:]]))

    assert not look_alike(contract("Mina Okafor"), contract("Nina Okafor"))
    assert look_alike(contract("Mina Okafor"), contract("Mina Okafor"))


def test_spaces_between_words_do_not_tell_files_apart(pdf):
    assert looks_of(pdf([(11, "Mina Okafor")])).text == looks_of(pdf([(11, "Mina"), (11, "O-kafor")])).text


def test_page_like_a_ribbon_is_drawn_in_a_picture_of_bearable_size(pdf):
    ribbon = looks_of(pdf([(1, ".")], size=(1.0, 14_000.0)))

    assert ribbon.pages == 1
    assert look_alike(ribbon, ribbon)


def test_blank_pages_look_alike(pdf):
    assert look_alike(looks_of(pdf([])), looks_of(pdf([])))


def test_entry_page_shows_title_link_and_code():
    url = "https://app.factify.com/d/01kdvdna01fp793dtr98h6bcfn"
    content = entry_page(title="Lease <b> & 漢", url=url)

    found = extract(content)

    assert found.record["blocks"][:2] == [
        {"heading": {"level": 1, "text": "Lease <b> & ?"}},
        {"paragraph": {"text": url}},
    ]
    assert len(found.layout["pages"]) == 1
    assert found.title == "Lease <b> & 漢"
    assert content == entry_page(title="Lease <b> & 漢", url=url)
