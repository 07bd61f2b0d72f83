"""Points in time: what moves them, and how they are asked for."""

from factify_contract.scenarios.documents import read
from factify_contract.scenarios.steps import instant
from factify_contract.scenarios.story import Api, story

_SUITE = "timestamps"


@story(suite=_SUITE, title="A change moves the time of the last one", needs=("owner", "member", "clock"))
def moved(api: Api) -> None:
    """A minute after its creation a document is renamed, and a request is decided."""
    document = api.new_document(access_level="private")
    asked = api.member.call("createAccessRequest", document_id=document["id"], body={"permission": "view"})
    before = read(api.owner, document).body["document"]["updated_at"]
    api.clock.advance(minutes=1)

    changed = api.owner.call("updateDocument", document_id=document["id"], body={"title": api.unique("new")})
    api.require(changed.status == 200, f"the document could not be changed: {changed.exchange.line}")
    after = read(api.owner, document).body["document"]["updated_at"]
    is_later = instant(after) > instant(before)
    api.equals("documents.update-touches-updated-at", "updated_at is later", is_later, True)

    api.require(asked.status == 200, f"nobody could ask for access: {asked.exchange.line}")
    request = asked.body["access_request"]
    answer = api.owner.call(
        "approveAccessRequest", document_id=document["id"], access_request_id=request["id"]
    )
    api.require(answer.status == 200, f"the request could not be approved: {answer.exchange.line}")
    decided = answer.body["access_request"]
    is_later = instant(decided["updated_at"]) > instant(request["updated_at"])
    api.equals("access-requests.update-time", "updated_at is later", is_later, True)


@story(suite=_SUITE, title="A time needs a zone", needs=("owner",), smoke=True)
def zoned(api: Api) -> None:
    """Noon is not the same everywhere: a filter without a zone is refused."""
    noon = "2026-01-05T12:00:00"
    organization = api.organization_id
    for answer in (
        api.owner.call("listDocuments", query={"created.after": noon}),
        api.owner.call(
            "listOrganizationInvites", query={"created.before": noon}, organization_id=organization
        ),
        api.owner.call("getUsageHistory", query={"date.after": noon}),
    ):
        answer.is_refused("timestamps.zoneless-refused", codes=("invalid_argument",))
