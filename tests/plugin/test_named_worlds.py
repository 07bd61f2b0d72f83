"""Worlds that tests begin with, keep, and go back to."""

import json

import httpx
import pytest

from factify_fixtures import ControlRefused


def titles(factify, person):
    headers = {"Authorization": f"Bearer {person.token}"}
    answer = httpx.get(f"{factify.url}/v1beta/documents", headers=headers, params={"page_size": 100})
    return [each["title"] for each in answer.json()["items"]]


def test_a_world_becomes_what_a_seed_says_and_its_people_stay(factify):
    member = factify.member
    assert titles(factify, member) == []

    factify.seed("demo")

    assert factify.member == member
    assert "Board minutes March" in titles(factify, member)


def test_a_state_kept_by_name_is_gone_back_to(factify):
    factify.snapshot("before")
    factify.seed("demo")

    factify.restore("before")

    assert titles(factify, factify.owner) == []


def test_a_snapshot_is_json_that_any_world_can_be_restored_from(factify, factify_server, tmp_path):
    factify.seed("demo")
    path = tmp_path / "world.json"
    path.write_text(json.dumps(factify.snapshot(content=True)), encoding="utf-8")

    other = factify_server.new_world()
    other.restore(json.loads(path.read_text(encoding="utf-8")))

    assert titles(other, other.member) == titles(factify, factify.member) != []
    other.close()


def test_a_new_world_begins_with_a_seed(factify_server):
    world = factify_server.new_world(seed_name="quota-almost-exhausted")

    assert world.quota.get()["requests_limit"] == 1000
    world.close()


def test_an_unknown_seed_is_refused_with_the_names_that_there_are(factify, factify_server):
    with pytest.raises(ControlRefused, match="demo, empty"):
        factify.seed("nowhere")
    with pytest.raises(ControlRefused, match="demo, empty"):
        factify_server.new_world(seed_name="nowhere")


def test_all_worlds_of_a_session_begin_as_the_option_says(pytester):
    pytester.makepyfile(
        """
        def test_world(factify, factify_server):
            assert factify.quota.get()["documents_used"] == 9
            other = factify_server.new_world()
            assert other.quota.get()["documents_used"] == 9
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--factify-world=quota-almost-exhausted")

    result.assert_outcomes(passed=1)
