"""The way around the API, for those who test it: letters, the clock, allowances, new estates."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from contrary.estate import Estate
from contrary.system import Request, Response, System

_CLOCKWORK = Path(__file__).with_name("clockwork.py")


def control(system: System, request: Request) -> Response:
    """Answers what is asked below `/.testing`."""
    asked = {name: values[0] for name, values in parse_qs(request.query).items()}
    parts = request.path.strip("/").split("/")
    if parts == ["profile.toml"]:
        people = asked["only"].split(",") if "only" in asked else None
        text = profile(system, bare="bare" in asked, people=people)
        return Response(200, {"content-type": "application/toml"}, text.encode())
    said = json.loads(request.content) if request.content else {}
    if parts == ["estates"] and request.method == "POST" and system.choices.sandboxes:
        return _answer({"made": {"people_and_things": system.found()}})
    estate = system.estates.get(parts[0]) or next(iter(system.estates.values()))
    match parts[-1]:
        case "letters":
            found = [each for each in estate.letters if each["address"].lower() == asked["for"].lower()]
            return _answer({"post": {"letters": found}})
        case "clock":
            estate.ahead += timedelta(seconds=float(said.get("forward", asked.get("forward", 0))))
            return _answer({})
        case "processing":
            _process(system, estate, said)
            return Response(204, {}, b"")
        case "demo":
            estate.documents[asked["document"]].is_demo = True
            return Response(204, {}, b"")
        case "rates":
            estate.has_rates = True
            return Response(204, {}, b"")
        case "allowance":
            _allow(estate, said)
            return Response(204, {}, b"")
    return Response(404, {"content-type": "text/plain"}, b"There is nothing here.")


def _process(system: System, estate: Estate, said: dict[str, Any]) -> None:
    if "version" not in said:
        estate.is_held = said["becomes"] == "processing"
    elif "processing-goes-on" not in system.faults:
        estate.versions[said["version"]].outcome = said["becomes"]


def _allow(estate: Estate, said: dict[str, Any]) -> None:
    organization = estate.organizations[said["organization"]]
    if "calls" in said:
        organization.request_limit = said["calls"]
    if "called" in said:
        organization.used[estate.month] = said["called"]
    if "documents" in said:
        organization.document_limit = said["documents"]


def _answer(value: Any) -> Response:
    return Response(200, {"content-type": "application/json"}, json.dumps(value).encode())


def profile(system: System, *, bare: bool, people: list[str] | None = None) -> str:
    """A profile of the variant for the judge; `bare` leaves out everything around the API.

    With `people` it has only those of that name, and knows no policies.
    """
    made, base = system.first, system.base
    lines = [
        f'base_url = "{base}"',
        f'organization_id = "{made["organization_id"]}"',
        f"policy_ids = {json.dumps(made['policy_ids'] if people is None else [])}",
    ]
    if system.choices.sandboxes:
        lines.append(f'sandbox_id = "{made["id"]}"')
    for name in ("owner", "admin", "member", "outsider", "invitee"):
        if people is not None and name not in people:
            continue
        person = made[name]
        lines += [f"[identities.{name}]", f'token = "{person["token"]}"']
        # Where they are not told the judge has to ask for them.
        if system.choices.sandboxes or system.choices.lenient:
            lines += [f'user_id = "{person["user_id"]}"', f'email = "{person["email"]}"']
    key = made["api_key"]
    if people is None:
        lines += ["[identities.api_key]", f'token = "{key["secret"]}"', f'id = "{key["id"]}"']
    # Nobody else lives here: everything may be used up.
    lines += ["[capabilities]", "request_quota_exhaustion = true", "document_quota_exhaustion = true"]
    return "\n".join([*lines, *([] if bare else _adapters(system, base)), ""])


def _adapters(system: System, base: str) -> list[str]:
    here = f"{base}/.testing/{{sandbox}}" if system.choices.sandboxes else f"{base}/.testing/only"
    lines = [
        "[adapters.mailbox]",
        f'url = "{here}/letters?for={{to}}"',
        'list = "/post/letters"',
        'pointer = "/secret"',
        'where = { "about/invite" = "{invite_id}" }',
        "[adapters.quota]",
        'method = "PATCH"',
        f'url = "{here}/allowance"',
        'body = { organization = "{organization_id}", calls = "{limit}", called = "{used}" }',
        "[adapters.document_quota]",
        'method = "PATCH"',
        f'url = "{here}/allowance"',
        'body = { organization = "{organization_id}", documents = "{limit}" }',
        "[adapters.mail_count]",
        f'url = "{here}/letters?for={{to}}"',
        'pointer = "/post/letters"',
        "[adapters.processing]",
        'method = "POST"',
        f'url = "{here}/processing"',
        'body = { version = "{version_id}", becomes = "{outcome}" }',
        "[adapters.demo_document]",
        f'url = "{here}/demo?document={{document_id}}"',
        "[adapters.rate_limits]",
        'method = "POST"',
        f'url = "{here}/rates"',
        "[adapters.clock]",
    ]
    if system.choices.sandboxes:
        lines += ['method = "PUT"', f'url = "{here}/clock"', 'body = { forward = "{seconds}" }']
        lines += ["[adapters.sandbox]", 'method = "POST"', f'url = "{base}/.testing/estates"']
        lines += ["body = {}", 'pointer = "/made/people_and_things"']
    else:
        command = [sys.executable, "-S", "-E", str(_CLOCKWORK), f"{here}/clock?forward={{seconds}}"]
        lines.append(f"command = {json.dumps(command)}")
    return lines
