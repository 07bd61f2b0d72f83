"""Reaches what the API itself does not offer: the mailbox, the clock, the quota, a fresh sandbox."""

import importlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from factify_contract.errors import ContractError
from factify_contract.profile import Adapter, CommandAdapter, HttpAdapter, PromptAdapter, PythonAdapter
from factify_contract.terminal import TERMINAL, NoTerminal

_COMMAND_SECONDS = 120
_POLL_SECONDS = 1.0
# What fails so often in a row is taken to be broken.
_MOST_FAILURES = 3
# Nobody knows whether a call that failed has moved time, and moving it twice is something else.
_NEVER_REPEATED = frozenset({"clock"})
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FAILURES = (
    httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, subprocess.SubprocessError, NoTerminal,
)  # fmt: skip


class AdapterError(ContractError):
    """An adapter of the profile did not do its work; the message tells which and why."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls adapters. `values` fill placeholders that are the same in every call, such as `{sandbox}`.

    An adapter that fails is called again twice, where that does no harm. `broken` has the names of those
    that have failed for good; until they work again they are called once only. It grows and shrinks.
    `ask` puts a question to a person, who has so many seconds; `before` is told of every call.
    """

    client: httpx.Client
    values: Mapping[str, Any]
    sleep: Callable[[float], None] = time.sleep
    ask: Callable[[str, float], str] = TERMINAL.ask
    before: Callable[[str, Mapping[str, Any]], None] = lambda name, values: None
    broken: set[str] = field(default_factory=set)

    def call(self, name: str, adapter: Adapter, **values: Any) -> Any:
        """What the adapter answers; AdapterError when it cannot be reached or refuses.

        None when the answer has nothing at the pointer.
        """
        return self._until(lambda answer: True, 0.0, name, adapter, values)

    def poll(self, name: str, adapter: Adapter, accept: Callable[[Any], bool], **values: Any) -> Any:
        """The adapter's first acceptable answer within its `wait_seconds`, or else its last one."""
        return self._until(accept, adapter.wait_seconds, name, adapter, values)

    def _until(
        self,
        accept: Callable[[Any], bool],
        seconds: float,
        name: str,
        adapter: Adapter,
        values: Mapping[str, Any],
    ) -> Any:
        self.before(name, values)
        waited, failures = 0.0, 0
        while True:
            try:
                answer = self._once(name, adapter, {**self.values, **values})
            except AdapterError:
                failures += 1
                if failures >= self._most_failures(name, adapter):
                    self.broken.add(name)
                    raise
            else:
                failures = 0
                self.broken.discard(name)
                if accept(answer) or waited >= seconds:
                    return answer
            self.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS

    def _most_failures(self, name: str, adapter: Adapter) -> int:
        # A person who let the deadline pass has been asked long enough.
        is_single = name in _NEVER_REPEATED or name in self.broken or isinstance(adapter, PromptAdapter)
        return 1 if is_single else _MOST_FAILURES

    def _once(self, name: str, adapter: Adapter, known: Mapping[str, Any]) -> Any:
        try:
            match adapter:
                case CommandAdapter():
                    return self._run(adapter, known)
                case PromptAdapter():
                    return self.ask(_fill_text(adapter.prompt, known), adapter.deadline_seconds) or None
                case PythonAdapter():
                    return load(adapter)(**known)
                case HttpAdapter():
                    return self._request(adapter, known)
        except _FAILURES as error:
            raise AdapterError(f"the {name} adapter failed: {error}") from error
        except Exception as error:
            if not isinstance(adapter, PythonAdapter):
                raise
            said = f"{type(error).__name__}: {error}"
            raise AdapterError(f"the {name} adapter failed: {adapter.function} raised {said}") from error

    def _request(self, adapter: HttpAdapter, values: Mapping[str, Any]) -> Any:
        url = _PLACEHOLDER.sub(lambda match: quote(_as_text(values.get(match[1], "")), safe=""), adapter.url)
        headers = {name: _fill_text(text, values) for name, text in adapter.headers.items()}
        body = _fill(adapter.body, values) if adapter.body is not None else None
        response = self.client.request(adapter.method, url, headers=headers, json=body)
        if response.status_code >= 300:
            raise ValueError(f"{adapter.method} {url} answered {response.status_code}: {response.text[:200]}")
        if not response.content:
            return None
        return _select(response.json(), adapter, values)

    def _run(self, adapter: CommandAdapter, values: Mapping[str, Any]) -> Any:
        argv = [_fill_text(word, values) for word in adapter.command]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)  # noqa: S603 - the user's own command
        if done.returncode != 0:
            raise ValueError(f"{argv[0]} ended with exit code {done.returncode}: {done.stderr.strip()[:200]}")
        output = done.stdout.strip()
        return find(json.loads(output), adapter.pointer) if adapter.pointer is not None else output or None


def load(adapter: PythonAdapter) -> Callable[..., Any]:
    """The adapter's function; ValueError when there is none."""
    module, _, name = adapter.function.partition(":")
    if adapter.folder and adapter.folder not in sys.path:
        sys.path.insert(0, adapter.folder)
    try:
        function: Callable[..., Any] | None = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise ValueError(f"the module {module!r} cannot be imported: {error}") from error
    if function is None:
        raise ValueError(f"the module {module!r} has no function {name!r}")
    return function


def find(value: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) finds in the value, or None; a negative index counts from the end."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value


def _select(value: Any, adapter: HttpAdapter, values: Mapping[str, Any]) -> Any:
    if adapter.items is None:
        return find(value, adapter.pointer)
    wanted = {name: _fill_text(text, values) for name, text in adapter.where.items()}
    items = find(value, adapter.items)
    for item in reversed(items if isinstance(items, list) else []):
        found = find(item, adapter.pointer)
        if found not in (None, "") and all(
            find(item, f"/{name}") == text for name, text in wanted.items() if text
        ):
            return found
    return None


def _fill(template: Any, values: Mapping[str, Any]) -> Any:
    """The template with placeholders filled in; a text that is one placeholder takes the value's type.

    An entry whose value is None is left out.
    """
    if isinstance(template, Mapping):
        filled = {key: _fill(item, values) for key, item in template.items()}
        return {key: item for key, item in filled.items() if item is not None}
    if isinstance(template, list):
        return [_fill(item, values) for item in template]
    if isinstance(template, str):
        whole = _PLACEHOLDER.fullmatch(template)
        return values.get(whole[1]) if whole else _fill_text(template, values)
    return template


def _fill_text(template: str, values: Mapping[str, Any]) -> str:
    return _PLACEHOLDER.sub(lambda match: _as_text(values.get(match[1], "")), template)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
