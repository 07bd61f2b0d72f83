"""The Python SDK when things go wrong: with its retry configuration, and as it comes, without."""

import httpx
import pytest
from factify import errors
from factify.utils import BackoffStrategy, RetryConfig

# Milliseconds: what the SDK would wait for seconds is over at once.
QUICK = BackoffStrategy(initial_interval=1, max_interval=5, exponent=1.1, max_elapsed_time=60_000)


@pytest.fixture
def patient(sdk, factify):
    """The owner's client with a retry configuration; connection errors are retried only where asked for."""

    def open_client(*, retry_connection_errors=False):
        return sdk(factify.owner.token, retry_config=RetryConfig("backoff", QUICK, retry_connection_errors))

    return open_client


def tried(factify, operation_id):
    return [each["status"] for each in factify.requests.sent(operation_id=operation_id)]


def test_with_retries_it_passes_through_429_then_ok(patient, factify):
    factify.faults.add(operation="getMe", status=429, retry_after=0)

    assert patient().users.get_me().result.user.id == factify.owner.user_id
    assert tried(factify, "getMe") == [429, 200]


def test_with_retries_it_passes_through_503_503_ok(patient, factify):
    factify.faults.add(operation="getMe", status=503, times=2)

    assert patient().users.get_me().result.user.id == factify.owner.user_id
    assert tried(factify, "getMe") == [503, 503, 200]


def test_without_retries_429_is_an_error_with_its_body(owner, factify, refusal):
    factify.faults.add(operation="getMe", status=429, retry_after=7)

    assert refusal(owner.users.get_me) == ("resource_exhausted", "rate_limit_exceeded")
    assert tried(factify, "getMe") == [429]


def test_without_retries_503_is_an_error_that_the_sdk_has_no_model_for(owner, factify):
    factify.faults.add(operation="getMe", status=503, times=2)

    with pytest.raises(errors.FactifyDefaultError) as caught:
        owner.users.get_me()

    assert caught.value.status_code == 503
    assert tried(factify, "getMe") == [503]


def test_a_create_that_is_repeated_after_a_lost_answer_makes_a_second_document(patient, factify, upload):
    factify.faults.add(operation="createDocument", status=503, takes_effect=True)
    client = patient()

    upload(client, "Lease")

    assert [each.title for each in client.documents.list().result.items] == ["Lease", "Lease"]


def test_a_page_of_a_gateway_is_a_default_error_and_is_not_retried(patient, factify):
    factify.faults.add(operation="getMe", gateway=True)

    with pytest.raises(errors.FactifyDefaultError) as caught:
        patient(retry_connection_errors=True).users.get_me()

    assert caught.value.status_code == 403
    assert caught.value.headers["content-type"] == "text/html; charset=UTF-8"
    assert tried(factify, "getMe") == [403]


def test_malformed_json_is_no_answer_to_the_sdk(owner, factify):
    factify.faults.add(operation="getMe", malformed_json=True)

    with pytest.raises(errors.ResponseValidationError):
        owner.users.get_me()


def test_a_reset_connection_is_retried_where_that_is_configured(patient, factify):
    factify.faults.add(operation="getMe", drop="reset", times=2)

    assert patient(retry_connection_errors=True).users.get_me().result.user.id == factify.owner.user_id
    assert tried(factify, "getMe") == [None, None, 200]


def test_a_reset_connection_is_an_error_of_httpx_otherwise(patient, factify):
    factify.faults.add(operation="getMe", drop="reset")

    with pytest.raises(httpx.ReadError):
        patient(retry_connection_errors=False).users.get_me()


def test_a_connection_that_is_closed_in_order_is_never_retried(patient, factify):
    """httpx takes it for a breach of the protocol, which the SDK does not count among connection errors."""
    factify.faults.add(operation="getMe", drop="close")

    with pytest.raises(httpx.RemoteProtocolError):
        patient(retry_connection_errors=True).users.get_me()

    assert tried(factify, "getMe") == [None]


def test_a_truncated_body_is_an_error_of_httpx(owner, factify):
    factify.faults.add(operation="getMe", truncate_after=10)

    with pytest.raises(httpx.RemoteProtocolError):
        owner.users.get_me()


def test_a_late_answer_meets_the_timeout_of_the_client(sdk, factify):
    factify.faults.add(operation="getMe", delay_seconds=30)

    with pytest.raises(httpx.TimeoutException):
        sdk(factify.owner.token, timeout_ms=50).users.get_me()
