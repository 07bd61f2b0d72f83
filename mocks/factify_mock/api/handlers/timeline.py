"""Handler of a document's timeline."""

from typing import Any

from factify_mock.api.arguments import DEFAULT_PAGE_SIZE
from factify_mock.api.call import Call, Handler
from factify_mock.api.render import documents as render
from factify_mock.legacy import event_type
from factify_mock.model import timeline
from factify_mock.model.errors import DomainError, invalid
from factify_mock.model.pages import Page, paginate
from factify_mock.model.records import Event


def get_timeline(call: Call) -> dict[str, Any]:
    """The events that the caller may see; a cursor leads on to older ones."""
    page = _page(call)
    events = [render.event(call.world, each) for each in page.items]
    if call.world.settings.is_legacy:
        events = [{**each, "event_type": event_type(each["event_type"])} for each in events]
    return {
        "events": events,
        "has_more": page.has_more,
        "next_cursor": page.next_token or None,
    }


def _page(call: Call) -> Page[Event]:
    document_id = call.path["document_id"]
    events = timeline.read(call.world, call.caller, document_id=document_id)
    is_reversed = call.world.settings.variants.lists_reversed
    try:
        return paginate(
            events[::-1] if is_reversed else events,
            token=call.query.get("cursor"),
            size=call.query.get("page_size", DEFAULT_PAGE_SIZE),
            position=timeline.position,
            descending=not is_reversed,
            binding={"operation": call.operation.id, "document_id": document_id},
        )
    except DomainError as error:
        # Only here is the parameter not called page_token.
        raise invalid("cursor", "cursor is not a cursor of this timeline", reason=error.reason) from error


HANDLERS: dict[str, Handler] = {"getDocumentTimeline": get_timeline}
