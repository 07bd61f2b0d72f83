"""Ways to bend what operations are asked and what they answer, from which defects are put together."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from factify_mock.model import roles, users
from factify_mock.model.errors import DomainError
from factify_mock.model.permissions import role_on
from factify_mock.model.records import Actor, Document
from factify_mock.mutants.mutant import Bend, Edit, Json

if TYPE_CHECKING:
    from factify_mock.api.call import Call

# Ids that are well formed and belong to nothing.
OTHER_USER = "user_01h2xcejqtf2nbrexx3vqjhp41"
OTHER_ORGANIZATION = "org_01h2xcejqtf2nbrexx3vqjhp41"
OTHER_DOCUMENT = "doc_01h2xcejqtf2nbrexx3vqjhp41"
OTHER_INVITE = "inv_01h2xcejqtf2nbrexx3vqjhp41"

Where = Callable[["Call"], bool]


def always(call: "Call") -> bool:
    """For every call."""
    return True


def edits(*operations: str, by: Edit) -> Bend:
    """Successful answers are changed."""
    return Bend(operations, answer=by)


def puts(operation: str, path: str, value: Any, *, where: Where = always) -> Bend:
    """A field of successful answers has another value; `items[].id` is that of every item."""

    def answer(call: "Call", body: Json) -> Json:
        if where(call):
            for holder in _holders(body, path):
                holder[path.rpartition(".")[2]] = value
        return body

    return Bend((operation,), answer=answer)


def lacks(operation: str, path: str) -> Bend:
    """A field is missing from successful answers."""

    def answer(call: "Call", body: Json) -> Json:
        for holder in _holders(body, path):
            holder.pop(path.rpartition(".")[2], None)
        return body

    return Bend((operation,), answer=answer)


def changes(operation: str, path: str, change: Callable[[Any], Any]) -> Bend:
    """A field of successful answers, where it is given, has a value made of the right one."""

    def answer(call: "Call", body: Json) -> Json:
        name = path.rpartition(".")[2]
        for holder in _holders(body, path):
            if name in holder:
                holder[name] = change(holder[name])
        return body

    return Bend((operation,), answer=answer)


def _holders(body: Json, path: str) -> list[Json]:
    """The objects that have the last field of the path, or would have it."""
    holders: list[Any] = [body]
    for step in path.split(".")[:-1]:
        name = step.removesuffix("[]")
        holders = [each.get(name) for each in holders if isinstance(each, dict)]
        if step.endswith("[]"):
            holders = [item for each in holders for item in each or ()]
    return [each for each in holders if isinstance(each, dict)]


def ignores(operation: str, *names: str) -> Bend:
    """Parameters of the query have no effect."""
    return _asks(operation, lambda query: {name: value for name, value in query.items() if name not in names})


def assumes(operation: str, **values: Any) -> Bend:
    """Parameters of the query that are not given have these values."""
    return _asks(operation, lambda query: {**values, **query})


def misreads(operation: str, name: str, as_name: str) -> Bend:
    """A parameter of the query is taken for another one."""

    def misread(query: Mapping[str, Any]) -> Json:
        return {as_name if each == name else each: value for each, value in query.items()}

    return _asks(operation, misread)


def heeds_first(operation: str, name: str) -> Bend:
    """Of a repeated parameter only the first value counts."""

    def first(query: Mapping[str, Any]) -> Json:
        return {**query, name: query[name][:1]} if name in query else dict(query)

    return _asks(operation, first)


def turns_round(operation: str, name: str) -> Bend:
    """A range that ends before it begins is turned round."""
    after, before = f"{name}.after", f"{name}.before"

    def turned(query: Mapping[str, Any]) -> Json:
        if after in query and before in query and query[after] > query[before]:
            return {**query, after: query[before], before: query[after]}
        return dict(query)

    return _asks(operation, turned)


def _asks(operation: str, change: Callable[[Mapping[str, Any]], Json]) -> Bend:
    return Bend((operation,), question=lambda call: replace(call, query=change(call.query)))


def refuses(operation: str, code: str, reason: str, message: str, *, where: Where = always) -> Bend:
    """A call that should be answered is refused."""

    def question(call: "Call") -> "Call":
        if where(call):
            raise DomainError(code, reason, message)
        return call

    return Bend((operation,), question=question)


def overlooks(operation: str, *rules: str, **values: Any) -> Bend:
    """Rules of the document are not enforced; fields that are then missing have these values."""

    def question(call: "Call") -> "Call":
        return replace(call, body={**values, **call.body}) if values else call

    return Bend((operation,), question=question, overlooked=frozenset(rules))


def open_to_strangers(*operations: str) -> Bend:
    """Nobody asks whether the caller has anything to do with what the operation is about."""
    return _unguarded(operations, lambda call: _standing(call) is None)


def open_to_insiders(*operations: str) -> Bend:
    """Who may see what the operation is about may also do what takes more."""
    return _unguarded(operations, lambda call: _standing(call) is not None)


def open_to_nobody_known(*operations: str) -> Bend:
    """Credentials are not asked for."""
    return Bend(operations, admits=True)


def _unguarded(operations: tuple[str, ...], is_let_in: Where) -> Bend:
    def question(call: "Call") -> "Call":
        owner = in_charge(call)
        return replace(call, actor=owner) if owner is not None and is_let_in(call) else call

    return Bend(operations, question=question)


def in_charge(call: "Call") -> Actor | None:
    """The owner of the document or the organization that a call is about, if there is one."""
    world = call.world
    document = _document(call)
    if document is not None:
        owner_id = document.owner_id
        return users.actor_of(world, owner_id) if owner_id in world.tables.users else None
    members = world.tables.members.get(_organization_id(call), {}).values()
    owners = (users.actor_of(world, each.user_id) for each in members if each.role == "owner")
    return next(owners, None)


def _standing(call: "Call") -> str | None:
    """The caller's role on the document, or in the organization, that the call is about."""
    document = _document(call)
    if document is not None:
        return role_on(call.world, call.caller, document)
    return roles.role_of(call.world, call.caller, _organization_id(call))


def _document(call: "Call") -> Document | None:
    tables = call.world.tables
    version = tables.versions.get(call.path.get("version_id", ""))
    return tables.documents.get(version.document_id if version else call.path.get("document_id", ""))


def _organization_id(call: "Call") -> str:
    named = (source.get("organization_id") for source in (call.path, call.query, call.body))
    key = call.world.tables.api_keys.get(call.path.get("api_key_id", ""))
    own = call.actor.organization_id if call.actor else None
    return next((each for each in named if each), None) or (key.organization_id if key else own) or ""
