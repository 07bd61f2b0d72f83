"""Whatever anybody calls in whatever order, the world keeps its rules, and its readings agree.

The calls go through the whole application in strict mode, where an answer that the document does not allow,
and any failure of the mock's own, ends the test.
"""

from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from factify_fixtures import files

PEOPLE = ("owner", "admin", "member", "outsider", "invitee")
# Whoever owns the document or the organization that the call is about, so that most calls get somewhere.
RESPONSIBLE = "responsible"
WHO = (*PEOPLE, "api_key", "a key", "a user", *[RESPONSIBLE] * 16)
ROLES = ("viewer", "commenter", "collaborator", "admin", "owner")
FILES = (
    ("a.pdf", files.pdf("A letter", ["With a paragraph."])),
    ("b.pdf", b"%PDF-1.7 nothing more"),
    ("c.csv", files.csv([("a", "b"), (1, 2)])),
    ("d.bin", b"\x00\x01"),
)
LOGO = b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()

# What changes the world is called more often than what reads it, which is done at the end anyway.
CHANGES = """
    createDocument createDocumentVersion updateDocument updateVersion processDocument trashDocument
    untrashDocument transferDocumentOwnership setGeneralAccess grantDocumentAccess grantDocumentAccess
    updateDocumentAccess revokeDocumentAccess createShareLink createAccessRequest createAccessRequest
    approveAccessRequest denyAccessRequest attachDocumentPolicy detachDocumentPolicy
    generateDocumentEntryPage createOrganization updateOrganization uploadOrganizationLogo
    addOrganizationMember updateOrganizationMember removeOrganizationMember createOrganizationInvite
    createOrganizationInvite acceptOrganizationInvite acceptOrganizationInvite resendOrganizationInvite
    revokeOrganizationInvite createApiKey revokeApiKey setAPIKeyQuota deleteAPIKeyQuota
""".split()  # noqa: SIM905 - a list of a line each is harder to read
READINGS = """
    listDocuments getDocument getGeneralAccess listAccessRequests checkAccessRequestStatus
    inspectDocumentAccess listDocumentDuplicates exportDocument listDocumentPolicies listDocumentAccess
    getDocumentTimeline listDocumentVersions getVersion getVersionRecord getDocumentQuota getMe
    listOrganizations getOrganization listOrganizationInvites listOrganizationMembers
    getOrganizationPublicProfile getOrganizationQuota listAPIKeyQuotas getUsageHistory getUserPreferences
    listApiKeys
""".split()  # noqa: SIM905 - see above


@dataclass(frozen=True)
class Step:
    """One call: of which operation, by whom, and which of the things that are there it is about."""

    operation: str
    who: str
    about: int
    choice: int


@dataclass(frozen=True)
class Wait:
    """Time passes."""

    hours: int


class Game:
    """One world that is played in; what it should count is counted beside it."""

    def __init__(self, app, client):
        self.app = app
        self.client = client
        self.counted: Counter[str] = Counter()
        self.furnish()
        self.counted_at_start = self.counted.copy()
        self.control("POST", "/snapshots/start")

    @property
    def world(self):
        return self.app.world

    @property
    def tables(self):
        return self.app.world.tables

    def begin(self):
        self.control("POST", "/snapshots/start/restore")
        self.counted = self.counted_at_start.copy()

    def furnish(self):
        """Something is there to begin with, about which things can be asked."""
        ready = self.app.ready
        home = {"organization_id": ready["organization_id"]}
        file = {"payload": FILES[0]}
        for name in ("owner", "member", "api_key", "invitee"):
            token = ready[name].get("token") or ready[name]["secret"]
            made = self.call(token, "createDocument", {}, data={"title": name}, files=file)
            about = {"document_id": made.json()["document"]["id"]}
            asked = {"json": {"permission": "edit"}}
            self.call(ready["outsider"]["token"], "createAccessRequest", about, **asked)
            wishes = [{"recipient": "reader@x.example", "role": "admin"}]
            self.call(token, "grantDocumentAccess", about, json={"recipients": wishes})
        for email in ("invitee@mailbox.example", "new@x.example"):
            self.call(ready["owner"]["token"], "createOrganizationInvite", home, json={"email": email})

    def control(self, method, path, **arguments):
        answer = self.client.request(method, f"/__mock__/worlds/{self.app.ready['id']}{path}", **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def take(self, step):
        if isinstance(step, Wait):
            self.control("POST", "/clock/advance", json={"hours": step.hours})
            return
        values = self.values(step)
        before = self.without_usage()
        answer = self.call(self.token(step, values), step.operation, values, **self.arguments(step))
        if answer.is_error:
            assert self.without_usage() == before, "a refused call has changed something"

    def call(self, token, operation_id, values, **arguments):
        """The answer, never of a failure; the call is counted where a quota counts it."""
        operation = self.app.document.operations[operation_id]
        payers = self.payers(token) if operation.tag != "Usage" else []
        names = [each.name for each in operation.path_parameters]
        path = operation.format_path({name: values[name] for name in names})
        if operation.body is not None and not arguments:
            arguments = {"json": {}}
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.client.request(operation.method, path, headers=headers, **arguments)
        assert answer.status_code < 500, answer.text
        if answer.status_code not in (401, 429):
            self.counted.update(payers)
        return answer

    def payers(self, token):
        """The organization, and the key, that a call with this token counts for."""
        key_id = self.tables.key_by_secret.get(token)
        if key_id is not None:
            # A revoked key is nobody, who may read a public profile and pays for nothing.
            return [] if self.is_revoked(token) else [self.tables.api_keys[key_id].organization_id, key_id]
        joined = self.tables.organizations_of.get(self.app.worlds.signer.verify(token).sub)
        return [joined[0]] if joined else []

    def token(self, step, values):
        if step.who in PEOPLE:
            return self.app.ready[step.who]["token"]
        if step.who == "api_key":
            return self.app.ready["api_key"]["secret"]
        if step.who == "a key":
            return pick(self.tables.key_by_secret, step.choice)
        if step.who == "a user":
            return self.token_of(pick(self.tables.users, step.choice))
        return self.token_of(self.responsible(step, values))

    def responsible(self, step, values):
        names = {each.name for each in self.app.document.operations[step.operation].path_parameters}
        if "document_id" in names or "version_id" in names:
            document = self.tables.documents.get(values["document_id"])
            if document is not None:
                return document.owner_id
        return self.owner_of(values["organization_id"])

    def owner_of(self, organization_id):
        members = self.tables.members.get(organization_id, {})
        return next((each.user_id for each in members.values() if each.role == "owner"), self.first_user)

    @property
    def first_user(self):
        return self.app.ready["owner"]["user_id"]

    def token_of(self, holder_id):
        """A token of a user, or the secret of the key whose bot it is."""
        if holder_id.startswith("bot_"):
            return self.tables.api_keys[self.tables.key_by_bot[holder_id]].secret
        return self.app.worlds.signer.issue(self.world, holder_id, self.world.clock.now())

    def values(self, step):
        """Ids of things that are there, or of nothing at all."""
        tables, about = self.tables, step.about
        document_id = pick(tables.documents, about, "doc_" + "0" * 26)
        organization_id = pick(tables.organizations, about // 4)
        requests = tables.access_requests.get(document_id, {})
        return {
            "document_id": document_id,
            "version_id": pick(tables.versions_of.get(document_id, ()), step.choice, "ver_" + "0" * 26),
            "organization_id": organization_id,
            "access_request_id": pick(requests, step.choice, "acr_" + "0" * 26),
            "recipient_id": self.recipient(step.choice, "user_", "bot_"),
            "policy_id": pick(tables.policies, step.choice),
            "invite_id": pick(tables.invites[organization_id], step.choice, "inv_" + "0" * 26),
            "user_id": pick(tables.users, step.choice),
            "api_key_id": pick(tables.api_keys, step.choice),
        }

    def recipient(self, choice, *prefixes):
        holders = [*self.tables.users, *self.tables.key_by_bot, *self.tables.organizations]
        return pick([each for each in holders if each.startswith(prefixes)], choice)

    def arguments(self, step):
        """Query or body of a step; nothing where the operation takes none, or takes an empty one."""
        values, choice = self.values(step), step.choice
        organization = {"organization_id": values["organization_id"]}
        texts = ({"title": f"T{choice}"}, {"description": None}, {"description": "d"}, {})[choice % 4]
        upload = {"files": {"payload": FILES[choice % len(FILES)]}}
        tokens = [each.token for each in self.tables.outbox if each.token] or ["none"]
        role = ("admin", "member", "owner")[choice % 3]
        email = ("new@x.example", "Invitee@Mailbox.example", "member@northwind.example")[choice % 3]
        made: dict[str, dict[str, Any]] = {
            "createDocument": {**upload, "data": {"title": f"T{choice}", **self.level(choice)}},
            "createDocumentVersion": upload,
            "updateDocument": {"json": texts},
            "updateVersion": {"json": texts},
            "processDocument": {"json": {"async": choice % 2 == 0}},
            "transferDocumentOwnership": {"json": {"new_owner_id": values["user_id"]}},
            "setGeneralAccess": {
                "json": {
                    "general_access_level": ("restricted", "organization", "anyone_with_link")[choice % 3]
                }
            },
            "grantDocumentAccess": {"json": {"recipients": self.wishes(choice)}},
            "updateDocumentAccess": {"json": {"document_role": ROLES[choice % 5]}},
            "createAccessRequest": {"json": {"permission": ("view", "comment", "edit")[choice % 3]}},
            "attachDocumentPolicy": {"json": {"policy_id": values["policy_id"]}},
            "createOrganization": {"json": {"name": f"O{choice}"}},
            "updateOrganization": {"json": {"name": f"O{choice}"}},
            "uploadOrganizationLogo": {"json": {"image_data": LOGO if choice % 2 else "AAAA"}},
            "addOrganizationMember": {"json": {"user_id": values["user_id"], "role": role}},
            "updateOrganizationMember": {"json": {"role": role}},
            "createOrganizationInvite": {"json": {"email": email}},
            "acceptOrganizationInvite": {"json": {"token": pick(tokens, choice)}},
            "createApiKey": {"json": {**organization, "name": f"K{choice}"}},
            "setAPIKeyQuota": {"json": {**organization, "limit": 1 + choice}},
            "listApiKeys": {"params": {**organization, "include_revoked": True}},
        }
        if self.app.document.operations[step.operation].tag == "Usage" and step.operation not in made:
            return {"params": organization}
        return made.get(step.operation, {})

    def level(self, choice):
        levels = ({}, {"access_level": "private"}, {"access_level": "public"})
        return levels[choice % 3]

    def wishes(self, choice):
        whom = [self.recipient(choice, "user_"), f"p{choice}@x.example", self.recipient(choice, "org_")]
        return [{"recipient": each, "role": ROLES[choice % 5]} for each in whom[: 1 + choice % 3]]

    def without_usage(self):
        """All tables but the one of usage, which refused calls count in as well."""
        tables = self.tables.copy()
        tables.usage.clear()
        return tables

    # What holds at the end, as the API tells it.

    def read(self, token, operation_id, *, params=None, **values):
        answer = self.call(token, operation_id, values, **({"params": params} if params else {}))
        assert answer.status_code == 200, (operation_id, answer.text)
        return answer.json()

    def check_quotas(self):
        for organization_id in self.tables.organizations:
            token = self.token_of(self.owner_of(organization_id))
            query = {"organization_id": organization_id}
            quota = self.read(token, "getOrganizationQuota", params=query)["quota"]
            assert quota["current_usage"] == self.counted[organization_id]
            history = self.read(token, "getUsageHistory", params=query)
            assert history["total_requests"] == quota["current_usage"]
            for key in self.read(token, "listAPIKeyQuotas", params=query)["quotas"]:
                assert key["current_usage"] == self.counted[key["api_key_id"]]

    def check_organizations(self):
        for organization_id in list(self.tables.organizations):
            token = self.token_of(self.owner_of(organization_id))
            about = {"organization_id": organization_id}
            members = self.pages(token, "listOrganizationMembers", about)
            roles = Counter(each["role"] for each in members)
            assert roles["owner"] == 1
            assert len({each["user"]["id"] for each in members}) == len(members)
            for each in members:
                mine = self.pages(self.token_of(each["user"]["id"]), "listOrganizations", {})
                assert organization_id in [organization["id"] for organization in mine]
            invites = self.pages(token, "listOrganizationInvites", about)
            pending = [each["email"].lower() for each in invites if each["status"] == "pending"]
            assert len(set(pending)) == len(pending)
            self.pages(token, "listApiKeys", {}, organization_id=organization_id, include_revoked=True)

    def check_documents(self):
        for document_id, document in list(self.tables.documents.items()):
            token = self.token_of(document.owner_id)
            found = self.reading(token, "getDocument", document_id)
            if found is None:
                continue  # its owner was a key that is revoked
            versions = self.pages(token, "listDocumentVersions", {"document_id": document_id})
            assert found["document"]["current_version"]["id"] == versions[0]["id"]
            access = self.read(token, "listDocumentAccess", document_id=document_id)
            owners = [each["id"] for each in access["recipients"] if each["document_role"] == "owner"]
            assert owners == [document.owner_id]
            if "trashed_at" in found["document"]:
                assert [each["id"] for each in access["recipients"]] == owners
                assert access["general_access_level"] == "restricted"

    def check_lists(self):
        both = {"trash_state": ["active", "trashed"]}
        for name in (*PEOPLE, "api_key"):
            token = self.app.ready[name].get("token") or self.app.ready[name]["secret"]
            if self.tables.key_by_secret.get(token) and self.is_revoked(token):
                continue
            listed = {each["id"]: each for each in self.pages(token, "listDocuments", {}, **both)}
            for document_id, document in self.tables.documents.items():
                found = self.reading(token, "getDocument", document_id)
                if found is None:
                    assert document_id not in listed
                elif document_id in listed:
                    assert found["document"] == listed[document_id]
                else:
                    assert document.access_level == "public"

    def reading(self, token, operation_id, document_id):
        answer = self.call(token, operation_id, {"document_id": document_id})
        return answer.json() if answer.status_code == 200 else None

    def is_revoked(self, secret):
        return self.tables.api_keys[self.tables.key_by_secret[secret]].revoked_at is not None

    def pages(self, token, operation_id, values, **query):
        """The whole list, read once at once and once in pages of two that lead on to each other."""
        whole = self.read(token, operation_id, params={"page_size": 100, **query}, **values)["items"]
        paged, page_token = [], ""
        while True:
            asked = {"page_size": 2, "page_token": page_token, **query}
            page = self.read(token, operation_id, params=asked, **values)
            paged += page["items"]
            page_token = page["pagination"]["next_page_token"]
            if not page_token:
                break
        assert paged == whole
        return whole

    def check_snapshot(self):
        before = self.control("GET", "/snapshot")
        self.control("PUT", "/snapshot", json=before)
        assert self.control("GET", "/snapshot") == before


def pick(things, number, nothing=""):
    """One of the things, or nothing; large numbers mean late ones."""
    found = list(things)
    return found[number % len(found)] if found else nothing


@pytest.fixture
def game(app, client, control):
    control("PUT", "/quotas", json={"requests_limit": 1_000_000})
    return Game(app, client)


def steps(operations):
    numbers = st.integers(0, 11)
    step = st.builds(Step, st.sampled_from(operations), st.sampled_from(WHO), numbers, numbers)
    wait = st.builds(Wait, st.integers(0, 12))  # all of it within a month
    return st.lists(st.one_of(*[step] * 9, wait), min_size=40, max_size=100)


def test_every_operation_is_among_the_steps(document):
    assert {*CHANGES, *READINGS} == set(document.operations)


@given(taken=steps([*CHANGES, *CHANGES, *READINGS]))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_sequence_of_calls_leaves_a_world_that_makes_sense(game, taken):
    play(game, taken)


def play(game, taken, *mutants):
    game.begin()
    game.world.settings = replace(game.world.settings, mutants=frozenset(mutants))
    for step in taken:
        game.take(step)
    game.check_quotas()
    game.tables.key_limits.clear()  # so that everything can be read
    game.check_organizations()
    game.check_documents()
    game.check_lists()
    game.check_quotas()
    game.check_snapshot()


INVITE = Step("createOrganizationInvite", RESPONSIBLE, 0, 3)


@pytest.mark.parametrize(
    ("mutant", "taken"),
    [
        ("trash.keeps-grants", [Step("trashDocument", RESPONSIBLE, 0, 0)]),
        ("trash.general-access-stays", [Step("trashDocument", RESPONSIBLE, 0, 0)]),
        ("versions.not-current", [Step("createDocumentVersion", RESPONSIBLE, 0, 0)]),
        ("invites.create-duplicates", [INVITE, INVITE]),
        ("documents.cross-tenant-read", []),
        ("documents.page-drops-item", []),
    ],
)
def test_a_rule_that_is_broken_is_noticed(game, mutant, taken):
    play(game, taken)
    with pytest.raises(AssertionError):
        play(game, taken, mutant)
