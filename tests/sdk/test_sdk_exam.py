"""The Python SDK in the exam: used as intended it gets the best grade, in its own generation all but that."""

import time
from types import SimpleNamespace

import pytest
from factify.utils import BackoffStrategy, RetryConfig

from factify_fixtures.exam import Exam

# The intervals that the SDK's own documentation uses.
RETRIES = RetryConfig("backoff", BackoffStrategy(500, 60_000, 1.5, 3_600_000), retry_connection_errors=True)


@pytest.fixture
def passing_time(monkeypatch, frozen):
    """The SDK waits in the time of the world, which passes at once; says how long it has waited."""
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        frozen.clock.advance(seconds=seconds)

    monkeypatch.setattr("factify.utils.retries.time", SimpleNamespace(sleep=sleep, time=time.time))
    return waits


def ordinary_day(client, world, upload):
    """What an application does with the SDK, keeping to its documentation."""
    for number in range(3):
        upload(client, f"Lease {number}", description="A lease")
    page = client.documents.list(sort="name", page_size=2)
    found = []
    while page is not None:
        found += page.result.items
        page = page.next()
    document = found[0]
    client.documents.update(document_id=document.id, title="Renamed")
    client.documents.export(document_id=document.id)
    client.versions.list(document_id=document.id)
    client.policies.attach(document_id=document.id, policy_id=world.policy_ids[0])
    client.organizations.invites.create(organization_id=world.organization_id, email=world.invitee.email)
    client.documents.trash(document_id=document.id, body={})
    assert [each.title for each in found] == ["Lease 0", "Lease 1", "Lease 2"]


def test_used_as_intended_it_gets_the_best_grade(owner, factify, upload):
    ordinary_day(owner, factify, upload)

    exam = factify.exam()
    assert exam.passed
    assert exam.remarks == ()
    assert {"paths.unknown", "urls.secret", "fields.unknown-body", "pagination.next-page"} <= set(exam.held)


def test_its_retries_wait_as_long_as_they_are_told(sdk, frozen, upload, passing_time):
    frozen.faults.add(status=429, retry_after=7, after=2)
    frozen.faults.add(status=503, times=2, operation="listDocuments")

    ordinary_day(sdk(frozen.owner.token, retry_config=RETRIES), frozen, upload)

    exam = frozen.exam()
    assert exam.passed, exam
    assert {"retries.too-early", "retries.without-back-off"} <= set(exam.held)
    assert passing_time[0] == 7
    assert all(seconds >= 0.5 for seconds in passing_time)


def test_its_retries_repeat_a_create_whose_outcome_is_unknown(sdk, frozen, upload, passing_time):
    frozen.faults.add(operation="createDocument", status=503, takes_effect=True)

    upload(sdk(frozen.owner.token, retry_config=RETRIES))

    assert set(frozen.exam().broken) == {"retries.create-repeated", "retries.create-doubled"}


def test_in_its_own_generation_only_the_paths_are_remarked(sdk, legacy_world, upload):
    client = sdk(legacy_world.owner.token)
    document = upload(client)
    client.access_requests.inspect(document_id=document.id)
    client.sharing.get_general_access(document_id=document.id)

    exam = legacy_world.exam()
    assert (exam.grade, exam.broken) == ("B", ("paths.legacy",))
    assert isinstance(exam, Exam)
