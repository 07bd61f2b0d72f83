"""What is said to somebody who wrote a name that nobody knows."""

import pytest

from factify_contract.errors import advice_on

KNOWN = ("users.me", "users.preferences", "trash.restore-active", "trash.restore-lists-again")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("users.mee", "did you mean 'users.me'?"),
        ("trash.restor", "did you mean 'trash.restore-active' or 'trash.restore-lists-again'?"),
        ("trash", "did you mean 'trash.restore-active' or 'trash.restore-lists-again'?"),
        ("x", "known are users.me, users.preferences, trash.restore-active, trash.restore-lists-again"),
        ("", "known are users.me, users.preferences, trash.restore-active, trash.restore-lists-again"),
    ],
)
def test_what_was_meant_or_all_there_are(name, advice):
    assert advice_on(name, KNOWN) == advice


def test_long_lists_are_named_and_not_repeated():
    assert advice_on("x", KNOWN, otherwise="`clauses` lists them") == "`clauses` lists them"
