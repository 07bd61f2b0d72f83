"""Each rule of the exam with a client that breaks it, and one that had occasion to and does not."""

from contextlib import suppress

import pytest

from factify_mock.exam.report import RULES
from factify_mock.faults.wire import ConnectionDropped

ME, LIST = "/v1beta/me", "/v1beta/documents"


def documents(client, number):
    for count in range(number):
        client.upload(f"Letter {count}")


def first_page_only(client):
    documents(client, 3)
    client.owner.get(LIST, params={"page_size": 2})


def every_page(client):
    documents(client, 3)
    first = client.owner.get(LIST, params={"page_size": 2}).json()
    token = first["pagination"]["next_page_token"]
    client.owner.get(LIST, params={"page_size": 2, "page_token": token})


def large_first_page_only(client):
    for count in range(40):
        client.upload(f"Letter {count}", description="x" * 500)
    assert len(client.owner.get(LIST, params={"page_size": 39}).content) > 16 * 1024


def repeated(client, *pauses, path=ME):
    """A call, and the same again after each of the pauses."""
    client.owner.get(path)
    for seconds in pauses:
        client.wait(seconds)
        client.owner.get(path)


def too_early(client):
    client.plan(status=429, retry_after=5)
    repeated(client, 4.9)


def in_time(client):
    client.plan(status=429, retry_after=5)
    repeated(client, 5)


def in_the_worlds_time(client):
    """The test moves the world's clock instead of waiting."""
    client.plan(status=429, retry_after=5)
    client.owner.get(ME)
    client.control("POST", "/clock/advance", json={"seconds": 5})
    client.owner.get(ME)


def at_once(client):
    client.plan(status=503)
    repeated(client, 0.01)


def after_a_pause(client):
    client.plan(status=503, times=2)
    repeated(client, 0.5, 1)


def dropped(client, times):
    client.plan(operations=["getMe"], drop="close", times=times)
    for _ in range(times + 1):
        with suppress(ConnectionDropped):
            client.owner.get(ME)


def hammering(client):
    client.plan(status=429, reason="quota_exceeded", times=None)
    repeated(client, 60, 60)


def one_look_at_the_quota(client):
    client.plan(status=429, reason="quota_exceeded", times=1)
    repeated(client, 60, 60)


def pressing_on(client):
    client.plan(status=429, retry_after=30, times=None)
    for path in (ME, LIST, f"{LIST}?page_size=1", f"{LIST}?page_size=2"):
        client.owner.get(path)
        client.wait(1)


def slowing_down(client):
    client.plan(status=429, retry_after=30, times=None)
    for path in (ME, LIST, f"{LIST}?page_size=1", f"{LIST}?page_size=2"):
        client.owner.get(path)
        client.wait(31)


def create_again(client):
    client.plan(operations=["createDocument"], status=503)
    client.upload()
    client.wait(1)
    client.upload()


def create_again_after_429(client):
    """A refused create has not happened; but another one, whose outcome is unknown, is left alone."""
    client.plan(operations=["createDocument"], status=429, retry_after=1)
    client.plan(operations=["createDocument"], status=503)
    client.upload("Lease")
    client.wait(1)
    client.upload("Other")
    client.upload("Lease")


def create_twice(client):
    client.plan(operations=["createDocument"], status=503, takes_effect=True)
    client.upload()
    client.wait(1)
    client.upload()


def look_first(client):
    client.plan(operations=["createDocument"], drop="close", takes_effect=True)
    with suppress(ConnectionDropped):
        client.upload()
    client.owner.get(LIST)


def times(client, after):
    client.owner.get(LIST, params={"created.after": after})


def invite(client, **fields):
    client.owner.post(client.organization("/invites"), json={"email": "new@example.com", **fields})


def typed(client, content_type):
    headers = {"Content-Type": content_type} if content_type else {}
    client.owner.post("/v1beta/organizations", content=b'{"name": "Archive"}', headers=headers)


def token(client):
    return client.world["owner"]["token"]


BROKEN_AND_KEPT = [
    ("paths.unknown", lambda c: c.owner.get("/v1beta/folders"), lambda c: c.owner.get(ME)),
    ("paths.unknown", lambda c: c.owner.put(ME), lambda c: c.owner.get(ME)),
    ("paths.legacy", lambda c: c.owner.get("/v1/documents"), lambda c: c.owner.get(LIST)),
    (
        "paths.legacy",
        lambda c: c.owner.get(f"{LIST}/doc_01h2xcejqtf2nbrexx3vqjhp41/general-access"),
        lambda c: c.owner.get(f"{LIST}/doc_01h2xcejqtf2nbrexx3vqjhp41/access"),
    ),
    ("urls.secret", lambda c: c.owner.get(f"{ME}?access_token=abc"), lambda c: c.owner.get(ME)),
    ("urls.secret", lambda c: c.owner.get(f"{LIST}?created.by={token(c)}"), every_page),
    (
        "urls.secret",
        lambda c: c.owner.get(f"{LIST}/{c.world['api_key']['secret']}"),
        lambda c: c.owner.get(ME),
    ),
    (
        "fields.unknown-query",
        lambda c: c.owner.get(f"{LIST}?limit=10"),
        lambda c: c.owner.get(f"{LIST}?sort=name"),
    ),
    ("fields.unknown-body", lambda c: invite(c, role="admin"), lambda c: invite(c, message="Hello")),
    ("fields.unknown-body", lambda c: c.upload(folder="Leases"), lambda c: c.upload(description="A lease")),
    ("fields.without-effect", lambda c: invite(c, idempotency_key="a"), lambda c: invite(c, message="Hello")),
    (
        "fields.without-effect",
        lambda c: c.upload(document_id="doc_01h2xcejqtf2nbrexx3vqjhp41"),
        lambda c: c.upload(description="A lease"),
    ),
    (
        "fields.zoneless-time",
        lambda c: times(c, "2026-05-01T12:00:00"),
        lambda c: times(c, "2026-05-01T12:00:00+02:00"),
    ),
    (
        "fields.zoneless-time",
        lambda c: times(c, "2026-05-01 12:00"),
        lambda c: times(c, "2026-05-01T12:00:00Z"),
    ),
    (
        "headers.of-another-api",
        lambda c: c.owner.get(ME, headers={"Idempotency-Key": "a"}),
        lambda c: c.owner.get(ME, headers={"X-Request-Id": "a", "traceparent": "b", "If-None-Match": "c"}),
    ),
    ("headers.content-type", lambda c: typed(c, None), lambda c: typed(c, "application/json")),
    (
        "headers.content-type",
        lambda c: typed(c, "text/plain"),
        lambda c: typed(c, "application/json; charset=utf-8"),
    ),
    ("headers.user-agent", lambda c: c.owner.get(ME, headers={"User-Agent": ""}), lambda c: c.owner.get(ME)),
    ("pagination.next-page", first_page_only, every_page),
    ("pagination.next-page", large_first_page_only, every_page),
    ("retries.too-early", too_early, in_time),
    ("retries.too-early", too_early, in_the_worlds_time),
    ("retries.without-back-off", at_once, after_a_pause),
    ("retries.without-back-off", lambda c: dropped(c, 2), after_a_pause),
    ("retries.used-up-quota", hammering, one_look_at_the_quota),
    ("retries.pressed-on", pressing_on, slowing_down),
    ("retries.create-repeated", create_again, create_again_after_429),
    ("retries.create-repeated", create_again, look_first),
    ("retries.create-doubled", create_twice, look_first),
]


@pytest.mark.parametrize(("rule", "breaks", "keeps"), BROKEN_AND_KEPT)
def test_a_examinedthat_breaks_the_rule_is_told(examined, rule, breaks, keeps):
    breaks(examined)

    remark = examined.broken()[rule]
    assert remark["count"] == 1
    assert remark["evidence"][0]["request_id"].startswith("req_")
    assert remark["evidence"][0]["detail"]


@pytest.mark.parametrize(("rule", "breaks", "keeps"), BROKEN_AND_KEPT)
def test_a_examinedthat_keeps_the_rule_is_not(examined, rule, breaks, keeps):
    keeps(examined)

    report = examined.report()
    assert rule in report["held"], report
    assert rule not in examined.broken()


def test_every_rule_is_broken_and_kept_by_somebody():
    assert {rule for rule, _, _ in BROKEN_AND_KEPT} == {rule.id for rule in RULES}


def test_one_dropped_connection_may_be_made_up_for_at_once(examined):
    dropped(examined, 1)

    assert examined.broken() == {}
