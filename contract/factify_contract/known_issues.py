"""known-issues.toml: failures that a team knows of, so that they do not fail a run before their day."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from factify_contract.clauses import Catalogue, Level
from factify_contract.errors import UsageError, advice_on
from factify_contract.findings import Finding, Status
from factify_contract.summary import Summary

_REQUIRED = ("clause", "owner", "reason", "expires")
_OPTIONAL = ("operation", "fingerprint")


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """One known failure of a clause; `operation` and `fingerprint` narrow it when they are not empty.

    It is excused up to and including the day on which it `expires`.
    """

    clause: str
    owner: str
    reason: str
    expires: date
    operation: str = ""
    fingerprint: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is this known failure."""
        return (
            finding.clause == self.clause
            and self.operation in ("", finding.operation)
            and self.fingerprint in ("", finding.fingerprint)
        )

    @property
    def name(self) -> str:
        """The entry in a few words: the clause and what narrows it."""
        return " ".join(part for part in (self.clause, self.operation, self.fingerprint) if part)

    @property
    def excuse(self) -> str:
        """Why, whose and how long, in one line."""
        return f"{self.reason} ({self.owner}, until {self.expires})"


@dataclass(frozen=True, slots=True)
class KnownIssues:
    """The entries of a file, with the day that counts as today."""

    entries: tuple[KnownIssue, ...]
    today: date

    @classmethod
    def load(cls, path: Path, catalogue: Catalogue, *, today: date) -> "KnownIssues":
        """Reads the file; UsageError names the entry and the rule that it breaks."""
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise UsageError(f"there is no file of known issues {str(path)!r}") from error
        except (OSError, ValueError) as error:
            raise UsageError(f"the known issues in {str(path)!r} cannot be read: {error}") from error
        found = content.get("issue", [])
        if odd := sorted(set(content) - {"issue"}):
            raise UsageError(f"{path}: unknown entry {odd[0]!r}; each known issue begins with [[issue]]")
        if not isinstance(found, list):
            raise UsageError(f"{path}: 'issue' must be a list; begin each known issue with [[issue]]")
        entries = (_entry(each, f"{path}: issue {n}", catalogue) for n, each in enumerate(found, start=1))
        return cls(tuple(entries), today)

    def judged(self, summary: Summary, *, whole: bool) -> Summary:
        """The summary with the findings that are excused, and what is wrong with the entries.

        An entry that expired excuses nothing, and is wrong itself. So is one of a clause that passed,
        when the run was a `whole` one: part of a run may just not have come to where the failure shows.
        """
        excused: dict[str, str] = {}
        for finding in summary.findings:
            for entry in self._valid():
                if entry.covers(finding):
                    excused.setdefault(finding.fingerprint, entry.excuse)
        if summary.interrupted:
            return replace(summary, excused=excused)
        stale = [*self._expired(), *(self._fixed(summary) if whole else ())]
        return replace(summary, excused=excused, stale=tuple(stale))

    def _valid(self) -> list[KnownIssue]:
        return [entry for entry in self.entries if entry.expires >= self.today]

    def _expired(self) -> Iterable[str]:
        for entry in self.entries:
            if entry.expires < self.today:
                yield (
                    f"the known issue {entry.name} of {entry.owner} expired on {entry.expires};"
                    " mend it, or renew the entry with a reason"
                )

    def _fixed(self, summary: Summary) -> Iterable[str]:
        for entry in self._valid():
            seen = any(entry.covers(finding) for finding in summary.findings)
            if not seen and summary.clauses[entry.clause] in (Status.PASS, Status.FAIL):
                yield (
                    f"the known issue {entry.name} of {entry.owner} was not met, though the clause was"
                    " exercised; if it is mended, remove the entry"
                )


def _entry(given: Any, where: str, catalogue: Catalogue) -> KnownIssue:
    if not isinstance(given, Mapping):
        raise UsageError(f"{where} is {given!r}; begin each known issue with [[issue]]")
    if odd := sorted(set(given) - {*_REQUIRED, *_OPTIONAL}):
        known = (*_REQUIRED, *_OPTIONAL)
        raise UsageError(f"{where}: unknown key {odd[0]!r}; {advice_on(odd[0], known)}")
    if lacking := [name for name in _REQUIRED if name not in given]:
        raise UsageError(f"{where}: {lacking[0]!r} is missing; every known issue has {', '.join(_REQUIRED)}")
    texts = {name: value for name, value in given.items() if name != "expires"}
    for name, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise UsageError(f"{where}: {name!r} is {value!r}, not a text")
    expires = given["expires"]
    if isinstance(expires, datetime) or not isinstance(expires, date):
        raise UsageError(f"{where}: 'expires' is {expires!r}, not a day; write it as expires = 2027-01-31")
    if given["clause"] not in catalogue:
        advice = advice_on(given["clause"], catalogue, otherwise="factify-contract clauses lists them")
        raise UsageError(f"{where}: there is no clause {given['clause']!r}; {advice}")
    if catalogue[given["clause"]].level is Level.CHOICE:
        raise UsageError(
            f"{where}: {given['clause']!r} is a choice of the mock and never held against anyone;"
            " there is nothing to excuse, so take the issue out"
        )
    return KnownIssue(expires=expires, **texts)
