"""The control call that examines the client of a world."""

from collections.abc import Callable
from typing import Any

from factify_mock.control.call import ControlCall


def examine_client(call: ControlCall) -> dict[str, Any]:
    """The report on the calls that are on record."""
    from factify_mock.exam.report import examine  # noqa: PLC0415  # start-up time
    from factify_mock.exam.seen import seen  # noqa: PLC0415  # start-up time

    journal, document = call.sandbox.journal, call.edition.document
    entries = [(entry, journal.request_id(entry.ordinal)) for entry in journal.newest_first()]
    calls = list(seen(entries[::-1], document))
    return examine(calls, document, forgotten=journal.forgotten).as_json()


CALLS: dict[str, Callable[[ControlCall], dict[str, Any]]] = {"examineClient": examine_client}
