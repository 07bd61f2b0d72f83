"""Compares a recording with what the user asked for: a mock of its own, or a target at an address."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from factify_contract.comparison.comparing import Comparison, compare
from factify_contract.comparison.recording import Recording
from factify_contract.interrupts import terminable
from factify_contract.preflight import greet, introduce
from factify_contract.request import Request, profile_for, require_sense
from factify_contract.safety.guard import Guard
from factify_contract.spec import Document
from factify_contract.target import Target


def compared(
    request: Request,
    path: Path,
    *,
    callers: Mapping[str, str],
    writes: bool,
    progress: Callable[[int, int], None],
) -> tuple[Comparison, Callable[[str], str]]:
    """The comparison, and what takes secrets out of a text about it.

    A sandbox is used where there is one. Elsewhere nothing is written, and such calls are skipped,
    unless `writes`. UsageError for a file that is no recording.
    """
    require_sense(request)
    recording = Recording.load(path)
    document = Document.load(request.spec)
    with terminable(), ExitStack() as stack:
        profile = profile_for(request, stack)
        target = stack.enter_context(Target(profile))
        if not profile.has_sandboxes:
            target.transport.guard = Guard(profile.budget, read_only=not writes, sent=1)
        # People's ids and addresses, which a profile need not tell.
        sandbox = target.fresh()
        known = introduce(sandbox, greet(sandbox, document)).target
        found = compare(recording, known, document, callers=callers, progress=progress)
        return found, target.transport.redactor.clean
