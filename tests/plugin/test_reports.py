"""What the report of a failed test shows, and what it keeps to itself."""

import re

TEST = """
    import httpx
    import pytest

    @pytest.fixture
    def archive(factify):
        return factify.owner.client()

    def test_it_fails(archive, factify):
        archive.get("/v1beta/me", params={"token": factify.owner.token})
        for number in range(8):
            archive.get("/v1beta/documents", params={"query": number})
        key = archive.post(
            "/v1beta/api-keys", json={"organization_id": factify.organization_id, "name": "Key"}
        ).json()
        print("THE SECRET", key["secret"])
        archive.get(f"/v1beta/documents/{factify.admin.token}", params={"signature": "abcdefgh"})
        assert False

    def test_it_passes(archive):
        archive.get("/v1beta/me")

    def test_it_has_no_world():
        assert False

    def test_another_fixture_fails(archive, request):
        archive.get("/v1beta/me")
        request.getfixturevalue("never")

    def test_in_process(factify_in_process, factify_session):
        factify_in_process.member.client().get("/v1beta/me")
        assert False
"""


def sections(output):
    """The exchanges in the report of each test."""
    found = {}
    for report in re.split(r"^_{3,} ", output, flags=re.MULTILINE)[1:]:
        _, marked, rest = report.partition("Factify: last exchanges")
        if marked:
            body = re.split(r"\n(?:-{3,}|={3,}|_{3,})", rest.partition("\n")[2])[0]
            found[report.split(" _", 1)[0]] = body
    return found


def test_a_failure_shows_the_last_exchanges_of_its_worlds_and_no_secrets(pytester):
    pytester.makepyfile(TEST)

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist")

    result.assert_outcomes(failed=4, passed=1)
    output = result.stdout.str()
    found = sections(output)
    assert set(found) == {"test_it_fails", "test_another_fixture_fails", "test_in_process"}
    told = found["test_it_fails"].strip().splitlines()
    assert told[0] == "… (the last 6; factify.requests.sent() has more)"
    calls = [line for line in told[1:] if not line.startswith(" ")]
    assert calls[0] == "listDocuments: GET /v1beta/documents?query=4 by owner → 200"
    assert re.fullmatch(
        r"getDocument: GET /v1beta/documents/<token of admin>\?signature=<redacted> by owner → 400", calls[-1]
    )
    assert any(re.match(r'    sent \{"organization_id": "org_\w+", "name": "Key"\}', line) for line in told)
    secret = re.search(r"THE SECRET (\S+)", output).group(1)
    assert output.count(secret) == 1, "the one that the test printed"
    assert "eyJ" not in "".join(found.values())
    assert found["test_another_fixture_fails"].startswith("getMe: GET /v1beta/me by owner → 200")
    assert "getMe: GET /v1beta/me by member" in found["test_in_process"]
    assert "no request reached the world" in found["test_in_process"], "of the session's world"


def test_a_server_that_died_is_what_the_report_speaks_of(pytester):
    pytester.makepyfile(
        """
        import os, signal
        import httpx

        def test_killed(factify_server, factify):
            os.kill(factify_server.pid, signal.SIGKILL)
            factify.owner.client().get("/v1beta/me")

        def test_after(factify):
            pass
        """
    )

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist")

    result.assert_outcomes(failed=1, errors=2)
    output = result.stdout.str()
    died = r"the mock at http://127\.0\.0\.1:\d+ has ended by SIGKILL: it said nothing"
    assert re.search(rf"Factify: last exchanges -+\n{died}", output)
    assert re.search(rf"ERROR at setup of test_after _+\n{died}\n", output), "and no frames"
