"""The words that name a target again, for whoever plays a finding again."""

from pathlib import Path

import pytest

from factify_contract.request import Request, target_words


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request(launch_mock=True), ["--launch-mock"]),
        (
            Request(launch_mock=True, mock_options=("--mutant", "trash.keeps grants")),
            ["--launch-mock", "--mock-option=--mutant 'trash.keeps grants'"],
        ),
        (
            Request(url="http://api.test", profile=Path("me.toml"), spec=Path("new.json"), seed=7),
            ["http://api.test", "--profile", "me.toml", "--spec", "new.json"],
        ),
        (Request(profile=Path("me.toml")), ["--profile", "me.toml"]),
    ],
)
def test_the_words_of_a_target(request_, words):
    assert target_words(request_) == words
