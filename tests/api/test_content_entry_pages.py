"""Entry pages: a PDF behind a temporary address, and an entry in the timeline when it is fetched."""

from datetime import timedelta

import httpx
import pytest

from factify_contract.scenarios.pdf import pdf
from factify_mock.content.pdf import extract


@pytest.fixture
def document_of(owner):
    """Creates a document of the owner's."""

    def create(title="Lease of the north wing", **fields):
        files = {"payload": ("a.pdf", pdf("Lease"))}
        answer = owner.post("/v1beta/documents", data={"title": title, **fields}, files=files)
        return answer.json()["document"]

    return create


@pytest.fixture
def generate(owner):
    """The address of a document's entry page."""

    def ask(document, client=owner):
        answer = client.post(f"/v1beta/documents/{document['id']}/entry_page")
        assert answer.status_code == 200, answer.text
        return answer.json()["download_url"]

    return ask


def downloads(owner, document):
    timeline = owner.get(f"/v1beta/documents/{document['id']}/timeline").json()["events"]
    return [each for each in timeline if each["event_type"] == "document_entry_page_downloaded"]


def test_entry_page_is_a_pdf_with_title_and_address(client, document_of, generate):
    document = document_of()

    answer = client.get(generate(document))

    assert answer.headers["content-type"] == "application/pdf"
    assert 'filename="Lease of the north wing.pdf"' in answer.headers["content-disposition"]
    texts = [next(iter(block.values()))["text"] for block in extract(answer.content).record["blocks"]]
    assert texts[:2] == ["Lease of the north wing", document["url"]]


def test_entry_page_shows_the_title_at_the_time_it_is_fetched(client, owner, document_of, generate):
    document = document_of()
    url = generate(document)

    owner.patch(f"/v1beta/documents/{document['id']}", json={"title": "Lease of the south wing"})

    assert extract(client.get(url).content).title == "Lease of the south wing"


def test_address_works_for_a_day_and_without_headers(client, control, document_of, generate, refusal):
    url = generate(document_of())

    control("POST", "/clock/advance", json={"seconds": timedelta(hours=24).total_seconds() - 1})
    assert client.get(url).status_code == 200
    control("POST", "/clock/advance", json={"seconds": 1})

    assert refusal(client.get(url))[:3] == (403, "permission_denied", "insufficient_permissions")


@pytest.mark.parametrize("param", ["by", "expires", "signature"])
def test_altered_address_is_refused(client, world, document_of, generate, param):
    url = httpx.URL(generate(document_of()))
    changed = {"by": world["member"]["user_id"], "expires": "99999999999", "signature": "0" * 43}

    assert client.get(url.copy_set_param(param, changed[param])).status_code == 403
    assert client.get(url.copy_remove_param(param)).status_code == 403


def test_fetching_is_told_in_the_name_of_who_asked_for_the_address(
    client, owner, signed_in, world, document_of, generate
):
    document = document_of()
    by_owner, by_key = generate(document), None
    grant = {"recipients": [{"recipient": world["member"]["user_id"], "role": "collaborator"}]}
    owner.post(f"/v1beta/documents/{document['id']}/share", json=grant)
    by_member = generate(document, signed_in("member"))
    mine = signed_in("api_key").post(
        "/v1beta/documents", data={"title": "Bot's"}, files={"payload": ("a.pdf", pdf("Bot"))}
    )
    by_key = generate(mine.json()["document"], signed_in("api_key"))
    assert downloads(owner, document) == []

    for url in (by_owner, by_member, by_key):
        client.head(url)
        assert client.get(url).status_code == 200

    told = [each["payload"]["user_id"] for each in downloads(owner, document)]
    assert told == [world["member"]["user_id"], world["owner"]["user_id"]]
    (by_bot,) = downloads(signed_in("api_key"), mine.json()["document"])
    assert by_bot["payload"]["user_id"].startswith("bot_")


def test_entry_page_takes_the_permission_to_share(owner, signed_in, document_of, refusal):
    document = document_of()  # open to the organization: a member is a viewer
    path = f"/v1beta/documents/{document['id']}/entry_page"

    assert refusal(signed_in("member").post(path))[:2] == (403, "permission_denied")
    assert refusal(signed_in("outsider").post(path))[:2] == (404, "not_found")
    owner.post(f"/v1beta/documents/{document['id']}/trash", json={})
    assert refusal(owner.post(path))[:2] == (400, "failed_precondition")


def test_title_in_a_script_that_the_page_has_no_letters_for_makes_a_page(client, document_of, generate):
    answer = client.get(generate(document_of(title="契約書 <b>&amp;\u202e")))

    assert answer.content.startswith(b"%PDF-")


def test_entry_page_is_the_same_as_often_as_it_is_fetched(client, document_of, generate):
    url = generate(document_of())

    assert client.get(url).content == client.get(url).content
