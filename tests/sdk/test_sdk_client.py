"""What the Python SDK does around its calls: refusals, retries, and the same calls asynchronously."""

import asyncio
from pathlib import Path

import httpx
import pytest
from factify import Factify as Sdk
from factify import errors
from factify.utils import BackoffStrategy, RetryConfig

LETTER = Path(__file__).parent / "letter.pdf"


def test_refusals_carry_the_documented_body(owner, refusal):
    unknown = "doc_01h2xcejqtf2nbrexx3vqjhp41"

    assert refusal(owner.documents.get, document_id=unknown) == ("not_found", "resource_not_found")
    assert refusal(owner.documents.get, document_id="doc_short") == ("invalid_argument", "invalid_id_format")
    assert refusal(owner.documents.list, page_size=101) == ("invalid_argument", "invalid_field_value")
    assert refusal(owner.documents.list, page_token="garbage") == ("invalid_argument", "invalid_cursor")


def test_conflict_is_an_error_that_the_sdk_has_no_model_for(owner, factify):
    with pytest.raises(errors.FactifyDefaultError) as caught:
        owner.organizations.members.add(
            organization_id=factify.organization_id, user_id=factify.admin.user_id, role="member"
        )

    assert caught.value.status_code == 409
    assert caught.value.raw_response.json()["details"][0]["reason"] == "resource_already_exists"


def test_wrong_credentials_are_told_apart(sdk, refusal):
    assert refusal(sdk("ffy_test_" + "0" * 69).documents.list) == ("unauthenticated", "invalid_api_key")
    assert refusal(sdk("not.a.token").documents.list) == ("unauthenticated", "invalid_token")


def test_token_may_come_from_a_function(sdk, factify):
    assert sdk(lambda: factify.admin.token).users.get_me().result.user.id == factify.admin.user_id


def test_without_retry_configuration_a_refusal_is_one_request(owner, factify, refusal):
    factify.quota.set(requests_limit=0)

    assert refusal(owner.users.get_me) == ("resource_exhausted", "quota_exceeded")

    assert [request["status"] for request in factify.requests.sent(operation_id="getMe")] == [429]


def test_with_retry_configuration_a_quota_is_tried_again_until_the_sdk_gives_up(sdk, factify, refusal):
    impatient = RetryConfig("backoff", BackoffStrategy(1, 5, 1.1, 50), retry_connection_errors=False)
    client = sdk(factify.owner.token, retry_config=impatient)
    factify.quota.set(requests_limit=0)

    assert refusal(client.users.get_me) == ("resource_exhausted", "quota_exceeded")

    tried = [request["status"] for request in factify.requests.sent(operation_id="getMe")]
    assert len(tried) > 1
    assert set(tried) == {429}


def test_retry_goes_on_to_succeed_once_there_is_quota_again(sdk, factify):
    def lift_the_limit(response):
        if response.status_code == 429:
            factify.quota.set(requests_limit=None)

    patient = RetryConfig("backoff", BackoffStrategy(1, 5, 1.1, 60_000), retry_connection_errors=False)
    with httpx.Client(event_hooks={"response": [lift_the_limit]}) as http:
        client = sdk(factify.owner.token, retry_config=patient, client=http)
        factify.quota.set(requests_limit=0)

        me = client.users.get_me().result

    assert me.user.id == factify.owner.user_id
    assert [request["status"] for request in factify.requests.sent(operation_id="getMe")] == [429, 200]


def test_client_errors_are_not_retried(sdk, factify, refusal):
    eager = RetryConfig("backoff", BackoffStrategy(1, 5, 1.1, 50), retry_connection_errors=True)
    client = sdk(factify.owner.token, retry_config=eager)

    refusal(client.documents.get, document_id="doc_short")

    assert len(factify.requests.sent(operation_id="getDocument")) == 1


def test_same_calls_work_asynchronously(factify):
    async def work():
        async with Sdk(bearer_auth=factify.owner.token, server_url=factify.url) as client:
            uploads = [
                client.documents.create_async(
                    payload={"file_name": "letter.pdf", "content": LETTER.read_bytes()},
                    title=f"Letter {number}",
                )
                for number in range(3)
            ]
            created = [each.result.document for each in await asyncio.gather(*uploads)]
            first, *others = created
            await client.documents.update_async(document_id=first.id, title="Renamed")
            await client.documents.trash_async(document_id=others[0].id, body={})
            page = await client.documents.list_async(sort="name", page_size=1)
            titles = []
            while page is not None:
                titles.extend(item.title for item in page.result.items)
                page = await page.next()
            with pytest.raises(errors.ErrorResponse) as caught:
                await client.versions.get_async(version_id="ver_short")
            return titles, caught.value.data.details[0].param

    titles, param = asyncio.run(work())

    assert titles == ["Letter 2", "Renamed"]
    assert param == "version_id"


def test_the_sdk_needs_no_socket(factify_in_process):
    over = factify_in_process.transport
    clients = {"client": httpx.Client(transport=over), "async_client": httpx.AsyncClient(transport=over)}

    async def asynchronously(sdk):
        return (await sdk.users.get_me_async()).result.user.id

    with Sdk(
        bearer_auth=factify_in_process.member.token, server_url=factify_in_process.url, **clients
    ) as sdk:
        found = [sdk.users.get_me().result.user.id, asyncio.run(asynchronously(sdk))]

    assert found == [factify_in_process.member.user_id] * 2
    factify_in_process.requests.assert_sent("getMe", caller=factify_in_process.member, times=2)
