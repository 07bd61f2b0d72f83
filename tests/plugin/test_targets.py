"""Tests that are pointed at a mock that runs already, at something else, and at nothing."""

import http.server
import json
import threading

import pytest

from factify_fixtures import attached, running_in_process
from factify_fixtures.server import start_of

ARGUMENTS = ("-p", "no:cacheprovider", "-p", "no:xdist", "-q")


@pytest.fixture
def running(factify_server):
    return factify_server


@pytest.fixture(scope="module")
def stranger():
    """The address of a server that answers two paths of the API, and knows nothing of mocks."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answers = {
                "/v1beta/me": {"user": {"id": "user_1", "email": "o@example.com"}},
                "/v1beta/organizations": {"items": [{"id": "org_1"}]},
            }
            is_known = self.path in answers and self.headers["authorization"] == "Bearer good"
            self.send_response(200 if is_known else 404)
            self.end_headers()
            self.wfile.write(json.dumps(answers[self.path] if is_known else {}).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def profile(pytester, url, token="good"):
    return pytester.makefile(
        ".toml",
        profile=f'base_url = "{url}"\n[identities.owner]\ntoken = "{token}"\n'
        '[identities.api_key]\ntoken = "good"',
    )


WORLD = """
    def test_world(factify, factify_server, factify_session):
        assert factify.url == factify_session.url == factify_server.url == {url!r}
        assert factify.world_id != factify_session.world_id
        assert factify.owner.client().get("/v1beta/me").status_code == 200
        assert factify.quota.get()["documents_used"] == {documents}
"""


def test_a_mock_that_runs_gives_worlds_and_goes_on_running(pytester, running):
    pytester.makepyfile(WORLD.format(url=running.url, documents=0))
    target = f"--factify-target={running.url}"

    pytester.runpytest_inprocess(*ARGUMENTS, target).assert_outcomes(passed=1)

    with running.new_world() as world:
        assert world.owner.client().get("/v1beta/me").status_code == 200


@pytest.mark.parametrize("world", ["quota-almost-exhausted", "mine.json"])
def test_worlds_of_a_mock_that_runs_begin_as_the_option_says(pytester, running, world):
    pytester.makepyfile(WORLD.format(url=running.url, documents=9))
    with running.new_world(seed_name="quota-almost-exhausted") as made:
        (pytester.path / "mine.json").write_text(json.dumps(made.snapshot(content=True)), encoding="utf-8")

    result = pytester.runpytest_inprocess(
        *ARGUMENTS, f"--factify-target={running.url}", "--factify-world", world
    )

    result.assert_outcomes(passed=1)


def test_another_implementation_has_the_people_of_its_profile_and_no_controls(pytester, stranger):
    file = profile(pytester, stranger)
    pytester.makepyfile(
        f"""
        import pytest
        from factify_fixtures import NoControlPlane

        def test_people(factify, factify_session):
            assert factify is factify_session and not factify.has_control
            assert (factify.url, factify.organization_id) == ({stranger!r}, "org_1")
            assert (factify.owner.user_id, factify.owner.email) == ("user_1", "o@example.com")
            assert factify.owner.client().get("/v1beta/me").status_code == 200
            assert factify.api_key.token == "good"
            with pytest.raises(AttributeError, match="has no admin; add .identities.admin. with a token"):
                factify.admin

        @pytest.mark.parametrize("use", [
            lambda world: world.clock.now(), lambda world: world.outbox.latest(), lambda world: world.reset(),
            lambda world: world.quota.get(), lambda world: world.requests.sent(),
            lambda world: world.seed("demo"),
        ])
        def test_controls(factify, use):
            with pytest.raises(NoControlPlane, match="{stranger} is no factify-mock and has no"):
                use(factify)

        def test_server(factify_server):
            pass

        def test_failing(factify):
            assert False
        """
    )

    result = pytester.runpytest_inprocess(*ARGUMENTS, f"--factify-profile={file}")

    result.assert_outcomes(passed=7, errors=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*is no factify-mock with a control plane, so no worlds can be made there;*"]
    )
    result.stdout.no_fnmatch_line("*last exchanges*")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--factify-target={stranger}"], "{stranger} is no factify-mock*--factify-profile FILE*"),
        (
            ["--factify-target={stranger}", "--factify-profile={bad}"],
            "{stranger}/v1beta/me answers 404 to*owner*",
        ),
        (["--factify-target=http://127.0.0.1:9"], "Nothing listens at http://127.0.0.1:9 *"),
        (["--factify-target=ftp://x"], "'ftp://x' does not begin with http*"),
        (["--factify-profile=missing.toml"], "there is no profile file*factify-contract init*"),
        (["--factify-world=nowhere"], "*known are demo, empty*"),
        (["--factify-world=missing.json"], "*missing.json*"),
        (["--factify-world=nowhere", "--factify-target={running}"], "*known are demo, empty*"),
        (
            ["--factify-world=missing.json", "--factify-target={running}"],
            "the world 'missing.json' cannot be read*",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_one_message(pytester, stranger, running, arguments, message):
    values = {"stranger": stranger, "running": running.url, "bad": profile(pytester, stranger, token="bad")}
    pytester.makepyfile("def test_world(factify): pass")

    result = pytester.runpytest_inprocess(*ARGUMENTS, *(each.format(**values) for each in arguments))

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"{message.format(**values)}"])
    assert "Traceback" not in result.stdout.str()
    assert len(result.outlines) < 12, "a message and no frames"


def test_worlds_on_any_mock_are_found_again_by_their_ids(running):
    with running.new_world() as world, attached(running.url) as same:
        assert same.world(world.world_id).owner == world.owner


def test_a_file_of_a_world_is_read_in_process_too(tmp_path):
    file = tmp_path / "mine.json"
    with running_in_process(world="quota-almost-exhausted") as server, server.new_world() as world:
        file.write_text(json.dumps(world.snapshot(content=True)), encoding="utf-8")

    with running_in_process(world=str(file)) as server, server.new_world() as world:
        assert world.quota.get()["documents_used"] == 9
    assert start_of("demo") == {"seed_name": "demo"}
    file.rename(tmp_path / "mine.txt")
    assert start_of(str(tmp_path / "mine.txt"))["snapshot"]["tables"]
