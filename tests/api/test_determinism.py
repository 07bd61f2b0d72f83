"""One seed, one time and the same calls: two servers answer with the same bytes, whatever Python hashes."""

from base64 import b64encode

import httpx
import pytest

from factify_contract.launch import running_mock
from factify_fixtures import files

NOW = "2026-05-01T12:00:00Z"
PNG = b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


class Tourist:
    """Calls everything once and writes down all answers; ids of later calls come from earlier answers."""

    def __init__(self, ready, client):
        self.world = ready["world"]
        self.control_url = f"{ready['control_url']}/worlds/{self.world['id']}"
        self.url = ready["url"]
        self.client = client
        self.answers = []

    def call(self, who, method, path, **arguments):
        token = self.world[who].get("token") or self.world[who]["secret"]
        # Addresses in answers begin with the host that the caller knows; ports differ.
        headers = {"Authorization": f"Bearer {token}", "Host": "mock.example"}
        answer = self.client.request(method, f"{self.url}/v1beta{path}", headers=headers, **arguments)
        return self.note(f"{who} {method} {path}", answer)

    def control(self, method, path, **arguments):
        return self.note(path, self.client.request(method, f"{self.control_url}{path}", **arguments))

    def note(self, what, answer):
        headers = [(name, value) for name, value in answer.headers.multi_items() if name != "date"]
        self.answers.append((what, answer.status_code, headers, answer.content))
        return answer.json() if answer.headers["content-type"] == "application/json" else None

    def upload(self, who, path, name, content, **texts):
        file = {"payload": (name, content)}
        return self.call(who, "POST", path, data=texts, files=file)

    def tour(self):
        self.people()
        self.documents()
        self.sharing()
        self.ends()
        self.refusals()
        self.everything_at_once()

    def people(self):
        home = f"/organizations/{self.world['organization_id']}"
        invitee = self.world["invitee"]
        for who in ("owner", "outsider", "api_key"):
            self.call(who, "GET", "/me")
            self.call(who, "GET", "/user-preferences")
            self.call(who, "GET", "/organizations")
        self.call("outsider", "POST", "/organizations", json={"name": "Another"})
        self.call("owner", "GET", home)
        logo = self.call("owner", "POST", f"{home}/logo", json={"image_data": PNG})["logo_url"]
        self.call("owner", "PATCH", home, json={"logo_image_url": logo})
        self.call("invitee", "GET", f"{home}/public-profile")
        for email in ("a@x.example", "b@x.example", invitee["email"]):
            invite = self.call("admin", "POST", f"{home}/invites", json={"email": email})["invite"]
        self.call("admin", "POST", f"{home}/invites/{invite['id']}/resend", json={})
        mail = self.control("GET", f"/outbox?to={invitee['email']}")["messages"][-1]
        self.call("invitee", "POST", f"{home}/invites/accept", json={"token": mail["token"]})
        first = self.call("owner", "GET", f"{home}/invites", params={"page_size": 2})
        self.call("owner", "POST", f"{home}/invites/{first['items'][1]['id']}/revoke", json={})
        cursor = {"page_size": 2, "page_token": first["pagination"]["next_page_token"]}
        self.call("owner", "GET", f"{home}/invites", params=cursor)
        new = {"user_id": self.world["outsider"]["user_id"], "role": "member"}
        self.call("owner", "POST", f"{home}/members", json=new)
        self.call("owner", "PATCH", f"{home}/members/{new['user_id']}", json={"role": "admin"})
        self.call("owner", "GET", f"{home}/members")
        self.call("owner", "DELETE", f"{home}/members/{new['user_id']}")
        wish = {"organization_id": self.world["organization_id"], "name": "ci"}
        key = self.call("owner", "POST", "/api-keys", json=wish)["api_key"]
        self.call("owner", "GET", "/api-keys", params={"organization_id": wish["organization_id"]})
        self.call("owner", "PUT", f"/quota/keys/{key['id']}", json={"limit": 9})
        self.call("owner", "GET", "/quota/keys")
        self.call("owner", "DELETE", f"/quota/keys/{key['id']}")
        self.call("owner", "POST", f"/api-keys/{key['id']}/revoke", json={})
        for path in ("/quota", "/quota/usage", "/documents/quota"):
            self.call("owner", "GET", path)

    def documents(self):
        pdf = files.pdf("Lease", ["First paragraph."], ["Second page."])
        rows = [["a", "b"], [1, 2]]
        for who, name, content in (
            ("owner", "a.pdf", pdf),
            ("admin", "b.pdf", files.pdf("Lease", ["First paragraph."], ["Second page."], remark="again")),
            ("api_key", "c.csv", files.csv(rows)),
            ("member", "d.xlsx", files.xlsx({"S": rows})),
            ("member", "e.docx", files.docx("T", "p")),
            ("member", "f.md", files.markdown("T", "p")),
            ("member", "g.pdf", files.broken_pdf()),
        ):
            made = self.upload(who, "/documents", name, content, title=name)["document"]
            version = made["current_version"]["id"]
            self.call(who, "GET", f"/documents/{made['id']}")
            self.call(who, "GET", f"/versions/{version}")
            self.call(who, "GET", f"/versions/{version}/record")
            self.call(who, "POST", f"/documents/{made['id']}/process", json={})
        found = self.call("owner", "GET", "/documents", params={"sort": "name", "page_size": 100})["items"]
        self.document = f"/documents/{found[0]['id']}"
        self.upload("owner", f"{self.document}/versions", "a2.pdf", pdf, title="Again")
        versions = self.call("owner", "GET", f"{self.document}/versions")["items"]
        self.call("owner", "PATCH", f"/versions/{versions[0]['id']}", json={"description": "new"})
        self.call("owner", "PATCH", self.document, json={"title": "Lease"})
        self.call("owner", "GET", f"{self.document}/duplicates")
        self.call("owner", "GET", f"{self.document}/export")
        self.call("owner", "POST", f"{self.document}/entry_page")
        policy = self.world["policy_ids"][0]
        self.call("owner", "POST", f"{self.document}/policies", json={"policy_id": policy})
        self.call("owner", "GET", f"{self.document}/policies")
        self.call("owner", "DELETE", f"{self.document}/policies/{policy}")

    def sharing(self):
        outsider = self.world["outsider"]["user_id"]
        names = ["new@x.example", outsider, self.world["organization_id"], "nonsense"]
        wishes = [{"recipient": name, "role": "viewer"} for name in names]
        self.call("owner", "POST", f"{self.document}/share", json={"recipients": wishes})
        self.call("owner", "PATCH", f"{self.document}/share/{outsider}", json={"document_role": "admin"})
        self.call("owner", "GET", f"{self.document}/share")
        self.call("owner", "DELETE", f"{self.document}/share/{outsider}")
        self.call("owner", "POST", f"{self.document}/share-links", json={})
        self.call("owner", "PUT", f"{self.document}/access", json={"general_access_level": "restricted"})
        self.call("owner", "GET", f"{self.document}/access")
        self.call("member", "GET", f"{self.document}/capabilities")
        asked = [
            self.call(who, "POST", f"{self.document}/access-requests", json={"permission": "edit"})
            for who in ("outsider", "member")
        ]
        self.call("outsider", "GET", f"{self.document}/access-requests/status")
        self.call("owner", "GET", f"{self.document}/access-requests")
        for request, decision in zip(asked, ("approve", "deny"), strict=True):
            path = f"{self.document}/access-requests/{request['access_request']['id']}/{decision}"
            self.call("owner", "POST", path, json={})

    def ends(self):
        self.call("owner", "POST", f"{self.document}/trash", json={})
        self.call("owner", "GET", "/documents", params={"trash_state": "trashed"})
        self.call("owner", "POST", f"{self.document}/untrash", json={})
        new_owner = {"new_owner_id": self.world["admin"]["user_id"]}
        self.call("owner", "POST", f"{self.document}/transfer", json=new_owner)
        self.call("admin", "GET", f"{self.document}/timeline")

    def refusals(self):
        self.call("outsider", "GET", self.document)
        self.call("member", "POST", f"{self.document}/trash", json={})
        self.call("owner", "GET", "/documents?colour=red&size=2&size=3")
        self.call("owner", "PATCH", self.document, json={"b": 1, "a": 2, "title": 7, "c": 3})
        self.call("owner", "POST", "/documents", json={})
        self.call("owner", "PUT", "/documents", json={})

    def everything_at_once(self):
        self.control("GET", "/snapshot?content=true")
        self.control("GET", "/quotas")
        called = self.client.get(f"{self.control_url}/requests?limit=1000").json()["requests"]
        self.operations = {each["operation_id"] for each in called if each["status"] == 200}


def toured(*, seed, hash_seed):
    options = ["--now", NOW, "--frozen", "--strict", "--rate-limits"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONHASHSEED", hash_seed)
        with running_mock(options, seed=seed) as ready, httpx.Client(timeout=60) as client:
            tourist = Tourist(ready, client)
            tourist.tour()
    return tourist


@pytest.fixture(scope="module")
def first():
    return toured(seed=7, hash_seed="0")


def test_the_tour_leaves_nothing_out_and_breaks_nothing(first, document):
    assert first.operations - {None} == set(document.operations)
    assert max(status for _, status, _, _ in first.answers) < 500


def test_two_processes_answer_the_same_calls_with_the_same_bytes(first):
    second = toured(seed=7, hash_seed="4242")

    for one, other in zip(first.answers, second.answers, strict=True):
        assert one == other


def test_another_seed_gives_other_ids(first):
    second = toured(seed=8, hash_seed="0")

    same = {what for what, *answer in first.answers if [what, *answer] in map(list, second.answers)}
    assert same <= {
        "owner GET /user-preferences",
        "outsider GET /user-preferences",
        "owner GET /documents/quota",
        "/quotas",
    }
