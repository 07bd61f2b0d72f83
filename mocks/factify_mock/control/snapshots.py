"""Control calls that keep what a world is, and bring it back."""

from collections.abc import Callable
from typing import Any

from factify_mock.api.render.values import timestamp
from factify_mock.control.call import ControlCall
from factify_mock.model.errors import DomainError, invalid, not_found, precondition
from factify_mock.snapshots.snapshot import Snapshot, snapshot_of
from factify_mock.states import State

# A state shares its records with the world and with other states, so that many of them cost little.
_MOST = 1000


def get_snapshot(call: ControlCall) -> dict[str, Any]:
    """All of the world as one document."""
    return snapshot_of(call.sandbox, call.blobs, with_content=call.query.get("content", False))


def restore_snapshot(call: ControlCall) -> dict[str, Any]:
    """The world as the snapshot has it; refused as a whole where something in it does not fit."""
    return _taken_on(call, Snapshot.read(call.body, call.blobs))


def seed_world(call: ControlCall) -> dict[str, Any]:
    """The world as the snapshot of this name has it."""
    return _taken_on(call, call.seeds.named(call.body["seed_name"]))


def list_snapshots(call: ControlCall) -> dict[str, Any]:
    """The names of the states that the world can go back to, and what its clock showed then."""
    return {"snapshots": [_summary(name, state) for name, state in call.sandbox.snapshots.items()]}


def take_snapshot(call: ControlCall) -> dict[str, Any]:
    """What the world is now is kept under the name, in place of what was kept under it before."""
    kept, name = call.sandbox.snapshots, call.path["name"]
    if name not in kept and len(kept) >= _MOST:
        raise precondition(f"A world keeps at most {_MOST} snapshots; delete some first")
    kept[name] = call.sandbox.state
    return {"snapshot": _summary(name, kept[name])}


def go_back(call: ControlCall) -> dict[str, Any]:
    """The world as it was when the snapshot of this name was taken."""
    call.worlds.restore(call.sandbox, _kept(call))
    return {"world": call.sandbox.ready}


def forget_snapshot(call: ControlCall) -> dict[str, Any]:
    """Nothing is kept under the name any more."""
    _kept(call)
    del call.sandbox.snapshots[call.path["name"]]
    return {}


def beginning_of(call: ControlCall) -> Snapshot | None:
    """What a new world shall begin with, by name or in full; None where nothing is asked for."""
    given = call.body.get("snapshot")
    if given is not None and "seed_name" in call.body:
        raise invalid("seed_name", "seed_name and snapshot exclude each other")
    if given is None:
        return call.seeds.named(call.body["seed_name"]) if "seed_name" in call.body else None
    try:
        return Snapshot.read(given, call.blobs)
    except DomainError as error:
        raise invalid(f"snapshot.{error.param}", error.message) from error


CALLS: dict[str, Callable[[ControlCall], dict[str, Any]]] = {
    "getSnapshot": get_snapshot,
    "restoreSnapshot": restore_snapshot,
    "seedWorld": seed_world,
    "listNamedSnapshots": list_snapshots,
    "takeNamedSnapshot": take_snapshot,
    "restoreNamedSnapshot": go_back,
    "deleteNamedSnapshot": forget_snapshot,
}


def _taken_on(call: ControlCall, snapshot: Snapshot) -> dict[str, Any]:
    sandbox = call.sandbox
    call.worlds.restore(sandbox, snapshot.state(sandbox.id, sandbox.origin))
    return {"world": sandbox.ready}


def _kept(call: ControlCall) -> State:
    state = call.sandbox.snapshots.get(call.path["name"])
    if state is None:
        raise not_found("Snapshot", call.path["name"])
    return state


def _summary(name: str, state: State) -> dict[str, Any]:
    if state.present is None:
        raise ValueError("a state that was taken knows its time")
    return {"name": name, "now": timestamp(state.present.now)}
