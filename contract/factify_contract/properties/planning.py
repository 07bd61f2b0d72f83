"""Chooses what is asked of each operation, in whose name, and how the answers are judged; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.properties import credentials, oracle
from factify_contract.properties.belongings import ID
from factify_contract.properties.crafted import crafted
from factify_contract.properties.drafts import Draft, FormBody, Invented, Inventor, JsonBody
from factify_contract.properties.filling import Filler
from factify_contract.properties.trials import Trial
from factify_contract.spec import Document, Operation
from factify_contract.spec.router import MethodNotAllowed, NoSuchPath

OWNER = "owner"
# What these make stays: a valid request to them comes from somebody of the organization.
MAKING = frozenset(
    {
        "createDocument", "createDocumentVersion", "createOrganization", "createApiKey",
        "createOrganizationInvite", "createShareLink",
    }
)  # fmt: skip
_ASKED_BY_OTHERS = frozenset({"createAccessRequest"})
# One valid request in so many comes from somebody else than the owner.
_OTHERS_EVERY = 4
# A failing request is cut down by so many tries; where each may make something, by few.
_CUTS = 30
_CUTS_OF_MAKING = 5
# Where nothing but ids can vary, more requests would be the same ones again.
_FEW = 6


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the trials of an operation. The same seed, document and belongings give the same trials.

    `tokens` are the identities that may ask, by name; `examples` is the most valid and the most
    invalid requests of one operation.
    """

    document: Document
    inventor: Inventor
    filler: Filler
    tokens: dict[str, str]
    seed: int
    examples: int

    def trials(self, operation: Operation) -> list[Trial]:
        """A valid request by strangers, then generated ones, then broken forms of the valid one."""
        rng = Random(f"{self.seed}/{operation.id}/filling")  # noqa: S311 - no secret
        invented = self.inventor.drafts(operation, count=share_of(operation, self.examples))
        planned = list(self._generated(invented, rng))
        model = next((trial.draft for trial in planned if not trial.draft.problems()), None)
        if model is None:
            return planned
        judge = self._judge_for(OWNER)
        broken = [Trial(draft, OWNER, self.tokens[OWNER], judge, 0) for draft in crafted(model)]
        return [*_of_strangers(operation, model, rng), *planned, *broken]

    def _generated(self, invented: Sequence[Invented], rng: Random) -> Iterator[Trial]:
        seen: set[tuple[str, str]] = set()
        for one in invented:
            draft = self.filler.fill(one.draft, rng, valid=one.valid)
            actor = self._actor(draft.operation.id, rng) if one.valid else OWNER
            key = (actor, draft.key)
            if key in seen or actor not in self.tokens or not self._reaches(draft):
                continue
            seen.add(key)
            cuts = _CUTS_OF_MAKING if draft.operation.id in MAKING else _CUTS
            yield Trial(draft, actor, self.tokens[actor], self._judge_for(actor), cuts)

    def _actor(self, operation_id: str, rng: Random) -> str:
        others = [name for name in self.tokens if name != OWNER]
        if operation_id in MAKING:
            others = [name for name in others if name == "api_key"]
        if operation_id in _ASKED_BY_OTHERS:
            return rng.choice([name for name in others if name in ("member", "outsider")] or [OWNER])
        return rng.choice(others) if others and rng.randrange(_OTHERS_EVERY) == 0 else OWNER

    def _judge_for(self, actor: str) -> "Judgement":
        return Judgement(self.filler.belongings.known, actor == OWNER)

    def _reaches(self, draft: Draft) -> bool:
        """Whether the request gets to its operation: some path values would lead elsewhere or nowhere."""
        for value in draft.path.values():
            if value in ("", ".", "..") or not value.isprintable() or set(value) & set("/\\"):
                return False
        path = draft.operation.format_path(draft.path)
        try:
            return self.document.router.match(draft.operation.method, path).operation.id == draft.operation.id
        except (NoSuchPath, MethodNotAllowed):
            return False


@dataclass(frozen=True, slots=True)
class Judgement:
    """Judges answers to generated requests; `known` are the ids of real things, `is_owner` who asks."""

    known: frozenset[str]
    is_owner: bool

    def __call__(self, draft: Draft, exchange: Exchange) -> list[Verdict]:
        """What the answer says of the API."""
        is_real = self.is_owner and set(_ids(draft)) <= self.known
        return list(oracle.judge(draft, draft.problems(), exchange, is_real=is_real))


def _of_strangers(operation: Operation, model: Draft, rng: Random) -> Iterator[Trial]:
    if operation.requires_auth:
        for name, token in credentials.strangers(rng):
            yield Trial(model, name, token, _judge_stranger, cuts=0)


def _judge_stranger(draft: Draft, exchange: Exchange) -> list[Verdict]:
    return list(credentials.judge_refusal(draft, exchange))


def _ids(draft: Draft) -> Iterator[str]:
    """Every well-formed id at the top level of the request."""
    values: list[object] = [*draft.path.values(), *(value for _, value in draft.query)]
    match draft.body:
        case JsonBody(dict() as value):
            values += value.values()
        case FormBody(fields):
            values += fields.values()
    return (value for value in values if isinstance(value, str) and ID.fullmatch(value))


def share_of(operation: Operation, examples: int) -> int:
    """How many of so many examples are worth asking for: all where requests differ in more than ids."""
    varies = bool(operation.query_parameters) or oracle.has_fields(operation)
    return examples if varies else min(examples, _FEW)
