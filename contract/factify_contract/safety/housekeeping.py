"""What a run does around its phases where the data is not its own: moves in, tidies up, moves out."""

from collections.abc import Callable
from typing import Any

from factify_contract.safety.cleanup import Cleaner, Leftovers
from factify_contract.safety.errands import MANAGERS, Errands, field, members, pending_invites
from factify_contract.safety.guard import Guard
from factify_contract.safety.ledger import Ledger
from factify_contract.spec import Document
from factify_contract.target import Target

# A run that leaves more than this behind says how many and not which; the ledger has all of them.
_MOST_NAMED = 3


class Housekeeper:
    """Keeps house for one run. Mutable: it moves in when it is known with whom."""

    def __init__(
        self,
        document: Document,
        guard: Guard,
        *,
        begin: Callable[[Target], Ledger],
        foresee: Callable[[Target], list[str]],
    ) -> None:
        """`begin` starts the ledger of the run, `foresee` says what it will cost."""
        self._document = document
        self._guard = guard
        self._begin = begin
        self._foresee = foresee
        self._cleaner: Cleaner | None = None
        self._ledger: Ledger | None = None

    def move_in(self, target: Target) -> list[str]:
        """The ledger is there and knows how the organization was; says what the run will cost."""
        before = snapshot(target, self._document)
        ledger = self._begin(target)
        ledger.note({"before": before})
        self._guard.keep(ledger)
        self._ledger = ledger
        self._cleaner = Cleaner(target, self._document, self._guard, ledger)
        return [*self._foresee(target), f"what this run writes is noted in {ledger.path}"]

    def tidy(self) -> None:
        """What a story or phase has made is taken back."""
        if self._cleaner is not None:
            self._cleaner.tidy()

    def move_out(self) -> list[str]:
        """Everything is taken back that can be; sentences about what stays and what went wrong."""
        if self._cleaner is None or self._ledger is None:
            return []
        left = self._cleaner.clear()
        self._ledger.close()
        return _told(left, self._ledger)

    def remind(self) -> list[str]:
        """How to clean up later, if there is anything to clean up."""
        if self._ledger is None or not (
            self._ledger.holdings.outstanding or self._ledger.holdings.is_changed
        ):
            return []
        return [f"what the run has made is still there; {_advice(self._ledger)}"]


def snapshot(target: Target, document: Document) -> dict[str, Any]:
    """How the target's organization is now, as far as its identities may read it and a run may change it."""
    errands, organization_id = Errands(target, document), target.organization_id
    taken: dict[str, Any] = {}
    if not organization_id:
        return taken
    found = field(
        errands.call("getOrganization", MANAGERS, path={"organization_id": organization_id}), "organization"
    )
    if found is not None:
        taken["organization"] = {"name": found.get("name"), "logo": found.get("logo_image_url")}
    everybody = members(errands, organization_id)
    if everybody is not None:
        ours = [one.user_id for one in target.identities.values() if one.kind == "user"]
        taken["members"] = {user: everybody[user] for user in ours if user in everybody}
    people = errands.emails
    invites = pending_invites(errands, organization_id)
    taken["invites"] = [invite for invite, email in invites.items() if email in people]
    if target.profile.usable("quota"):
        quota = field(errands.call("getOrganizationQuota", MANAGERS), "quota") or {}
        taken["quota"] = {"limit": quota.get("effective_limit"), "used": quota.get("current_usage")}
    if target.profile.usable("document_quota"):
        answer = errands.call("getDocumentQuota", MANAGERS)
        known = answer.json if answer is not None and answer.status == 200 else None
        taken["document_quota"] = {"limit": known.get("limit", 0) if isinstance(known, dict) else None}
    return taken


def _told(left: Leftovers, ledger: Ledger) -> list[str]:
    trashed = tuple(ledger.holdings.trashed)
    said = []
    if trashed:
        said.append(
            f"documents named {ledger.header.prefix} that stay in the trash: {len(trashed)}; they count"
            " against the document quota, and the API deletes nothing for good"
        )
    said += [f"stays: {phrase}" for phrase, ids in left.stays.items() if ids != trashed]
    for phrase in left.failed[:_MOST_NAMED]:
        said.append(f"could not be taken back: {phrase}")
    if len(left.failed) > _MOST_NAMED:
        said.append(f"{len(left.failed) - _MOST_NAMED} more things could not be taken back")
    if left.failed:
        said.append(_advice(ledger))
    return said


def _advice(ledger: Ledger) -> str:
    return f"take it back with: factify-contract cleanup {ledger.path} --profile FILE"
