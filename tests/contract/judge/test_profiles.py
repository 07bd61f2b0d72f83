"""Profiles: every source of a token, every mistake with its own sentence."""

import json
import re
import sys
from importlib.resources import files

import pytest

from factify_contract.capabilities import CAPABILITIES
from factify_contract.errors import ProfileError
from factify_contract.profile import ADAPTERS, CommandAdapter, HttpAdapter, Profile
from factify_contract.target import Target

OWNER = '[identities.owner]\ntoken = "t"\n'
BASE = 'base_url = "http://api.test"\n'


def test_small_profile_is_enough():
    profile = Profile.parse(BASE + OWNER)

    assert (profile.base_url, list(profile.identities), profile.adapters) == (
        "http://api.test",
        ["owner"],
        {},
    )


def test_adapters_are_http_calls_or_commands():
    profile = Profile.parse(
        BASE
        + OWNER
        + """
[adapters.mailbox]
url = "http://mail.test/{to}"
list = "/messages"
pointer = "/token"
[adapters.clock]
command = "move-clock {seconds}"
"""
    )

    assert profile.adapters == {
        "mailbox": HttpAdapter("GET", "http://mail.test/{to}", items="/messages", pointer="/token"),
        "clock": CommandAdapter(("move-clock", "{seconds}")),
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (OWNER, "base_url is missing"),
        ('base_url = "api.test"\n' + OWNER, "does not begin with http"),
        (BASE + 'organisation_id = "org_1"\n' + OWNER, "unknown key 'organisation_id' in the profile"),
        (BASE + "base_url =\n", "is not valid TOML: .*line 2"),
        (BASE + '[identities.boss]\ntoken = "t"\n', "unknown identity 'boss'; known are owner, admin"),
        (
            BASE + "[identities.owner]\n",
            "identities.owner needs exactly one of token, token_env, token_command",
        ),
        (BASE + OWNER + 'token_env = "T"\n', "it has 2"),
        (BASE + '[identities]\nowner = "t"\n', "identities.owner must be a table"),
        (BASE + OWNER + "age = 3\n", "unknown key 'age' in identities.owner"),
        (BASE + "[identities.owner]\ntoken = 5\n", "token must be a text, not 5"),
        (BASE + "[identities.owner]\ntoken_command = []\n", "token_command is empty"),
        (BASE + 'timeout_seconds = "long"\n' + OWNER, "timeout_seconds must be a number from 0 up"),
        (BASE + "policy_ids = [1]\n" + OWNER, "policy_ids must be a list of texts"),
        (BASE + OWNER + '[adapters.oracle]\nurl = "http://x"\n', "unknown adapter 'oracle'"),
        (
            BASE + OWNER + "[adapters.clock]\n",
            "adapters.clock must be a table with exactly one of url, command, python, prompt",
        ),
        (BASE + OWNER + '[adapters.clock]\nurl = "x"\n', "the adapter URL 'x' does not begin with http"),
        (
            BASE + OWNER + '[adapters.clock]\nurl = "http://x"\nbodi = 1\n',
            "unknown key 'bodi' in adapters.clock",
        ),
        ('{"url": "http://x"}', "is not a ready line of factify-mock"),
        ("{", "is not valid JSON"),
    ],
)
def test_mistake_in_a_profile_is_named(text, sentence):
    with pytest.raises(ProfileError, match=sentence) as refused:
        Profile.parse(text, origin="my.toml")
    assert str(refused.value).startswith("the profile 'my.toml'")


def test_missing_profile_is_named_with_the_next_step(tmp_path):
    with pytest.raises(
        ProfileError, match=r"no profile file '.*none\.toml'; make one with: factify-contract init"
    ):
        Profile.load(tmp_path / "none.toml")


def test_profile_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="cannot be read"):
        Profile.load(path)


def test_token_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("TOY_TOKEN", "from-the-environment")
    with Target(Profile.parse(BASE + '[identities.owner]\ntoken_env = "TOY_TOKEN"\n')) as target:
        assert target.identities["owner"].token == "from-the-environment"


def test_token_comes_from_a_command():
    command = json.dumps([sys.executable, "-c", "print('from-a-command')"])
    with Target(Profile.parse(BASE + f"[identities.owner]\ntoken_command = {command}\n")) as target:
        assert target.identities["owner"].token == "from-a-command"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('token_env = "NOT_SET_ANYWHERE"', "the environment variable NOT_SET_ANYWHERE is not set; export it"),
        ('token_command = "no-such-command-anywhere"', "token_command 'no-such-command-anywhere' failed"),
        (f'token_command = ["{sys.executable}", "-c", "exit(7)"]', "ended with exit code 7"),
        ('token = ""', "its token is empty"),
        ('token = "two words"', "contains a space"),
    ],
    ids=["unset", "no command", "failing command", "empty", "with a space"],
)
def test_token_that_cannot_be_had_is_explained(source, sentence):
    profile = Profile.parse(BASE + f"[identities.owner]\n{source}\n")
    with pytest.raises(ProfileError, match=sentence):
        Target(profile)


def test_profile_without_anybody_is_refused():
    with pytest.raises(ProfileError, match="no identities"):
        Target(Profile.parse(BASE))


def test_shipped_example_is_a_valid_profile():
    text = files("factify_contract").joinpath("example-profile.toml").read_text(encoding="utf-8")

    assert list(Profile.parse(text).identities) == ["owner"]


def test_every_line_of_the_shipped_example_is_valid_when_taken_in():
    text = files("factify_contract").joinpath("example-profile.toml").read_text(encoding="utf-8")
    # A mailbox is reached in one way only; the example shows all four.
    one_way = re.sub(r"^# \.\.\. or:\n(# \w+ = .*\n)+", "", text, flags=re.MULTILINE)
    taken = re.findall(r"^(?:# )?(\[[\w.]+\]|\w+ = .*)$", one_way, re.MULTILINE)
    profile = Profile.parse("\n".join(taken))

    assert list(profile.identities) == ["owner", "admin", "member", "outsider", "invitee", "api_key"]
    assert list(profile.adapters) == list(ADAPTERS)
    assert set(profile.capabilities) == set(CAPABILITIES)


READY = {
    "url": "http://127.0.0.1:4010",
    "control_url": "http://127.0.0.1:4010/__mock__",
    "world": {
        "id": "wld_1",
        "organization_id": "org_1",
        "owner": {"user_id": "user_1", "email": "owner@toy.example", "token": "t1"},
        "api_key": {"id": "key_1", "secret": "ffy_test_1"},
        "policy_ids": ["pol_1"],
    },
}


def test_ready_line_of_the_mock_is_a_profile(tmp_path):
    path = tmp_path / "ready.json"
    path.write_text(json.dumps(READY))
    profile = Profile.load(path)

    assert (profile.organization_id, profile.policy_ids, profile.sandbox_id) == ("org_1", ("pol_1",), "wld_1")
    assert list(profile.identities) == ["owner", "api_key"]
    assert set(profile.adapters) == set(ADAPTERS)


def test_mock_without_control_plane_has_no_adapters():
    ready = {key: value for key, value in READY.items() if key != "control_url"}

    assert Profile.from_ready_line(ready).adapters == {}
