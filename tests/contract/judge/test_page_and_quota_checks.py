"""Whether pages, quotas, usage and rate headers agree with themselves."""

import pytest


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"has_more": False},
        {"has_more": False, "next_page_token": "", "prev_page_token": ""},
        {"has_more": True, "next_page_token": "abc"},
        {"next_page_token": "abc"},
    ],
    ids=["nothing said", "tokens left out", "empty tokens", "more", "has_more left out"],
)
def test_first_page_in_every_documented_form_is_accepted(exchange_of, broken_by, page):
    assert broken_by(exchange_of("listApiKeys", 200, {"pagination": page})) == set()


@pytest.mark.parametrize(
    ("page", "clause"),
    [
        ({"has_more": True}, "pagination.next-token-agrees-with-has-more"),
        ({"has_more": False, "next_page_token": "abc"}, "pagination.next-token-agrees-with-has-more"),
        ({"has_more": False, "prev_page_token": "abc"}, "pagination.first-page-has-no-previous"),
    ],
)
def test_page_that_contradicts_itself_breaks_the_promise(exchange_of, broken_by, page, clause):
    assert broken_by(exchange_of("listApiKeys", 200, {"pagination": page})) == {clause}


def test_later_page_may_have_a_previous_one(exchange_of, broken_by):
    body = {"pagination": {"has_more": False, "prev_page_token": "abc"}}

    assert broken_by(exchange_of("listApiKeys", 200, body, query={"page_token": "xyz"})) == set()


def test_list_without_pagination_breaks_the_promise(exchange_of, broken_by):
    broken = broken_by(exchange_of("listApiKeys", 200, {"items": []}))

    assert broken == {"pagination.shape", "responses.body-matches-schema"}


@pytest.mark.parametrize(
    ("query", "count", "is_broken"),
    [
        ({"page_size": 2}, 2, False),
        ({"page_size": "2"}, 3, True),
        ({}, 50, False),
        ({}, 51, True),
        ({"page_size": 1000}, 51, False),
        ({"page_size": "many"}, 51, False),
    ],
    ids=["as asked", "one too many", "default", "above default", "size out of range", "size no number"],
)
def test_page_holds_no_more_than_asked_for(exchange_of, verdicts_on, query, count, is_broken):
    body = {"items": [{}] * count, "pagination": {}}
    verdict = verdicts_on(exchange_of("listApiKeys", 200, body, query=query)).get(
        "pagination.page-size-respected"
    )

    assert (verdict is not None and verdict.broken) is is_broken


QUOTA = {
    "effective_limit": 200,
    "current_usage": 50,
    "remaining": 150,
    "usage_percent": 25,
    "is_exceeded": False,
    "period_start": "2026-01-01T00:00:00Z",
    "reset_at": "2026-02-01T00:00:00Z",
}


@pytest.mark.parametrize(
    "quota",
    [
        QUOTA,
        {"effective_limit": 200, "remaining": 200},
        QUOTA | {"current_usage": 250, "remaining": 0, "usage_percent": 125, "is_exceeded": True},
        QUOTA | {"current_usage": 250, "remaining": -50, "usage_percent": 125, "is_exceeded": True},
        QUOTA | {"current_usage": 51, "remaining": 149, "usage_percent": 26},
        {},
    ],
    ids=["used in part", "zeros left out", "beyond the limit", "below nothing", "rounded up", "nothing told"],
)
def test_quota_that_adds_up_is_accepted(exchange_of, broken_by, quota):
    assert broken_by(exchange_of("getOrganizationQuota", 200, {"quota": quota})) == set()


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"remaining": 149}, "request-quota.org-remaining"),
        ({"usage_percent": 50}, "request-quota.org-percent"),
        ({"is_exceeded": True}, "request-quota.org-exceeded-flag"),
        ({"reset_at": "2026-01-01T00:00:00Z"}, "request-quota.org-period"),
    ],
)
def test_quota_that_does_not_add_up_breaks_the_promise(exchange_of, broken_by, change, clause):
    assert broken_by(exchange_of("getOrganizationQuota", 200, {"quota": QUOTA | change})) == {clause}


@pytest.mark.parametrize(
    ("quota", "broken"),
    [
        ({"limit": 3, "current_usage": 1, "remaining": 2}, set()),
        ({"limit": 3, "current_usage": 3, "is_exceeded": True}, set()),
        ({"current_usage": 9}, set()),
        ({"limit": 3.0, "current_usage": 3.0, "is_exceeded": True}, set()),
        ({"limit": 3.0, "current_usage": 1.0, "remaining": 1.0}, {"request-quota.key-remaining"}),
        ({"limit": 3, "current_usage": 1, "remaining": 1}, {"request-quota.key-remaining"}),
        (
            {"limit": 3, "current_usage": 2, "remaining": 1, "is_exceeded": True},
            {"request-quota.key-exceeded-flag"},
        ),
        ({"limit": None, "is_exceeded": True}, {"request-quota.key-exceeded-flag"}),
    ],
    ids=[
        "in use", "used up", "no limit", "used up in decimals", "wrong rest in decimals", "wrong rest",
        "exceeded too early", "exceeded without limit",
    ],
)  # fmt: skip
def test_quota_of_a_key_adds_up(exchange_of, broken_by, quota, broken):
    assert broken_by(exchange_of("listAPIKeyQuotas", 200, {"quotas": [quota]})) == broken
    assert broken_by(exchange_of("setAPIKeyQuota", 200, {"quota": quota})) == broken


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({"limit": 5, "used": 2, "available": 3}, set()),
        ({"limit": 5, "used": 7}, set()),
        ({"used": 7}, set()),
        ({"limit": 5, "used": 2, "available": 4}, {"document-quota.available"}),
        ({"limit": 0, "used": 2, "available": 4}, {"document-quota.unlimited-available"}),
    ],
    ids=["some left", "over the limit", "unlimited", "wrong rest", "rest without limit"],
)
def test_quota_of_documents_adds_up(exchange_of, broken_by, body, broken):
    assert broken_by(exchange_of("getDocumentQuota", 200, body)) == broken


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({}, set()),
        ({"daily_usage": [{"date": "2026-01-05", "request_count": 3}], "total_requests": 3}, set()),
        (
            {"daily_usage": [{"date": "2026-01-05", "request_count": 3}], "total_requests": 4},
            {"usage.total-is-sum"},
        ),
        ({"daily_usage": [{"date": "2026-01-05"}, {"date": "2026-01-05"}]}, {"usage.one-row-a-day"}),
    ],
    ids=["no usage", "one day", "wrong total", "a day twice"],
)
def test_usage_adds_up(exchange_of, broken_by, body, broken):
    assert broken_by(exchange_of("getUsageHistory", 200, body)) == broken


@pytest.mark.parametrize(
    ("value", "is_broken"), [("1000", False), ("0", False), ("soon", True), ("1.5", True)]
)
def test_rate_headers_are_integers_on_every_answer(exchange_of, broken_by, value, is_broken):
    exchange = exchange_of("trashDocument", 200, {}, headers={"x-ratelimit-reset": value})

    assert broken_by(exchange) == ({"rate-limits.headers-are-integers"} if is_broken else set())


def test_answer_without_rate_headers_says_nothing_about_them(exchange_of, verdicts_on):
    assert "rate-limits.headers-are-integers" not in verdicts_on(exchange_of("trashDocument", 200, {}))
