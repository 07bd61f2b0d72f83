"""Identifiers follow from an origin and a number, and nothing else."""

import re

from factify_mock.model.ids import Ids, secret_at, suffix_at, token_at, uuid_at


def test_a_source_goes_on_where_another_one_stopped():
    whole, first = Ids("1/1"), Ids("1/1")
    expected = [whole.new("doc"), whole.uuid(), whole.token(43), whole.api_key_secret("test")]

    made = [first.new("doc"), first.uuid()]
    second = Ids("1/1", first.made)
    made += [second.token(43), second.api_key_secret("test")]

    assert made == expected
    assert second.made == 4


def test_what_was_made_can_be_made_again_by_its_number():
    ids = Ids("1/1")

    assert ids.new("doc") == f"doc_{suffix_at('1/1', 1)}"
    assert ids.uuid() == uuid_at("1/1", 2)
    assert ids.token(10) == token_at("1/1", 3, 10)
    assert ids.api_key_secret("prod") == secret_at("1/1", 4, "prod")


def test_ids_sort_in_order_of_creation():
    ids = Ids("1/1")
    made = [ids.new("doc") for _ in range(300)]

    assert made == sorted(set(made))


def test_other_origins_give_other_ids():
    assert Ids("1/1").new("doc") != Ids("1/2").new("doc")
    assert Ids("1/1").token(43) != Ids("1/2").token(43)


def test_identifiers_have_the_documented_formats():
    ids = Ids("1/1")
    for _ in range(100):
        assert re.fullmatch(r"doc_[0-7][0-9a-hjkmnp-tv-z]{25}", ids.new("doc"))
        assert re.fullmatch(
            r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", ids.uuid()
        )
        assert re.fullmatch(r"ffy_prod_[0-9a-hjkmnp-tv-z]{26}[0-9A-Za-z]{43}", ids.api_key_secret("prod"))
