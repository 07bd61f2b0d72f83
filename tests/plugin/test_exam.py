"""The exam as a test author reads it."""

import httpx
import pytest


def me(factify, **arguments):
    headers = {"Authorization": f"Bearer {factify.owner.token}"}
    return httpx.get(f"{factify.url}/v1beta/me", headers=headers, **arguments)


def test_a_good_client_passes(factify):
    me(factify)

    exam = factify.exam()

    assert exam.passed
    assert (exam.grade, exam.examined, exam.broken) == ("A", 1, ())


def test_remarks_say_what_and_where(factify):
    me(factify)
    me(factify, params={"page": 1})

    exam = factify.exam()

    assert not exam.passed
    (remark,) = exam.remarks
    assert (remark.rule, remark.severity, remark.count) == ("fields.unknown-query", "warning", 1)
    assert (remark.evidence[0].number, remark.evidence[0].detail) == (2, "page")
    assert "B: warnings under one or two rules" in exam.rule_of_grade


def test_a_world_that_nobody_called_has_no_grade(factify):
    exam = factify.exam()

    assert exam.grade is None
    assert not exam.passed
    assert str(exam).startswith("no grade: there is no request on record to examine")


@pytest.mark.parametrize(
    ("check", "lines"),
    [
        (
            "assert exam.passed",
            ["*<exam: grade D: serious urls.secret x1, warning fields.unknown-query x1>.passed"],
        ),
        (
            "assert exam.passed, str(exam)",
            ["*grade D for 1 request", "*request 1: GET /v1beta/me?token=redacted: the parameter token"],
        ),
        (
            "exam.require('C')",
            [
                "*expected a client of grade C or better",
                "*grade D for 1 request",
                "*serious: urls.secret: No key and no token stands in a URL.",
                "*request 1: GET /v1beta/me?token=redacted: the parameter token",
                "*-> Send it as `Authorization: Bearer`*",
            ],
        ),
    ],
)
def test_a_failed_exam_is_readable_in_the_report(factify, check, lines, request):
    """The failure as pytest tells it, of a test that is run with this very world."""
    me(factify, params={"token": factify.owner.token})
    pytester = request.getfixturevalue("pytester")
    pytester.makepyfile(
        f"""
        from factify_fixtures.exam import Exam

        def test_client():
            exam = Exam.from_json({factify.exam().words!r})
            {check}
        """
    )

    result = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider")

    assert result.ret == 1
    result.stdout.fnmatch_lines(lines)


def test_a_grade_that_is_good_enough_is_enough(factify):
    me(factify, params={"page": 1})

    factify.exam().require("B")
    with pytest.raises(AssertionError, match="grade A or better"):
        factify.exam().require()


@pytest.mark.parametrize("grade", ["G", "a", "", "AB"])
def test_a_grade_that_does_not_exist_is_never_reached(factify, grade):
    me(factify)

    with pytest.raises(ValueError, match="is no grade; there are A, B, C, D, F"):
        factify.exam().require(grade)
