"""The judge's stories as pytest items, as whoever runs them meets them."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from factify_contract.clauses import catalogue
from factify_contract.launch import running_mock

STORIES = ("--pyargs", "factify_contract.scenarios")


@pytest.fixture
def told(pytester, monkeypatch) -> Callable[..., pytest.RunResult]:
    """Runs pytest over the stories, with no other plugins than it takes."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(*words: str) -> pytest.RunResult:
        plugins = ("no:cacheprovider", "factify_fixtures.plugin", "xdist")
        return pytester.runpytest_subprocess(*(f"-p{name}" for name in plugins), *words, *STORIES)

    return run


@pytest.fixture
def mock() -> Iterator[Callable[..., dict[str, Any]]]:
    """Starts a mock and returns its ready line."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(running_mock(options))


@pytest.fixture
def ready_file(mock, tmp_path) -> Callable[..., str]:
    """A mock's ready line as a profile."""

    def write(*options: str) -> str:
        path = tmp_path / "ready.json"
        path.write_text(json.dumps(mock(*options)))
        return str(path)

    return write


def lasting_profile(folder: Path, ready: dict[str, Any], *people: str, more: str = "") -> str:
    """The mock as a target without sandboxes, for the people named."""
    world = ready["world"]
    lines = [f'base_url = "{ready["url"]}"', f'organization_id = "{world["organization_id"]}"', more]
    for name in people:
        lines += [f"[identities.{name}]", f'token = "{world[name]["token"]}"']
    path = folder / "profile.toml"
    path.write_text("\n".join(lines))
    return str(path)


def test_stories_are_items_of_their_suites(told):
    result = told("--factify-target", "mock", "-m", "timeline or export", "-v")

    result.stdout.fnmatch_lines(["factify: judging factify-mock, started for the run", "export::* PASSED*"])
    passed = re.findall(r"^(\S+) PASSED", result.stdout.str(), re.MULTILINE)
    assert {name.split("::")[0] for name in passed} == {"timeline", "export"}
    assert result.ret == 0


def test_broken_promise_is_told_in_full_and_without_our_traceback(told, ready_file):
    clause = catalogue()["trash.restore-keeps-grants-revoked"]
    profile = ready_file("--mutant", "sharing.untrash-restores-grants")
    result = told("--factify-profile", profile, "-n", "2", "-k", "trash-restore/")
    output = result.stdout.str()

    assert result.ret == 1
    for line in (
        f"{clause.id} (documented)",
        f"  promise    {clause.sentence}",
        f"  source     {clause.source}",
        "  operation  getDocument",
    ):
        assert line in output.splitlines()
    assert re.search(r"^  expected   refused with ", output, re.MULTILINE)
    assert re.search(r"^  actual     success \(200\)$", output, re.MULTILINE)
    assert re.search(
        r'^    curl -sS -X POST "\$FACTIFY_URL"/v1beta/documents/doc_\w+/untrash ', output, re.MULTILINE
    )
    assert re.search(r"^FAILED \S*trash-restore::sharing_stays_revoked", output, re.MULTILINE)
    for ours in ("Traceback", "bench.py", "nodes.py"):
        assert ours not in output
    passed = result.parseoutcomes()["passed"]
    result.assert_outcomes(passed=passed, failed=1)
    assert passed > 3


def test_every_outcome_can_be_seen(told, pytester):
    pytester.makeconftest(
        """
        from factify_contract.clauses import catalogue
        from factify_contract.findings import Status, make_finding
        from factify_fixtures.stories.bench import Bench, Told

        def finding(clause):
            return make_finding(catalogue()[clause], operation="getMe", message="", expected="some",
                                actual="none", exchanges=())

        def tell(self, story):
            match story.tell.__name__:
                case "granted":
                    return Told(Status.INCONCLUSIVE, "", (), ("broken once only",))
                case "changed":
                    return Told(Status.PASS, "", (finding("errors.message-not-empty"),), ())
                case "revoked":
                    return Told(Status.NOT_EXERCISED, "no clock", (), ())
                case "role_ceiling":
                    return Told(Status.ERROR, "KeyError", (), ())
            return Told(Status.PASS, "", (), ())

        Bench.tell = tell
        """
    )
    result = told("--factify-target", "mock", "-n", "2", "-k", "sharing/", "-rA", "-W", "error")
    output = result.stdout.str()

    assert result.ret == 1
    for line in (
        "INCONCLUSIVE sharing::granted - inconclusive: broken once only",
        "SKIPPED * not exercised: no clock",
        "*InferredPromiseBroken: errors.message-not-empty (inferred)",
        "the judge or an adapter broke, which says nothing about the target: KeyError",
    ):
        result.stdout.fnmatch_lines([line])
    outcomes = result.parseoutcomes()
    assert (outcomes["failed"], outcomes["skipped"], outcomes["inconclusive"]) == (1, 1, 1)
    assert outcomes["warnings"] == 1
    assert "PASSED sharing::changed" in output


def test_stories_without_a_target_are_wrong_usage(told):
    result = told()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: the stories have no target; *--factify-target URL --factify-profile FILE*mock*"]
    )


def test_url_without_a_profile_is_wrong_usage(told):
    result = told("--factify-target", "http://127.0.0.1:9")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*without --factify-profile nobody may call it*"])


def test_target_that_is_not_there_ends_with_3(told, tmp_path):
    profile = tmp_path / "profile.toml"
    profile.write_text('base_url = "http://127.0.0.1:9"\n[identities.owner]\ntoken = "t"\n')
    result = told("--factify-profile", str(profile), "-n", "2")

    assert result.ret == 3
    result.stderr.fnmatch_lines(["*Nothing listens at http://127.0.0.1:9 *"])


def test_target_that_goes_away_ends_with_3(told, pytester, ready_file):
    pytester.makeconftest(
        """
        from factify_contract.errors import TargetUnreachable
        from factify_contract.telling import Teller

        def tell(self, story, ordinal, target):
            raise TargetUnreachable("Nothing listens any more")

        before, told = Teller.tell, []

        def tell_one(self, story, *others):
            told.append(story)
            return tell(self, story, *others) if len(told) > 3 else before(self, story, *others)

        Teller.tell = tell_one
        """
    )
    result = told("--factify-profile", ready_file(), "-k", "preflight or sharing/")

    assert result.ret == 3
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["nothing could be judged: Nothing listens any more"])
    assert "Traceback" not in result.stdout.str()


def test_owner_whom_the_target_refuses_ends_with_wrong_usage(told, mock, tmp_path):
    ready = mock()
    ready["world"]["owner"]["token"] = "wrong"
    result = told("--factify-profile", lasting_profile(tmp_path, ready, "owner"), "--factify-read-only")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(
        ["nothing could be judged: the target refused the token of identity 'owner'*"]
    )


def test_lasting_target_is_told_one_story_at_a_time_and_left_clean(told, mock, tmp_path):
    ready = mock()
    world = ready["world"]

    def active() -> list[str]:
        answer = httpx.get(
            f"{ready['url']}/v1beta/documents",
            params={"trash_state": "active", "page_size": 100},
            headers={"authorization": f"Bearer {world['owner']['token']}"},
        )
        return [one["id"] for one in answer.json()["items"]]

    before = active()
    profile = lasting_profile(tmp_path, ready, "owner", "member", "outsider", more="[budget]\nrequests = 400")
    words = ("--factify-profile", profile, "--factify-ledger", str(tmp_path / "ledger.jsonl"))
    result = told(*words, "-n", "2", "-v", "-k", "general-access or trash-restore or invite-accept")
    output = result.stdout.str()
    header, *entries = map(json.loads, (tmp_path / "ledger.jsonl").read_text().splitlines())
    tellers = set(re.findall(r"\[(gw\d)\] .*general-access::", output))

    assert result.ret == 0
    assert active() == before
    assert len(tellers) == 1
    assert header["prefix"].endswith(f"-{tellers.pop()}")
    assert any(entry.get("operation") == "createDocument" for entry in entries)
    assert re.search(r"^factify: about \d+ requests will be sent and \d+ things made; ", output, re.MULTILINE)
    result.stdout.fnmatch_lines(["note: documents named fct-1-*that stay in the trash: *"])
    assert "skipped" in result.parseoutcomes()
