"""The report of an exam: its grade, its evidence, and what it does not say."""

import json

import httpx
import pytest

from factify_mock.control.description import document
from factify_mock.exam.report import RULES

ME, LIST = "/v1beta/me", "/v1beta/documents"


def wrongly(client, *mistakes):
    calls = {
        "serious": lambda: client.owner.get("/v1beta/folders"),
        "serious too": lambda: client.owner.get(f"{ME}?access_token=abcdefgh", headers={"User-Agent": "x"}),
        "warning": lambda: client.owner.get("/v1/documents"),
        "warning too": lambda: client.owner.get(f"{LIST}?limit=3"),
        "third warning": lambda: client.owner.get(ME, headers={"X-Api-Key": "a"}),
        "note": lambda: client.owner.get(ME, headers={"User-Agent": ""}),
        "nothing": lambda: client.owner.get(ME),
    }
    for mistake in mistakes:
        calls[mistake]()


@pytest.mark.parametrize(
    ("grade", "mistakes"),
    [
        (None, ()),
        ("A", ("nothing",)),
        ("A", ("note", "note")),
        ("B", ("warning", "warning", "warning")),
        ("B", ("warning", "warning too")),
        ("C", ("warning", "warning too", "third warning")),
        ("D", ("serious", "serious", "note")),
        ("F", ("serious", "serious too")),
    ],
    ids=str,
)
def test_the_grade_follows_from_the_rules_that_were_broken(examined, grade, mistakes):
    wrongly(examined, *mistakes)

    report = examined.report()
    assert report["grade"] == grade
    assert report["requests"] == {"examined": len(mistakes), "forgotten": 0}


def test_the_report_is_what_the_control_document_says(examined):
    wrongly(examined, "serious", "warning", "note")

    media = document().operations["examineClient"].success.media_for("application/json")
    assert media.validator.problems(examined.report()) == []


def test_the_heaviest_remark_comes_first(examined):
    wrongly(examined, "note", "warning", "serious")

    assert [each["severity"] for each in examined.report()["remarks"]] == ["serious", "warning", "note"]


def test_every_rule_is_broken_held_or_not_exercised(examined):
    wrongly(examined, "note", "warning", "serious")

    report = examined.report()
    told = [*report["held"], *report["not_exercised"], *(each["rule"] for each in report["remarks"])]
    assert sorted(told) == sorted(rule.id for rule in RULES)
    assert "retries.too-early" in report["not_exercised"]


def test_evidence_names_the_request_and_holds_no_secret(examined):
    token, secret = examined.world["owner"]["token"], examined.world["api_key"]["secret"]
    examined.owner.get(ME)
    examined.owner.get(f"{LIST}?created.by={token}&api_key={secret}&limit=3")

    report = examined.report()

    evidence = examined.broken()["urls.secret"]["evidence"]
    received = examined.control("GET", "/requests").json()["requests"]
    assert [(each["number"], each["request_id"]) for each in evidence] == [(2, received[1]["id"])]
    assert evidence[0]["call"] == f"GET {LIST}?created.by=redacted&api_key=redacted&limit=3"
    assert token not in json.dumps(report)
    assert secret not in json.dumps(report)


def test_so_much_evidence_and_then_a_number(examined):
    wrongly(examined, *["warning"] * 8)

    (remark,) = examined.report()["remarks"]
    assert (remark["count"], len(remark["evidence"])) == (8, 5)


def test_calls_that_are_not_on_record_are_not_examined(examined):
    wrongly(examined, "serious")
    examined.control("DELETE", "/requests")
    wrongly(examined, "nothing")

    assert examined.report()["grade"] == "A"


def test_calls_that_made_room_for_others_are_counted(examined):
    wrongly(examined, *["nothing"] * 1003)

    assert examined.report()["requests"] == {"examined": 1000, "forgotten": 3}


def test_somebody_elses_calls_are_not_a_repetition(examined):
    examined.plan(status=429, retry_after=5)
    examined.owner.get(ME)
    examined.outsider.get(ME)

    assert examined.broken() == {}


def test_a_probe_without_credentials_is_nobodys_mistake(examined, client):
    client.get("/favicon.ico")

    assert examined.report()["grade"] == "A"


def test_samples_offer_pages_that_nobody_has_to_ask_for(examined):
    examined.owner.get(LIST, headers={"Prefer": "code=200"})

    assert "pagination.next-page" in examined.report()["not_exercised"]


def test_who_asks_for_one_item_wants_no_next_page(examined):
    for title in ("Lease", "Letter"):
        examined.upload(title)
    assert examined.owner.get(LIST, params={"page_size": 1}).json()["pagination"]["has_more"]

    assert examined.broken() == {}


def test_files_are_fetched_at_signed_addresses_without_remark(examined):
    made = examined.upload().json()["document"]
    url = examined.owner.get(f"{LIST}/{made['id']}/export").json()["url"]
    examined.owner.get(httpx.URL(url).raw_path.decode(), headers={"User-Agent": "x"})

    assert examined.broken() == {}
