"""The mutants that an implementation offers, as its command lists them."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from factify_contract.errors import UsageError, advice_on

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Mutant:
    """A deliberate defect: its switch, the clause that it breaks, and what is wrong then."""

    name: str
    breaks: str
    sentence: str


def listed(command: Sequence[str]) -> tuple[Mutant, ...]:
    """What `command mutants --format json` prints; UsageError when that is no list of mutants."""
    argv = [*command, "mutants", "--format", "json"]
    said = " ".join(argv)
    try:
        done = subprocess.run(argv, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - the user's
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"{said!r} cannot be run: {error}") from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise UsageError(f"{said!r} ended with exit code {done.returncode}: {''.join(last)[:200]}")
    try:
        return tuple(_mutant(entry) for entry in json.loads(done.stdout)["mutants"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f'{said!r} does not print {{"mutants": [{{"name", "breaks", "sentence"}}]}}: {error!r}'
        ) from error


def _mutant(entry: dict[str, Any]) -> Mutant:
    return Mutant(str(entry["name"]), str(entry["breaks"]), str(entry["sentence"]))


def chosen(mutants: Sequence[Mutant], names: Sequence[str]) -> tuple[Mutant, ...]:
    """Those of the names, or all where there are no names; UsageError for a name that is none's."""
    known = {mutant.name: mutant for mutant in mutants}
    if unknown := [name for name in names if name not in known]:
        advice = advice_on(unknown[0], known, otherwise=f"the implementation lists {len(known)} others")
        raise UsageError(f"there is no mutant {unknown[0]!r}; {advice}")
    return tuple(known[name] for name in dict.fromkeys(names)) if names else tuple(mutants)
