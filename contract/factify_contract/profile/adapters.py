"""The ways in which a profile may reach what the API does not offer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from factify_contract.errors import ProfileError, advice_on
from factify_contract.profile.schema import ADAPTERS
from factify_contract.profile.sections import Section

# The key that tells the kind of an adapter, with the schema's name of the kind.
_KINDS = {
    "url": "adapters.NAME, an HTTP call",
    "command": "adapters.NAME, a command",
    "python": "adapters.NAME, Python",
    "prompt": "adapters.NAME, a person",
}
_DEADLINE = 300.0


@dataclass(frozen=True, slots=True)
class HttpAdapter:
    """An HTTP call; `{name}` in its texts is filled in, and the answer is found by JSON pointer.

    With `items`, the last element of the list there whose fields equal `where` is taken first; a
    condition whose text comes out empty is left out.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    pointer: str = ""
    items: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CommandAdapter:
    """A command; `{name}` in its words is filled in, and its standard output is the answer.

    With a pointer, the output is JSON and the answer is what the pointer finds.
    """

    command: tuple[str, ...]
    pointer: str | None = None
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PythonAdapter:
    """A function `module:name`, called with the placeholders' values by name; what it returns is the answer.

    The module is looked for in `folder`, that of the profile, before anywhere else.
    """

    function: str
    folder: str = ""
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PromptAdapter:
    """A question to whoever sits at the terminal; what is typed within the deadline is the answer."""

    prompt: str
    deadline_seconds: float = _DEADLINE
    wait_seconds: float = 0.0


Adapter = HttpAdapter | CommandAdapter | PythonAdapter | PromptAdapter


def read_adapter(name: str, raw: Any, *, folder: str) -> Adapter:
    """The adapter in a table of the profile; `folder` is where the profile is."""
    where = f"adapters.{name}"
    if name not in ADAPTERS:
        raise ProfileError(f"unknown adapter {name!r}; {advice_on(name, ADAPTERS)}")
    given = [key for key in _KINDS if isinstance(raw, Mapping) and key in raw]
    if len(given) != 1:
        raise ProfileError(f"{where} must be a table with exactly one of {', '.join(_KINDS)}")
    section = Section(raw, _KINDS[given[0]], where)
    match given[0]:
        case "command":
            pointer = section.text("pointer") if "pointer" in section else None
            return CommandAdapter(section.command("command"), pointer, section.number("wait_seconds", 0.0))
        case "python":
            return PythonAdapter(_function(section, where), folder, section.number("wait_seconds", 0.0))
        case "prompt":
            return PromptAdapter(section.text("prompt"), section.number("deadline_seconds", _DEADLINE))
        case _:
            return _http(section)


def checked_template(url: str) -> str:
    """An adapter's URL template, which may have a query; ProfileError when it is not http or https."""
    if not url.startswith(("http://", "https://")):
        raise ProfileError(f"the adapter URL {url!r} does not begin with http:// or https://")
    return url


def _http(section: Section) -> HttpAdapter:
    return HttpAdapter(
        method=section.text("method", "GET").upper(),
        url=checked_template(section.text("url")),
        headers={key: str(value) for key, value in section.table("headers").items()},
        body=section.raw.get("body"),
        pointer=section.text("pointer"),
        items=section.text("list") if "list" in section else None,
        where={key: str(value) for key, value in section.table("where").items()},
        wait_seconds=section.number("wait_seconds", 0.0),
    )


def _function(section: Section, where: str) -> str:
    name = section.text("python")
    module, colon, function = name.partition(":")
    if not (colon and function.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ProfileError(f"{where}: {name!r} is no module:function")
    return name
