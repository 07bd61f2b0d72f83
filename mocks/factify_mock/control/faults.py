"""Control calls that plan what goes wrong in a world."""

from collections.abc import Callable
from typing import Any

from factify_mock.control.call import ControlCall
from factify_mock.faults.plan import Faults
from factify_mock.faults.wording import plan_of, words_of
from factify_mock.model.errors import not_found


def list_faults(call: ControlCall) -> dict[str, Any]:
    """The plans in the order in which they are asked, and how often each fired."""
    return {"faults": [words_of(fault) for fault in call.sandbox.faults or ()]}


def add_fault(call: ControlCall) -> dict[str, Any]:
    """The plan is at work; it is the last to be asked."""
    sandbox, edition = call.sandbox, call.edition
    plan = plan_of(call.body, operations=edition.document.operations, routes=edition.routes, sandbox=sandbox)
    if sandbox.faults is None:
        sandbox.faults = Faults()
    return {"fault": words_of(sandbox.faults.add(plan, call.body))}


def clear_faults(call: ControlCall) -> dict[str, Any]:
    """Nothing goes wrong any more."""
    call.sandbox.faults = None
    return {}


def remove_fault(call: ControlCall) -> dict[str, Any]:
    """The plan is not asked any more; the others go on counting."""
    faults, fault_id = call.sandbox.faults, call.path["fault_id"]
    if faults is None:
        raise not_found("Fault", fault_id[:100])
    faults.remove(fault_id)
    return {}


CALLS: dict[str, Callable[[ControlCall], dict[str, Any]]] = {
    "listFaults": list_faults,
    "addFault": add_fault,
    "clearFaults": clear_faults,
    "removeFault": remove_fault,
}
