"""Makes the objects that generated requests may touch, and clears them away afterwards."""

from collections.abc import Iterator, Mapping
from typing import Any

from factify_contract.errors import Withheld
from factify_contract.exchange import Exchange
from factify_contract.properties.belongings import Belongings
from factify_contract.properties.drafts import Body, Draft, FormBody, JsonBody, NoBody
from factify_contract.properties.oracle import is_accepted
from factify_contract.properties.session import Session
from factify_contract.properties.trials import Trial
from factify_contract.scenarios.pdf import pdf
from factify_contract.target import Target

_USES = ("reading", "playing", "trashing", "giving")
# Who of the people under test may be named as recipient, requester or new owner.
_NAMEABLE = ("member", "outsider")
FOUNDING, CREATE_ORGANIZATION = "createOrganization", "create_organization"


class Stage:
    """Sets up and clears away. Mutable: remembers what was made, also by generated requests."""

    def __init__(self, session: Session, prefix: str) -> None:
        self._session = session
        self._prefix = prefix
        self._made: dict[str, None] = {}

    def set_up(self) -> Belongings:
        """Objects of the owner's for every kind of use; whatever could not be made is left empty."""
        target = self._session.target
        people = tuple(
            target.identities[name].user_id
            for name in _NAMEABLE
            if name in target.identities and target.identities[name].user_id
        )
        documents = {use: self._document(use) for use in _USES}
        versions = {use: version for use, (_, version) in documents.items() if version}
        ids = {use: document for use, (document, _) in documents.items() if document}
        organization = target.organization_id
        return Belongings(
            owner_id=target.identities["owner"].user_id,
            people=people,
            spare_user_id=self._spare_user(),
            documents=ids,
            versions=versions,
            organization_id=organization,
            organization_name=self._organization_name(organization),
            own_organization_id=self._own_organization(),
            api_keys=tuple(self._several(self._api_key(organization, word) for word in ("first", "second"))),
            invites=tuple(self._several(self._invite(organization, number) for number in (8, 9))),
            access_requests=tuple(self._several(self._requests(ids.get("playing", "")))),
            policies=target.policy_ids,
        )

    def notice(self, exchange: Exchange) -> None:
        """Remembers what a request has made, so that it is cleared away."""
        for name in ("document", "api_key", "invite"):
            found = _pick(exchange.json, name, "id")
            if found and is_accepted(exchange) and exchange.method == "POST":
                self._made.setdefault(found)

    def clear(self, belongings: Belongings) -> None:
        """Trashes, revokes and restores what can be; the API deletes nothing for good."""
        for made in (*belongings.documents.values(), *self._made):
            kind = made.partition("_")[0]
            if kind == "doc":
                self._ask("trashDocument", body={}, document_id=made)
            elif kind == "key":
                self._ask("revokeApiKey", body={}, api_key_id=made)
            elif kind == "inv":
                organization = belongings.organization_id
                self._ask("revokeOrganizationInvite", body={}, organization_id=organization, invite_id=made)
        if belongings.organization_name and not belongings.own_organization_id:
            self._restore_name(belongings)

    def _restore_name(self, belongings: Belongings) -> None:
        now = self._organization_name(belongings.organization_id)
        if now != belongings.organization_name:
            name = {"name": belongings.organization_name}
            self._ask("updateOrganization", body=name, organization_id=belongings.organization_id)

    def _document(self, use: str) -> tuple[str, str]:
        fields = {"title": f"{self._prefix} for {use}", "access_level": "private"}
        answer = self._ask("createDocument", form=fields, file=pdf(f"{self._prefix} for {use}"))
        return _pick(answer, "document", "id"), _pick(answer, "document", "current_version", "id")

    def _own_organization(self) -> str:
        if not may_found(self._session.target):
            return ""
        answer = self._ask(FOUNDING, body={"name": f"{self._prefix} organization"})
        return _pick(answer, "organization", "id")

    def _organization_name(self, organization: str) -> str:
        if not organization:
            return ""
        return _pick(self._ask("getOrganization", organization_id=organization), "organization", "name")

    def _api_key(self, organization: str, word: str) -> str:
        body = {"organization_id": organization, "name": f"{self._prefix} {word}"}
        return _pick(self._ask("createApiKey", body=body), "api_key", "id")

    def _invite(self, organization: str, number: int) -> str:
        body = {"email": f"{self._prefix}-{number}@example.com"}
        answer = self._ask("createOrganizationInvite", body=body, organization_id=organization)
        return _pick(answer, "invite", "id")

    def _requests(self, document: str) -> Iterator[str]:
        for name in _NAMEABLE:
            body = {"permission": "view"}
            answer = self._ask("createAccessRequest", actor=name, body=body, document_id=document)
            yield _pick(answer, "access_request", "id")

    def _spare_user(self) -> str:
        """Somebody whose membership may be given and taken: only where the data is nobody else's."""
        target = self._session.target
        spare = target.identities.get("invitee")
        return spare.user_id if spare is not None and target.has_sandboxes else ""

    def _several(self, found: Iterator[str]) -> Iterator[str]:
        return (one for one in found if one)

    def _ask(
        self,
        operation_id: str,
        *,
        actor: str = "owner",
        body: Any = None,
        form: Mapping[str, str] | None = None,
        file: bytes | None = None,
        **path: str,
    ) -> Any:
        """The body of a successful answer; None when the operation, a value or the actor is missing."""
        operation = self._session.document.operations.get(operation_id)
        token = self._session.token(actor)
        if operation is None or token is None or not all(path.values()):
            return None
        if self._session.target.profile.absent(operation_id):
            return None
        sent: Body = NoBody() if body is None else JsonBody(body)
        if form is not None:
            sent = FormBody(form, file)
        trial = Trial(Draft(operation, path, (), sent), actor, token, lambda draft, exchange: ())
        try:
            exchange, _ = self._session.attempt(trial)
        except Withheld:
            return None
        return exchange.json if is_accepted(exchange) else None


def may_found(target: Target) -> bool:
    """Whether organizations may be made, which nobody can remove: in sandboxes, or where it is declared."""
    return target.has_sandboxes or target.profile.capabilities.get(CREATE_ORGANIZATION) is True


def _pick(value: Any, *names: str) -> str:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
