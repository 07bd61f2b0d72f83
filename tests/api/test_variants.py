"""Each switch shows both of its behaviours, and every answer is what the document allows."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from factify_contract.clauses import catalogue
from factify_contract.spec import Document
from factify_mock.api.app import App, AppOptions, create_app
from factify_mock.model.variants import DEFAULT
from factify_mock.variants import SWITCHES, chosen

PDF = ("letter.pdf", b"%PDF-1.7 x", "application/pdf")
UNKNOWN = "doc_01h2xcejqtf2nbrexx3vqjhp41"
SHOWN: set[str] = set()


class Scene:
    """A world that behaves as asked, and its people as clients."""

    def __init__(self, app: App, connect: Callable[..., httpx.Client], **start: Any) -> None:
        body = {"now": "2026-05-01T12:00:00Z", "frozen": True, **start}
        anybody = connect(app)
        self.world: dict[str, Any] = anybody.post("/__mock__/worlds", json=body).json()["world"]
        self.organization = f"/v1beta/organizations/{self.world['organization_id']}"
        self.anybody = anybody
        self._connect = lambda token: connect(app, token)

    def __getattr__(self, name: str) -> httpx.Client:
        who = self.world[name]
        client = self._connect(who.get("token") or who["secret"])
        setattr(self, name, client)
        return client

    def control(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self.anybody.request(method, f"/__mock__/worlds/{self.world['id']}{path}", **arguments)

    def document(self, *, by: str = "owner", **fields: str) -> str:
        """The path of a new document."""
        made = getattr(self, by).post(
            "/v1beta/documents",
            data={"title": "Lease", "access_level": "private", **fields},
            files={"payload": PDF},
        )
        return f"/v1beta/documents/{made.json()['document']['id']}"

    def share(self, document: str, recipient: str, role: str = "viewer", **more: Any) -> dict[str, Any]:
        body = {"recipients": [{"recipient": recipient, "role": role}], **more}
        answer: dict[str, Any] = self.owner.post(f"{document}/share", json=body).json()
        return answer

    def organization_id_of(self, name: str) -> str:
        found: str = getattr(self, name).get("/v1beta/organizations").json()["items"][0]["id"]
        return found


@pytest.fixture(scope="module")
def app(document: Document) -> Iterator[App]:
    made = create_app(document, options=AppOptions(is_strict=True, raises_bugs=True))
    yield made
    made.close()


@pytest.fixture
def scene(request: pytest.FixtureRequest, app: App, connect: Callable[..., httpx.Client]) -> Iterator[Scene]:
    name, value = request.param
    made = Scene(app, connect, variants={name: value})
    yield made
    made.anybody.delete(f"/__mock__/worlds/{made.world['id']}")


def shows(name: str, **expected: Any) -> pytest.MarkDecorator:
    """Runs a test in a world for each value of the switch; `expected` has the values in their order."""
    SHOWN.add(name)
    values = list(SWITCHES[name].values)
    pairs = zip(values, expected.values(), strict=True)
    return pytest.mark.parametrize(
        ("scene", "expected"),
        [pytest.param((name, value), wanted, id=f"{name}={value}") for value, wanted in pairs],
        indirect=["scene"],
    )


def said(answer: httpx.Response) -> tuple[int, str | None]:
    """The status, and the reason of a refusal."""
    body = answer.json()
    return answer.status_code, body["details"][0]["reason"] if answer.is_error else None


HIDDEN = (404, "resource_not_found")
FORBIDDEN = (403, "insufficient_permissions")
EXISTS = (409, "resource_already_exists")
NOT_NOW = (400, "precondition_failed")
DONE = (200, None)


@shows("hidden-documents", default=HIDDEN, other=FORBIDDEN)
def test_what_one_may_not_see(scene: Scene, expected: Any) -> None:
    document = scene.document()
    version = scene.owner.get(f"{document}/versions").json()["items"][0]["id"]
    key = scene.owner.post(
        "/v1beta/api-keys", json={"organization_id": scene.world["organization_id"], "name": "k"}
    ).json()["api_key"]["id"]

    for path in (
        document,
        f"{document}/versions",
        f"/v1beta/versions/{version}",
        scene.organization,
        f"/v1beta/quota?organization_id={scene.world['organization_id']}",
    ):
        assert said(scene.outsider.get(path)) == expected, path
    assert said(scene.outsider.post(f"/v1beta/api-keys/{key}/revoke", json={})) == expected
    assert said(scene.outsider.get(f"/v1beta/documents/{UNKNOWN}")) == HIDDEN
    assert said(scene.outsider.get(f"/v1beta/organizations/org_{UNKNOWN[4:]}")) == HIDDEN


@shows("key-actor", default="bot", other="user")
def test_whom_a_key_acts_for(scene: Scene, expected: Any) -> None:
    document = scene.document(by="api_key")

    creator = scene.api_key.get(document).json()["document"]["created_by"]

    assert creator["type"] == expected
    assert (creator["id"] == scene.world["owner"]["user_id"]) is (expected == "user")
    assert said(scene.api_key.get("/v1beta/me")) == FORBIDDEN


@shows("key-on-user-endpoint", default=FORBIDDEN, other=(401, "authentication_required"))
def test_a_key_where_only_people_may_go(scene: Scene, expected: Any) -> None:
    for path in ("/v1beta/me", "/v1beta/user-preferences"):
        assert said(scene.api_key.get(path)) == expected
    accept = scene.api_key.post(f"{scene.organization}/invites/accept", json={"token": "x"})
    assert said(accept) == expected


@shows("member-invites", default=FORBIDDEN, other=DONE)
def test_invitations_by_a_plain_member(scene: Scene, expected: Any) -> None:
    body = {"email": "new@mailbox.example"}
    invite = scene.owner.post(f"{scene.organization}/invites", json=body).json()["invite"]["id"]

    assert said(scene.member.get(f"{scene.organization}/invites")) == expected
    assert said(scene.member.post(f"{scene.organization}/invites", json=body)) == expected
    assert said(scene.member.post(f"{scene.organization}/invites/{invite}/resend", json={})) == expected
    assert said(scene.member.post(f"{scene.organization}/invites/{invite}/revoke", json={})) == FORBIDDEN


@shows("double-transition", default=NOT_NOW, other=DONE)
def test_what_has_happened_already(scene: Scene, expected: Any) -> None:
    document = scene.document()
    asked = scene.member.post(f"{document}/access-requests", json={"permission": "view"}).json()
    approve = f"{document}/access-requests/{asked['access_request']['id']}/approve"
    body = {"email": "new@mailbox.example"}
    invite = scene.owner.post(f"{scene.organization}/invites", json=body).json()["invite"]["id"]
    revoke = f"{scene.organization}/invites/{invite}/revoke"
    owner_id = {"new_owner_id": scene.world["owner"]["user_id"]}

    assert said(scene.owner.post(f"{document}/untrash", json={})) == expected
    assert said(scene.owner.post(f"{document}/transfer", json=owner_id)) == expected
    assert said(scene.owner.post(approve, json={})) == DONE
    assert said(scene.owner.post(approve, json={})) == expected
    assert said(scene.owner.post(approve.replace("approve", "deny"), json={})) == NOT_NOW
    assert said(scene.owner.post(revoke, json={})) == DONE
    assert said(scene.owner.post(revoke, json={})) == expected
    assert said(scene.owner.post(revoke.replace("revoke", "resend"), json={})) == NOT_NOW
    assert said(scene.owner.post(f"{document}/trash", json={})) == DONE
    assert said(scene.owner.post(f"{document}/trash", json={})) == expected


@shows("api-key-second-revoke", default=DONE, other=NOT_NOW)
def test_a_key_that_is_revoked_twice(scene: Scene, expected: Any) -> None:
    revoke = f"/v1beta/api-keys/{scene.world['api_key']['id']}/revoke"
    assert said(scene.owner.post(revoke, json={})) == DONE

    assert said(scene.owner.post(revoke, json={})) == expected


@shows("existing-member", default=EXISTS, other=NOT_NOW)
def test_a_member_who_is_added_again(scene: Scene, expected: Any) -> None:
    body = {"user_id": scene.world["member"]["user_id"], "role": "member"}

    assert said(scene.owner.post(f"{scene.organization}/members", json=body)) == expected


@shows("duplicate-access-request", default=EXISTS, other=DONE)
def test_asking_while_a_request_is_pending(scene: Scene, expected: Any) -> None:
    document = scene.document()
    ask = {"permission": "view"}
    first = scene.member.post(f"{document}/access-requests", json=ask).json()

    again = scene.member.post(f"{document}/access-requests", json=ask)

    assert said(again) == expected
    assert again.is_error or again.json() == first
    assert len(scene.owner.get(f"{document}/access-requests").json()["items"]) == 1


@shows("policy-second-attach", default=DONE, other=EXISTS)
def test_a_policy_that_is_attached_twice(scene: Scene, expected: Any) -> None:
    policies, body = f"{scene.document()}/policies", {"policy_id": scene.world["policy_ids"][0]}
    scene.owner.post(policies, json=body)

    assert said(scene.owner.post(policies, json=body)) == expected


@shows("policy-second-detach", default=HIDDEN, other=DONE)
def test_a_policy_that_is_not_attached(scene: Scene, expected: Any) -> None:
    policy = f"{scene.document()}/policies/{scene.world['policy_ids'][0]}"

    assert said(scene.owner.delete(policy)) == expected


@shows("key-quota-second-delete", default=DONE, other=HIDDEN)
def test_a_key_limit_that_is_not_there(scene: Scene, expected: Any) -> None:
    quota = f"/v1beta/quota/keys/{scene.world['api_key']['id']}"
    scene.owner.put(quota, json={"limit": 5})
    assert said(scene.owner.delete(quota)) == DONE

    assert said(scene.owner.delete(quota)) == expected


@shows("already-shared", default=(False, "viewer"), other=(True, "commenter"))
def test_a_grant_to_somebody_with_access(scene: Scene, expected: Any) -> None:
    document, member = scene.document(), scene.world["member"]["user_id"]
    scene.share(document, member)

    result = scene.share(document, member, "commenter")["results"][0]

    listed = scene.owner.get(f"{document}/share").json()["recipients"]
    role = next(each["document_role"] for each in listed if each["id"] == member)
    assert (result["success"], role) == expected


def test_nobody_changes_a_role_above_his_own_by_granting(app: App, connect: Any) -> None:
    scene = Scene(app, connect, variants={"already-shared": "updated"})
    document = scene.document()
    scene.share(document, scene.world["member"]["user_id"], "collaborator")
    scene.share(document, scene.world["admin"]["user_id"], "admin")

    for name in ("admin", "owner"):
        wish = {"recipient": scene.world[name]["user_id"], "role": "viewer"}
        answer = scene.member.post(f"{document}/share", json={"recipients": [wish]}).json()
        assert answer["failed"] == 1, name


@shows("unknown-recipient", default=True, other=False)
def test_a_grant_to_an_unknown_address(scene: Scene, expected: Any) -> None:
    answer = scene.share(scene.document(), "stranger@elsewhere.example")

    assert answer["results"][0]["success"] is expected


@shows("share-failures", default=(DONE, DONE), other=(HIDDEN, NOT_NOW))
def test_access_that_cannot_be_changed(scene: Scene, expected: Any) -> None:
    document = scene.document()
    absent = f"{document}/share/{scene.world['member']['user_id']}"
    owners = f"{document}/share/{scene.world['owner']['user_id']}"

    answers = [scene.owner.delete(absent), scene.owner.delete(owners)]

    assert tuple(said(answer) for answer in answers) == expected
    assert all(answer.is_error or answer.json()["success"] is False for answer in answers)
    role = {"document_role": "viewer"}
    assert said(scene.owner.patch(absent, json=role)) == expected[0]
    assert said(scene.owner.patch(owners, json=role)) == expected[1]


@shows("share-notification", default=1, other=0)
def test_mail_about_a_grant(scene: Scene, expected: Any) -> None:
    scene.share(scene.document(), scene.world["member"]["user_id"])
    mails = scene.control("GET", "/outbox?kind=document_shared").json()["messages"]
    assert len(mails) == expected

    for wish in (True, False):
        scene.control("DELETE", "/outbox")
        scene.share(scene.document(), scene.world["member"]["user_id"], should_send_notification=wish)
        mails = scene.control("GET", "/outbox?kind=document_shared").json()["messages"]
        assert len(mails) == int(wish)


@shows("former-owner", default=DONE, other=HIDDEN)
def test_who_gave_a_document_away(scene: Scene, expected: Any) -> None:
    document = scene.document()
    body = {"new_owner_id": scene.world["member"]["user_id"]}
    scene.owner.post(f"{document}/transfer", json=body).raise_for_status()

    assert said(scene.owner.get(document)) == expected
    assert said(scene.member.get(document)) == DONE


@shows("trashed-documents", default=DONE, other=HIDDEN)
def test_a_document_in_the_trash(scene: Scene, expected: Any) -> None:
    document = scene.document()
    version = scene.owner.get(f"{document}/versions").json()["items"][0]["id"]
    scene.owner.post(f"{document}/trash", json={})

    for path in (document, f"{document}/share", f"{document}/versions", f"/v1beta/versions/{version}"):
        assert said(scene.owner.get(path)) == expected
    trash = scene.owner.get("/v1beta/documents?trash_state=trashed").json()["items"]
    assert [each["id"] for each in trash] == [document.rpartition("/")[2]]
    assert said(scene.owner.post(f"{document}/untrash", json={})) == DONE
    assert said(scene.owner.get(document)) == DONE


@shows("description-null", default=None, other="Signed")
def test_a_description_of_null(scene: Scene, expected: Any) -> None:
    document = scene.document(description="Signed")
    version = scene.owner.get(f"{document}/versions").json()["items"][0]["id"]
    scene.owner.patch(f"/v1beta/versions/{version}", json={"description": "Signed"})

    changed = scene.owner.patch(document, json={"description": None, "title": None}).json()["document"]
    assert (changed["title"], changed.get("description")) == ("Lease", expected)
    changed = scene.owner.patch(f"/v1beta/versions/{version}", json={"description": None}).json()
    assert changed.get("description") == expected


@shows("last-viewed", default=None, other="2026-05-01T12:00:00Z")
def test_reading_a_document(scene: Scene, expected: Any) -> None:
    document = scene.document()

    assert scene.owner.get(document).json()["document"].get("last_viewed_at") == expected
    listed = scene.owner.get("/v1beta/documents").json()["items"][0]
    assert listed.get("last_viewed_at") == expected


@shows("general-access", default="public", other="private")
def test_the_access_level_after_general_access_was_set(scene: Scene, expected: Any) -> None:
    document = scene.document(access_level="private")
    scene.owner.put(f"{document}/access", json={"general_access_level": "anyone_with_link"})

    shown = scene.owner.get(document).json()["document"]

    assert (shown["general_access"], shown["access_level"]) == ("public", expected)
    assert said(scene.outsider.get(document)) == DONE
    found = scene.owner.get(f"/v1beta/documents?access_level={expected}").json()["items"]
    assert [each["id"] for each in found] == [shown["id"]]


@shows("upload-formats", default=DONE, other=(400, "invalid_field_value"))
def test_a_table_as_a_document(scene: Scene, expected: Any) -> None:
    files = {"payload": ("table.csv", b"a,b\n1,2\n", "text/csv")}

    assert said(scene.owner.post("/v1beta/documents", data={"title": "T"}, files=files)) == expected
    versions = f"{scene.document()}/versions"
    assert said(scene.owner.post(versions, files=files)) == expected


@shows("unready-record", default=NOT_NOW, other=HIDDEN)
def test_a_record_before_its_time(scene: Scene, expected: Any, app: App, connect: Any) -> None:
    slow = Scene(
        app, connect, variants={"unready-record": "404"} if expected == HIDDEN else {}, processing_seconds=5
    )
    version = slow.owner.get(f"{slow.document()}/versions").json()["items"][0]["id"]

    assert said(slow.owner.get(f"/v1beta/versions/{version}/record")) == expected


@shows("quota-counts", default=3, other=1)
def test_what_the_request_quota_counts(scene: Scene, expected: Any) -> None:
    scene.owner.get("/v1beta/documents")
    scene.owner.get(f"/v1beta/documents/{UNKNOWN}")
    scene.owner.get("/v1beta/documents?page_size=0")

    assert scene.control("GET", "/quotas").json()["requests_used"] == expected
    usage = scene.owner.get("/v1beta/quota/usage").json()
    assert usage["total_requests"] == expected


@shows("quota-retry-after", default=None, other="2635200")
def test_when_to_come_back_after_a_used_up_quota(scene: Scene, expected: Any) -> None:
    scene.control("PUT", "/quotas", json={"requests_limit": 0})

    assert scene.owner.get("/v1beta/documents").headers.get("retry-after") == expected


@shows("rate-retry-after", default="60", other=None)
def test_when_to_come_back_after_too_many_calls(scene: Scene, expected: Any) -> None:
    scene.control("PUT", "/rate-limits", json={"rate_limits": {"per_minute": 0}})

    refused = scene.owner.get("/v1beta/documents")

    assert said(refused) == (429, "rate_limit_exceeded")
    assert refused.headers.get("retry-after") == expected


@shows("rate-headers", default="7", other=None)
def test_the_rate_in_an_ordinary_answer(scene: Scene, expected: Any) -> None:
    scene.control("PUT", "/rate-limits", json={"rate_limits": {"per_minute": 7}})

    assert scene.owner.get("/v1beta/documents").headers.get("x-ratelimit-limit") == expected


@shows("rate-writes", default=(200, 200), other=(200, 429))
def test_which_calls_the_lower_rate_is_for(scene: Scene, expected: Any) -> None:
    scene.control("PUT", "/rate-limits", json={"rate_limits": {"posts_per_minute": 1}})
    rename = {"name": "Northwind"}

    statuses = tuple(scene.owner.patch(scene.organization, json=rename).status_code for _ in range(2))

    assert statuses == expected
    assert said(scene.owner.get(scene.organization)) == DONE


@shows("usage-idle-days", default=["2026-05-01"], other=["2026-04-30", "2026-05-01"])
def test_days_without_requests(scene: Scene, expected: Any) -> None:
    scene.owner.get("/v1beta/documents")

    usage = scene.owner.get("/v1beta/quota/usage?date.after=2026-04-30T00:00:00Z").json()

    assert [day["date"] for day in usage["daily_usage"]] == expected
    assert usage["total_requests"] == 1


@shows("unknown-fields", default=(400, "invalid_field_value"), other=DONE)
def test_fields_that_nobody_knows(scene: Scene, expected: Any) -> None:
    document = scene.document()
    body = {
        "recipients": [{"recipient": scene.world["member"]["user_id"], "role": "viewer", "colour": "red"}],
        "shape": "round",
    }

    assert said(scene.owner.patch(document, json={"title": "T", "colour": "red"})) == expected
    assert said(scene.owner.post(f"{document}/share", json=body)) == expected
    assert said(scene.owner.patch(document, json={"title": 7, "colour": "red"}))[0] == 400


@shows("unknown-parameters", default=(400, "invalid_field_value"), other=DONE)
def test_parameters_that_nobody_knows(scene: Scene, expected: Any) -> None:
    assert said(scene.owner.get("/v1beta/documents?colour=red&page_size=1")) == expected
    assert said(scene.owner.get("/v1beta/documents?colour=red&page_size=0"))[0] == 400


@shows("empty-body", default=(400, "invalid_field_value"), other=DONE)
def test_no_body_where_one_is_required(scene: Scene, expected: Any) -> None:
    document = scene.document()

    assert said(scene.owner.post(f"{document}/trash")) == expected
    assert said(scene.owner.post("/v1beta/api-keys"))[0] == 400


@shows("page-size-out-of-range", default=None, other=(1, 2))
def test_pages_of_impossible_size(scene: Scene, expected: Any) -> None:
    for _ in range(2):
        scene.document()

    answers = [scene.owner.get(f"/v1beta/documents?page_size={size}") for size in ("0", "9999999999")]

    counts = tuple(len(answer.json()["items"]) for answer in answers if answer.is_success)
    assert counts == (expected or ())
    assert said(scene.owner.get("/v1beta/documents?page_size=many"))[0] == 400


@shows("zoneless-times", default=(400, "invalid_field_value"), other=DONE)
def test_times_without_a_zone(scene: Scene, expected: Any) -> None:
    query = "created.after=2026-05-01T11:59:00&created.before=2026-05-01T12:01:00.5"
    scene.document()

    answer = scene.owner.get(f"/v1beta/documents?{query}")

    assert said(answer) == expected
    assert answer.is_error or len(answer.json()["items"]) == 1
    assert said(scene.owner.get("/v1beta/documents?created.after=yesterday"))[0] == 400


@shows(
    "next-page-token",
    default={"has_more": False, "next_page_token": "", "prev_page_token": ""},
    other={"has_more": False},
)
def test_tokens_that_lead_nowhere(scene: Scene, expected: Any) -> None:
    document = scene.document()

    assert scene.owner.get("/v1beta/documents").json()["pagination"] == expected
    assert ("next_cursor" in scene.owner.get(f"{document}/timeline").json()) is (
        "next_page_token" in expected
    )
    scene.document()
    first = scene.owner.get("/v1beta/documents?page_size=1").json()["pagination"]
    assert first["next_page_token"]


@shows("empty-lists", default=True, other=False)
def test_lists_without_items(scene: Scene, expected: Any) -> None:
    document = scene.document(by="outsider")

    assert ("items" in scene.owner.get("/v1beta/documents").json()) is expected
    assert ("items" in scene.outsider.get(f"{document}/access-requests").json()) is expected
    assert ("organizations" in scene.invitee.get("/v1beta/me").json()) is expected
    assert "items" in scene.outsider.get("/v1beta/documents").json()


@shows("zero-values", default=True, other=False)
def test_false_and_nothing(scene: Scene, expected: Any) -> None:
    document = scene.document()
    granted = scene.share(document, scene.world["member"]["user_id"])
    seen = scene.member.get(document).json()["document"]

    assert ("failed" in granted) is expected
    assert granted["successful"] == 1
    assert ("is_demo" in seen) is expected
    assert ("trash" in seen["permission_set"]) is expected
    assert seen["permission_set"]["view"] is True
    assert ("limit" in scene.owner.get("/v1beta/documents/quota").json()) is expected
    key = scene.owner.post(f"/v1beta/api-keys/{scene.world['api_key']['id']}/revoke", json={}).json()
    assert key["api_key"]["is_active"] is False


@shows("absent-values", default=set(), other={None})
def test_values_that_are_not_there(scene: Scene, expected: Any) -> None:
    document = scene.owner.get(scene.document()).json()["document"]
    organization = scene.owner.get(scene.organization).json()["organization"]
    listed = scene.owner.get("/v1beta/documents").json()["items"][0]
    key = scene.owner.get("/v1beta/quota/keys").json()["quotas"][0]

    found = [(document, "description"), (listed, "description"), (organization, "logo_image_url")]
    found.append((key, "limit"))
    assert {value[name] for value, name in found if name in value} == expected
    assert "trashed_at" not in document


@shows("timestamps", default="2026-05-01T12:00:00Z", other="2026-05-01T12:00:00.000000000Z")
def test_points_in_time(scene: Scene, expected: Any) -> None:
    made = scene.owner.get(scene.document()).json()["document"]

    assert made["created_at"] == expected
    found = scene.owner.get("/v1beta/documents", params={"created.before": made["created_at"]}).json()
    assert [each["updated_at"] for each in found["items"]] == [expected]


@shows("list-order", default=["owner", "admin", "member"], other=["member", "admin", "owner"])
def test_lists_without_a_documented_order(scene: Scene, expected: Any) -> None:
    names = {scene.world[name]["user_id"]: name for name in ("owner", "admin", "member")}
    seen: list[str] = []
    token = ""
    for _ in range(3):
        query = {"page_size": 1, "page_token": token}
        page = scene.owner.get(f"{scene.organization}/members", params=query).json()
        seen += [names[each["user"]["id"]] for each in page["items"]]
        token = page["pagination"]["next_page_token"]

    assert seen == expected
    first, second = scene.document(), scene.document()
    listed = scene.owner.get("/v1beta/documents").json()["items"]
    assert [each["id"] for each in listed] == [second.rpartition("/")[2], first.rpartition("/")[2]]
    scene.owner.patch(first, json={"title": "New"})
    events = scene.owner.get(f"{first}/timeline?page_size=1").json()["events"]
    newest_first = expected[0] == "owner"
    assert events[0]["event_type"] == ("document_updated" if newest_first else "document_created")


def test_every_switch_is_shown() -> None:
    assert set(SWITCHES) == SHOWN


def test_every_switch_answers_a_clause_that_is_no_documented_promise() -> None:
    levels = {switch.name: catalogue()[switch.clause].level for switch in SWITCHES.values()}

    assert {name for name, level in levels.items() if level == "documented"} == set()


def test_every_flag_belongs_to_one_switch() -> None:
    flags = [flag for switch in SWITCHES.values() for flag in switch.values.values() if flag]

    assert sorted(flags) == sorted(set(flags))
    assert set(flags) == set(DEFAULT.__dataclass_fields__)
    assert [next(iter(switch.values.values())) for switch in SWITCHES.values()] == [""] * len(SWITCHES)


def test_a_world_tells_how_it_behaves(app: App, connect: Any) -> None:
    scene = Scene(app, connect, variants={"key-actor": "user"}, rate_limits=True, legacy=True)

    told = scene.control("GET", "").json()["settings"]

    assert told["variants"] == {**chosen(DEFAULT), "key-actor": "user"}
    assert told["rate_limits"] == {"per_minute": 1000, "posts_per_minute": 100}
    assert (told["legacy"], told["mutants"], told["processing_seconds"]) == (True, [], 0.0)


def test_a_reset_keeps_the_behaviour(app: App, connect: Any) -> None:
    scene = Scene(app, connect, variants={"empty-lists": "omitted"})
    scene.control("POST", "/reset")

    assert "items" not in scene.owner.get("/v1beta/documents").json()


@pytest.mark.parametrize(
    ("variants", "words"),
    [
        pytest.param({"colour": "red"}, "no variant 'colour'; known are hidden-documents,", id="name"),
        pytest.param({"key-actor": "cat"}, "key-actor has no value 'cat'; known are bot, user", id="value"),
    ],
)
def test_unknown_names_and_values_are_refused(
    app: App, connect: Any, refusal: Any, variants: dict[str, str], words: str
) -> None:
    refused = connect(app).post("/__mock__/worlds", json={"variants": variants})

    assert refusal(refused) == (400, "invalid_argument", "invalid_field_value", "variants")
    assert words in refused.json()["message"]
