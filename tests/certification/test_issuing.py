"""Who gets no certificate, and what they are told."""

import json
from dataclasses import replace

import pytest

from factify_contract.certification import issuing
from factify_contract.certification.gaps import gaps_of_profile, told
from factify_contract.certification.issuing import Issued, NotIssued, Order, certify
from factify_contract.certification.keys import make_keys
from factify_contract.certification.requirements import CertificateLevel, required_clauses
from factify_contract.errors import ProfileError
from factify_contract.findings import Status
from factify_contract.launch import running_mock
from factify_contract.profile import Profile
from factify_contract.request import Request
from factify_contract.target import Target

CORE, FULL = CertificateLevel
# Of a former run, as far as anybody can tell.
OLD = ("certificate.json", "transcript.jsonl", "badge.svg")


@pytest.fixture
def order(tmp_path):
    make_keys(tmp_path / "key")
    folder = tmp_path / "certificate"
    folder.mkdir()
    for name in OLD:
        (folder / name).write_text("old")
    return Order(Request(launch_mock=True), CORE, tmp_path / "key", folder)


@pytest.fixture
def target_with():
    """A target as the mock announces itself, without some adapters or people, or with declarations."""
    world = {
        "id": "wld_1",
        "organization_id": "org_1",
        "policy_ids": ["pol_1"],
        **{
            name: {"token": f"token-of-{name}"}
            for name in ("owner", "admin", "member", "outsider", "invitee")
        },
        "api_key": {"id": "key_1", "secret": "secret-of-the-key"},
    }
    ready = {"url": "http://mock.test", "control_url": "http://mock.test/__mock__", "world": world}
    whole = Profile.from_ready_line(ready)
    opened = []

    def make(*without, policies=True, **capabilities):
        profile = replace(
            whole,
            adapters={name: one for name, one in whole.adapters.items() if name not in without},
            identities={name: one for name, one in whole.identities.items() if name not in without},
            policy_ids=whole.policy_ids if policies else (),
            capabilities=capabilities,
        )
        opened.append(Target(profile))
        return opened[-1]

    yield make
    for target in opened:
        target.close()


@pytest.fixture
def gaps(shipped):
    """By the next step, the clauses that the target's profile rules out."""

    def found(target, level):
        absent = [name for name, there in target.profile.capabilities.items() if not there]
        steps: dict[str, list[str]] = {}
        for gap in gaps_of_profile(required_clauses(shipped.operations, level, absent), level, target):
            steps.setdefault(gap.step, []).append(gap.clause)
        return steps

    return found


def test_whole_profile_rules_nothing_out(gaps, target_with):
    assert gaps(target_with(), FULL) == gaps(target_with(), CORE) == {}


def test_core_needs_no_switch_that_no_client_has(gaps, target_with):
    switches = ("clock", "quota", "document_quota", "processing", "demo_document", "mail_count")
    bare = target_with(*switches, "rate_limits", "sandbox")

    assert gaps(bare, CORE) == {}
    assert set(gaps(bare, FULL)) >= {f"add [adapters.{name}] to the profile" for name in switches}


def test_missing_mailbox_names_its_clauses(gaps, target_with):
    clauses = gaps(target_with("mailbox"), CORE)["add [adapters.mailbox] to the profile"]

    assert {"invites.create-sends-mail", "invites.accept-joins", "invites.accept-wrong-person"} <= set(
        clauses
    )
    assert all(clause.startswith("invites.") for clause in clauses)


def test_missing_person_and_policies_are_asked_for(gaps, target_with):
    assert (
        "invites.accept-joins"
        in gaps(target_with("invitee"), CORE)["add [identities.invitee] to the profile"]
    )
    [(step, clauses)] = gaps(target_with(policies=False), CORE).items()

    assert step == "add policy_ids to the profile"
    assert "policies.attach" in clauses


def test_what_is_essential_cannot_be_declared_absent(gaps, target_with):
    found = gaps(target_with(invites=False, timeline=False), CORE)

    assert "invites.create-pending" in found["take 'invites = false' out of [capabilities]"]
    assert not any("timeline" in step for step in found)


def test_nothing_can_be_declared_absent_at_the_full_level(gaps, target_with):
    [(step, clauses)] = gaps(target_with(timeline=False), FULL).items()

    assert step == "take 'timeline = false' out of [capabilities]"
    assert "timeline.admin-sees-all" in clauses


def test_quota_adapter_that_must_not_be_used_is_no_help(gaps, target_with):
    found = gaps(target_with(request_quota_exhaustion=False), FULL)

    assert (
        "request-quota.org-enforced"
        in found["allow it with 'request_quota_exhaustion = true' in [capabilities]"]
    )


def test_run_with_a_mutant_is_not_certified(order, small, capsys):
    mutated = replace(order.request, mock_options=("--mutant", "invites.token-reusable"))
    result = certify(replace(order, request=mutated), effort=small)

    assert isinstance(result, NotIssued)
    assert [(gap.clause, gap.status) for gap in result.gaps] == [("invites.accept-once", "fail")]
    assert [name for name in OLD if (order.output / name).exists()] == []
    assert json.loads((order.output / "report.json").read_text())["verdict"] == "FAIL"
    assert capsys.readouterr().out.endswith("FAIL\n")


def test_undeclared_mailbox_is_refused_by_the_command_before_anything_is_written(tmp_path, order, command):
    with running_mock() as ready:
        profile = Profile.from_ready_line(ready)
        lines = [f'base_url = "{ready["url"]}"', f'organization_id = "{profile.organization_id}"']
        lines += [f"policy_ids = {json.dumps(list(profile.policy_ids))}"]
        for name, one in profile.identities.items():
            lines += [f"[identities.{name}]", f'token = "{one.token.read(name)}"']
        (tmp_path / "profile.toml").write_text("\n".join(lines))
        words = ("--profile", tmp_path / "profile.toml", "--level", "core", "--key", order.key)
        code, text = command("certify", *words, "--output", order.output)

    assert code == 1
    assert text.startswith("NOT CERTIFIED at the core level: ")
    assert "  not exercised: add [adapters.mailbox] to the profile\n" in text
    assert "    invites.accept-joins\n" in text
    assert list(order.output.iterdir()) == []


def test_who_gives_writes_time_gets_no_certificate(order, monkeypatch):
    profile = Profile.from_dict(
        {
            "base_url": "http://api.test",
            "settle_seconds": 0.5,
            "identities": {"owner": {"token": "token-of-owner"}},
        }
    )

    def run(request, witness):
        with Target(profile) as target:
            witness(target)

    monkeypatch.setattr(issuing, "run", run)
    with pytest.raises(ProfileError, match=r"take 'settle_seconds = 0\.5' out of the profile$"):
        certify(order)


def test_interrupted_run_leaves_no_certificate(order, monkeypatch):
    def interrupted(request, witness):
        raise KeyboardInterrupt

    monkeypatch.setattr(issuing, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        certify(order)

    assert list(order.output.iterdir()) == []


@pytest.fixture
def judged(certified, order, monkeypatch, target_with):
    """What comes of a run that ended with other statuses than the clean one."""
    from factify_contract.clauses import catalogue
    from factify_contract.summary import StoryResult, Summary

    passed = {*certified.certificate.passed}
    clauses = {name: Status.PASS if name in passed else Status.NOT_EXERCISED for name in catalogue()}

    def certification(statuses=(), *, reasons=(), story=Status.PASS, **more):
        summary = Summary(
            clauses={**clauses, **dict(statuses)},
            reasons=dict(reasons),
            findings=(),
            occurrences={},
            stories=(StoryResult("toys/breaks", "toys", "A toy", story, "", 0.0),),
            warnings=(),
            requests=3,
            seed=0,
            target="http://name:word@api.test",
            document_title="T",
            document_version="1",
            document_digest="sha256:" + "0" * 64,
            suite_version="9.9",
            **more,
        )

        def ran(request, witness):
            witness(target_with())
            return summary

        monkeypatch.setattr(issuing, "run", ran)
        return certify(replace(order, request=Request(url="http://name:word@api.test"), name="Ours 1.2"))

    return certification


def test_run_like_the_clean_one_is_certified(judged, order):
    result = judged()

    assert isinstance(result, Issued)
    assert (result.certificate.target, result.certificate.address) == ("Ours 1.2", "http://mock.test")
    assert sorted(path.name for path in order.output.iterdir()) == sorted(OLD)


def test_clause_that_was_not_reached_is_refused_with_its_reason(judged):
    reason = {"users.preferences": "the document is not there"}
    result = judged(
        {"users.preferences": Status.NOT_EXERCISED, "users.me": Status.NOT_EXERCISED}, reasons=reason
    )

    assert told(result.gaps) == [
        "  not exercised: no answer showed it; the stories that should have are in the report",
        "    users.me",
        "  not exercised: the document is not there",
        "    users.preferences",
    ]


@pytest.mark.parametrize("status", [Status.FAIL, Status.INCONCLUSIVE, Status.ERROR])
def test_broken_promise_is_refused_even_where_it_is_not_required(judged, status):
    result = judged({"export.gives-url": status})

    assert [(gap.clause, gap.status) for gap in result.gaps] == [("export.gives-url", status.word)]


def test_broken_tool_is_refused(judged):
    assert judged(story=Status.ERROR) == NotIssued((), "the tool or an adapter broke in toys/breaks")


def test_run_cut_short_is_refused(judged):
    assert isinstance(judged(interrupted="the user had enough"), NotIssued)


def test_inferred_clause_that_was_not_kept_is_a_warning(judged):
    result = judged({"errors.message-not-empty": Status.FAIL})

    assert result.certificate.warned == ["errors.message-not-empty"]


@pytest.mark.parametrize("option", ["--phase", "--suite", "--max-examples", "--known-issues", "--read-only"])
def test_no_part_of_a_run_can_be_chosen(command, option):
    code, text = command("certify", "--launch-mock", "--level", "core", "--key", "key", option, "1")

    assert (code, "No such option" in text) == (2, True)


def test_key_is_looked_at_before_anything_is_sent(command, tmp_path):
    code, text = command("certify", "--launch-mock", "--level", "core", "--key", tmp_path / "none")

    assert (code, "cannot be read" in text) == (2, True)
