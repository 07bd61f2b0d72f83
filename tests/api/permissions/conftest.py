"""A world with somebody in every role and something for every operation, set back before each call."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from factify_contract.spec import Document
from factify_fixtures import files
from factify_mock.api.app import AppOptions, create_app
from factify_mock.worlds import WorldOptions

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DOCUMENT_ROLES = ("viewer", "commenter", "collaborator", "admin", "owner")
LOGO = b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


class Scene:
    """The callers by the names that the table has for them, and how each operation is called.

    The document that operations are about is private and belongs to `document owner`, a member of the
    organization; the other document roles are held by people of no organization.
    """

    def __init__(self, app: Any, client: httpx.Client) -> None:
        self.app = app
        self._client = client
        self.world = app.ready
        self.tokens: dict[str, str | None] = {"nobody": None}
        self._meet_people()
        self._make_things()
        self._control("POST", "/snapshots/scene")

    def try_out(self, caller: str, case: str, *, document: str = "private") -> tuple[int, str]:
        """Status and reason of a case, called in the world as it was set up."""
        self._control("POST", "/snapshots/scene/restore")
        if case == "untrashDocument":
            document = "trashed"
        operation, path, arguments = self.cases(document)[case]
        token = self.tokens[caller]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._client.request(operation.method, path, headers=headers, **arguments)
        body = answer.json()
        return answer.status_code, body["details"][0]["reason"] if answer.is_error else ""

    def state(self) -> Any:
        """Everything that the world holds, but for what the quota counts."""
        tables = self.app.world.tables.copy()
        tables.usage.clear()
        return tables

    def permissions_of(self, caller: str) -> dict[str, bool]:
        """What the API says that the caller may do with the private document."""
        path = f"/documents/{self.documents['private']}"
        found: dict[str, bool] = self._call(caller, "GET", path)["document"]["permission_set"]
        return found

    def cases(self, document: str) -> dict[str, tuple[Any, str, dict[str, Any]]]:
        """Operation, path and arguments by the name of the case: an operation's id, and what is special."""
        about = self._about(document)
        found = {}
        for case, (path, given) in self._arguments(document).items():
            operation = self.app.document.operations[case.partition(" ")[0]]
            wanted = {each.name for each in operation.path_parameters}
            values = {name: value for name, value in {**about, **path}.items() if name in wanted}
            arguments = given or ({} if operation.body is None else {"json": {}})
            found[case] = (operation, operation.format_path(values), arguments)
        return found

    def _meet_people(self) -> None:
        for name in ("owner", "admin", "member"):
            self.tokens[f"organization {name}"] = self.world[name]["token"]
        self.tokens["outsider"] = self.world["outsider"]["token"]
        self.tokens["loner"] = self.world["invitee"]["token"]
        self.tokens["key"] = self.world["api_key"]["secret"]
        self.tokens["revoked key"] = self._key("owner", "Revoked")
        self._call("owner", "POST", f"/api-keys/{self.key_id}/revoke", json={})
        self.tokens["other key"] = self._key("outsider", "Of another organization")
        soon = {"expires_at": "2026-05-01T12:00:01Z"}
        self.tokens["expired key"] = self._key("owner", "Expired", **soon)
        self.tokens["expired token"] = self._token(self.world["owner"]["email"], seconds=1)
        self._control("POST", "/clock/advance", json={"seconds": 1})

    def _make_things(self) -> None:
        organization = f"/organizations/{self.world['organization_id']}"
        self.ids: dict[str, str] = {"organization_id": self.world["organization_id"]}
        self._key("owner", "Spare")
        self.ids["api_key_id"] = self.key_id
        # Whoever a document was shared with is known, and can sign in.
        self.documents = {"helper": self._upload("admin", "Helper", "private")}
        people = [f"document {role}" for role in DOCUMENT_ROLES] + ["new member"]
        addresses = {name: f"{name.replace(' ', '.')}@x.example" for name in people}
        wishes = [{"recipient": each, "role": "viewer"} for each in addresses.values()]
        self._call(
            "admin", "POST", f"/documents/{self.documents['helper']}/share", json={"recipients": wishes}
        )
        for name in people:
            self.tokens[name] = self._token(addresses[name])
        self.user_ids = {name: self._me(name) for name in people}
        author = {"user_id": self.user_ids["document owner"], "role": "member"}
        self._call("owner", "POST", f"{organization}/members", json=author)
        for email in ("pending@x.example", self.world["invitee"]["email"]):
            invite = self._call("owner", "POST", f"{organization}/invites", json={"email": email})["invite"]
            self.ids["invite_id"] = invite["id"]
        mails = self._control("GET", f"/outbox?to={self.world['invitee']['email']}")["messages"]
        self.invite_token = mails[-1]["token"]
        for level in ("private", "organization", "public", "trashed"):
            self.documents[level] = self._shared(level)

    def _shared(self, level: str) -> str:
        """A document of that access level with somebody in every role; one that is `trashed` had them."""
        created = self._upload("document owner", "Lease", "private" if level == "trashed" else level)
        path = f"/documents/{created}"
        wishes = [
            {"recipient": self.user_ids[f"document {role}"], "role": role} for role in DOCUMENT_ROLES[:-1]
        ]
        self._call("document owner", "POST", f"{path}/share", json={"recipients": wishes})
        policy = {"policy_id": self.world["policy_ids"][0]}
        self._call("document owner", "POST", f"{path}/policies", json=policy)
        asked = self._call("new member", "POST", f"{path}/access-requests", json={"permission": "edit"})
        self.ids[f"access_request_id of {level}"] = asked["access_request"]["id"]
        if level == "trashed":
            self._call("document owner", "POST", f"{path}/trash", json={})
        return created

    def _about(self, document: str) -> dict[str, str]:
        document_id = self.documents[document]
        version = self.app.world.tables.documents[document_id].current_version_id
        return {
            **self.ids,
            "document_id": document_id,
            "version_id": version,
            "access_request_id": self.ids[f"access_request_id of {document}"],
            "policy_id": self.world["policy_ids"][0],
            "recipient_id": self.user_ids["document viewer"],
            "user_id": self.user_ids["document owner"],
        }

    def _arguments(self, document: str) -> dict[str, tuple[dict[str, str], dict[str, Any]]]:
        """What each case is called with beside the ids that `_about` gives."""
        organization = {"organization_id": self.ids["organization_id"]}
        upload = {"data": {"title": "T"}, "files": {"payload": ("a.pdf", files.pdf("T"))}}
        new_member = {"user_id": self.user_ids["new member"], "role": "member"}
        member = {"user_id": self.world["member"]["user_id"]}
        first_owner = {"user_id": self.world["owner"]["user_id"]}
        wishes = {"recipients": [{"recipient": "someone@x.example", "role": "viewer"}]}
        plain: dict[str, dict[str, Any]] = {
            "listApiKeys": {"params": organization},
            "createApiKey": {"json": {**organization, "name": "ci"}},
            "createDocument": upload,
            "updateDocument": {"json": {"title": "New"}},
            "setGeneralAccess": {"json": {"general_access_level": "anyone_with_link"}},
            "createAccessRequest": {"json": {"permission": "edit"}},
            "attachDocumentPolicy": {"json": {"policy_id": self.world["policy_ids"][1]}},
            "grantDocumentAccess": {"json": wishes},
            "updateDocumentAccess": {"json": {"document_role": "commenter"}},
            "transferDocumentOwnership": {"json": {"new_owner_id": self.world["member"]["user_id"]}},
            "createDocumentVersion": {"files": upload["files"]},
            "createOrganization": {"json": {"name": "New"}},
            "createOrganization (naming the member)": {
                "json": {"name": "New", "owner_user_id": self.world["member"]["user_id"]}
            },
            "updateOrganization": {"json": {"name": "New"}},
            "createOrganizationInvite": {"json": {"email": "new@x.example"}},
            "acceptOrganizationInvite": {"json": {"token": self.invite_token}},
            "uploadOrganizationLogo": {"json": {"image_data": LOGO}},
            "addOrganizationMember": {"json": new_member},
            "updateOrganizationMember": {"json": {"role": "admin"}},
            "updateOrganizationMember (the owner)": {"json": {"role": "admin"}},
            "getOrganizationQuota": {"params": organization},
            "listAPIKeyQuotas": {"params": organization},
            "deleteAPIKeyQuota": {"params": organization},
            "setAPIKeyQuota": {"json": {**organization, "limit": 5}},
            "getUsageHistory": {"params": organization},
            "updateVersion": {"json": {"title": "New"}},
        }
        paths = {
            "updateOrganizationMember (the owner)": first_owner,
            "removeOrganizationMember (the owner)": first_owner,
            "removeOrganizationMember (the member)": member,
        }
        names = [*self.app.document.operations, *plain, *paths]
        return {name: (paths.get(name, {}), plain.get(name, {})) for name in names}

    def _key(self, who: str, name: str, **wishes: str) -> str:
        organization_id = self._call(who, "GET", "/organizations")["items"][0]["id"]
        body = {"organization_id": organization_id, "name": name, **wishes}
        made = self._call(who, "POST", "/api-keys", json=body)
        self.key_id = made["api_key"]["id"]
        secret: str = made["secret"]
        return secret

    def _token(self, email: str, **lifetime: int) -> str:
        token: str = self._control("POST", "/tokens", json={"email": email, **lifetime})["token"]
        return token

    def _me(self, caller: str) -> str:
        user_id: str = self._call(caller, "GET", "/me")["user"]["id"]
        return user_id

    def _upload(self, caller: str, title: str, access_level: str) -> str:
        texts = {"title": title, "access_level": access_level}
        file = {"payload": ("a.pdf", files.pdf(title))}
        made = self._call(caller, "POST", "/documents", data=texts, files=file)
        document_id: str = made["document"]["id"]
        return document_id

    def _call(self, caller: str, method: str, path: str, **arguments: Any) -> Any:
        token = self.tokens.get(caller) or self.world[caller]["token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = self._client.request(method, f"/v1beta{path}", headers=headers, **arguments)
        assert answer.status_code == 200, (caller, method, path, answer.text)
        return answer.json()

    def _control(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self._client.request(method, f"/__mock__/worlds/{self.world['id']}{path}", **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def scene(document: Document, in_process: Callable[[Any], httpx.Client]) -> Iterator[Scene]:
    app = create_app(
        document,
        start=WorldOptions(now=NOW, is_frozen=True),
        options=AppOptions(is_strict=True, raises_bugs=True),
    )
    with in_process(app) as client:
        yield Scene(app, client)
    app.close()
