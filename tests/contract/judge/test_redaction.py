"""No token, secret, e-mail address or download signature gets into anything that a run writes."""

import re
from contextlib import ExitStack

import pytest

from factify_contract.clauses import catalogue
from factify_contract.cli import main
from factify_contract.engine import Options, Run
from factify_contract.launch import running_mock
from factify_contract.redaction import Redactor
from factify_contract.report.transcript import Transcript
from factify_contract.reporting import reporting
from factify_contract.scenarios.story import Story

BROKEN = "users.me-organizations"
KEY_SECRET = "ffy_test_" + "canaryKey9" * 6
INVITE = "canary-invite-5d2e"
SIGNATURE, HEADER, PATH = "canary-signature-1f", "canary-header-77", "canary-in-the-path-3"
EXPORT = f"https://files.test/{PATH}/a.pdf?expires=1&X-Amz-Signature={SIGNATURE}"
ENTRY = f"https://files.test/canary-entry-page-1/b.pdf?signature={SIGNATURE}"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary_never_seen_before"
STRANGER = "canary.stranger@partner-company.io"
OWNER = "canary-owner@partner-company.io"


def leaks(api):
    """Everything secret is met, and every text that reports show holds all of it."""
    api.owner.call("getMe")
    api.owner.call("createApiKey", body={"name": "a key", "organization_id": "org_1"})
    api.owner.call("listOrganizationMembers", organization_id="org_1", query={"email": STRANGER})
    api.owner.call("exportDocument", document_id="doc_1")
    api.owner.call("generateDocumentEntryPage", document_id="doc_1")
    api.owner.call("createOrganizationInvite", organization_id="org_1", body={"email": STRANGER})
    api.mailbox.token_for(STRANGER)
    api.as_token("finder", "canary-token-of-a-finder").call("getMe")
    said = everything(api)
    api.holds(BROKEN, condition=False, expected=f"none of {said}", actual=f"all of {said}")


def gives_up(api):
    api.owner.call("getMe")
    api.require(False, f"{everything(api)} is not there")


def crashes(api):
    raise RuntimeError(everything(api))


def everything(api) -> str:
    own = [identity.token for identity in api._target.identities.values()]
    return " ".join((*own, KEY_SECRET, INVITE, EXPORT, ENTRY, HEADER, JWT, STRANGER, OWNER, OWNER.upper()))


@pytest.fixture
def leaky(toy, monkeypatch, tmp_path):
    """The toy, which gives away all it can."""

    def me(asked):
        user = toy.user(asked.caller)
        if asked.caller == "owner":
            user["email"] = OWNER
        return 200, {"user": user, "organizations": [], "note": JWT}

    key = {"id": "key_1", "key_prefix": KEY_SECRET[:16]}
    toy.answers |= {
        "GET /v1beta/me": me,
        "POST /v1beta/api-keys": lambda asked: (200, {"api_key": key, "secret": KEY_SECRET}),
        "GET /v1beta/organizations/org_1/members": lambda asked: (
            200,
            {"items": [{"user": {"email": STRANGER}}], "pagination": {"has_more": False}},
        ),
        "GET /v1beta/documents/doc_1/export": lambda asked: (
            200,
            {"url": EXPORT, "expires_at": "2026-01-05T09:00:00Z", "headers": {"X-Key": HEADER}},
        ),
        "POST /v1beta/documents/doc_1/entry_page": lambda asked: (200, {"download_url": ENTRY}),
        # The mail comes later, so that nobody knows by now that this is a secret.
        "POST /v1beta/organizations/org_1/invites": lambda asked: (
            400,
            {"code": "invalid_argument", "message": f"sent {INVITE} to {STRANGER}"},
        ),
    }
    (tmp_path / "leaky_box.py").write_text(f"def box(**asked):\n    return {INVITE!r}\n")
    monkeypatch.syspath_prepend(tmp_path)
    return toy


def test_canaries_are_in_nothing_that_a_run_writes(leaky, shipped, target_of, tmp_path, capsys, monkeypatch):
    output = tmp_path / "output"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    stories = [Story("toys", tell.__name__, (), tell) for tell in (leaks, gives_up, crashes)]
    options = Options(seed=3, phases=("scenarios",), target_name="a toy", suite_version="9.9")
    target = target_of(adapters={"mailbox": {"python": "leaky_box:box"}})
    transcript = Transcript(target.transport.redactor)
    with ExitStack() as stack:
        reporters = [transcript, *reporting(output, stack, document=shipped, spec=None, color=False)]

        def emit(event):
            for reporter in reporters:
                reporter.receive(event)

        Run(target, shipped, catalogue(), stories, options, emit=emit, clock=lambda: 0.0).execute()
    transcript.write(output / "transcript.jsonl")
    texts = {path.name: path.read_text() for path in (*output.rglob("*"), tmp_path / "step.md")}
    texts["console"] = capsys.readouterr().out

    assert {"junit.xml", "report.json", "report.html", "results.sarif", "transcript.jsonl"} < set(texts)
    assert any(name.startswith("replay-") for name in texts)
    seen = {name: re.findall(r"(?i)[\w.-]*canary[\w.@-]*", text) for name, text in texts.items()}
    # The beginning of a key is there for people to tell keys apart.
    prefix = KEY_SECRET[:16]
    assert {name: words for name, found in seen.items() if (words := set(found) - {prefix})} == {}
    # Nor is it for want of anything to hide.
    for name in ("report.json", "junit.xml", "report.html", "console", "transcript.jsonl"):
        assert re.search(r"(<|&lt;|\\u003c)redacted(>|&gt;|\\u003e)", texts[name]), name
        assert re.search(r"(<|&lt;|\\u003c)e-mail", texts[name]), name


def test_nothing_of_a_real_run_on_lasting_data_gives_anything_away(tmp_path, capsys):
    """Without sandboxes there is a ledger too."""
    output = tmp_path / "output"
    with running_mock() as ready:
        control, world = ready["control_url"], ready["world"]
        profile = [f'base_url = "{ready["url"]}"', f'organization_id = "{world["organization_id"]}"']
        secrets = set()
        for name in ("owner", "admin", "member", "outsider", "invitee"):
            profile += [f"[identities.{name}]", f'token = "{world[name]["token"]}"']
            secrets |= {world[name]["token"], world[name]["email"]}
        profile += ["[adapters.mailbox]", f'url = "{control}/worlds/{world["id"]}/outbox?to={{to}}"']
        profile += ['list = "/messages"', 'pointer = "/token"', 'where = {invite_id = "{invite_id}"}']
        (tmp_path / "profile.toml").write_text("\n".join(profile))
        words = ["verify", "--profile", str(tmp_path / "profile.toml"), "--phase", "scenarios"]
        words += ["--suite", "invite-accept", "--suite", "export", "--output", str(output)]
        with pytest.raises(SystemExit):
            main(words)
    texts = {path.name: path.read_text() for path in output.rglob("*")}
    texts["console"] = capsys.readouterr().out

    assert any(name.startswith("ledger-") for name in texts)
    assert "invite-accept" in texts["junit.xml"]
    for name, text in texts.items():
        assert [one for one in secrets if one.lower() in text.lower()] == [], name
        assert not re.search(r"signature=[\w-]{8}", text), name
        # A page token opens nothing.
        assert not re.search(r'(?<!page_)token"?[:=] ?"?[\w-]{20}', text), name


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Bearer abcdef0123456789 was sent", "Bearer <redacted> was sent"),
        ("Bearer authentication is needed", "Bearer authentication is needed"),
        ("a bob@corp.io, c", "a <e-mail>, c"),
        ("?email=bob%40corp.io&a=1", "?email=<e-mail>&a=1"),
        (
            "guest@example.com and guest@acme.test are nobody",
            "guest@example.com and guest@acme.test are nobody",
        ),
        ("/files/a?expires=5&signature=abc&b=1", "/files/a?expires=5&signature=<redacted>&b=1"),
        ("/x?X-Amz-Signature=abc", "/x?X-Amz-Signature=<redacted>"),
        ("?page_token=abc", "?page_token=abc"),
        (KEY_SECRET, "<redacted>"),
        (f"prefix {KEY_SECRET[:16]}...", f"prefix {KEY_SECRET[:16]}..."),
        (JWT, "<redacted>"),
        (f"{JWT[:40]}… (90 characters)", "<redacted>… (90 characters)"),
        (f"{KEY_SECRET[:20]}…", "<redacted>…"),
        ("bob@corp…", "<e-mail>…"),
    ],
)
def test_secrets_are_known_by_their_form(text, clean):
    assert Redactor().clean(text) == clean


def test_longer_secrets_leave_no_rest():
    redactor = Redactor()
    redactor.learn("canary-1234")
    redactor.learn("canary-1234-and-more", "<more>")

    assert redactor.clean("canary-1234-and-more canary-1234") == "<more> <redacted>"


def test_beginning_of_a_secret_before_a_cut_is_hidden():
    redactor = Redactor()
    redactor.learn("canary-1234")

    assert redactor.clean("a canar… (90 characters), can… canary-1234… b") == (
        "a <redacted>… (90 characters), can… <redacted>… b"
    )


def test_many_secrets_of_one_form_are_each_found():
    redactor = Redactor()
    secrets = [f"prefix-of-all-{number:04}-suffix" for number in range(300)]
    for number, secret in enumerate(secrets):
        redactor.learn(secret, f"<{number}>")

    assert [redactor.clean(f"a{secret}b") for secret in secrets] == [f"a<{number}>b" for number in range(300)]


def test_value_is_cleaned_in_names_and_values():
    redactor = Redactor()
    redactor.learn("canary-1234")
    value = {"canary-1234": ["x canary-1234", 1, None], "secret": "short", "headers": {"Cookie": "a"}}

    assert redactor.clean_value(value) == {
        "<redacted>": ["x <redacted>", 1, None],
        "secret": "<redacted>",
        "headers": {"Cookie": "a"},
    }
