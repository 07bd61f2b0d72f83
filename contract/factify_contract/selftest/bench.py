"""Judges one mutant at a time on an implementation that is running."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from factify_contract.clauses import Catalogue, Level
from factify_contract.engine import PROPERTIES, SCENARIOS, Options, Run
from factify_contract.errors import ContractError
from factify_contract.events import Event, FindingMade
from factify_contract.profile import HttpAdapter, Profile
from factify_contract.properties import run_properties
from factify_contract.scenarios.story import Story
from factify_contract.selftest.kill_table import Control, Row, Verdict
from factify_contract.selftest.mutants import Mutant
from factify_contract.selftest.probing import Probe, probe
from factify_contract.spec import Document
from factify_contract.summary import Outcome, Summary
from factify_contract.target import Target


@dataclass(frozen=True, slots=True)
class Bench:
    """Where mutants are judged: `ready` is the ready line of the implementation, worlds of which break."""

    ready: Mapping[str, Any]
    document: Document
    catalogue: Catalogue
    stories: Sequence[Story]
    seed: int
    clock: Callable[[], float] = time.perf_counter

    def judge(self, mutant: Mutant) -> Row:
        """What the judge says of a world with the mutant; an ERROR row when it can't say anything."""
        clause = self.catalogue.get(mutant.breaks)
        if clause is None or clause.level is Level.CHOICE:
            what = "is not in the catalogue" if clause is None else "is a choice, which nobody can break"
            return Row(mutant, Verdict.ERROR, {}, 0, 0, reason=f"clause {mutant.breaks!r} {what}")
        where = probe(clause, self.stories, self.catalogue)
        began = self.clock()
        try:
            summary, findings = self._run(where, [mutant.name])
        except ContractError as error:
            return Row(mutant, Verdict.ERROR, {}, 0, 0, reason=str(error), seconds=self.clock() - began)
        return _row(mutant, summary, findings, self.clock() - began)

    def control(self, mutants: Sequence[Mutant]) -> Control:
        """What the judge says of worlds without mutants, wherever it looks for one of these."""
        began = self.clock()
        clauses = (self.catalogue.get(mutant.breaks) for mutant in mutants)
        probes = [probe(each, self.stories, self.catalogue) for each in dict.fromkeys(clauses) if each]
        told = {story.id for each in probes for story in each.stories}
        stories = tuple(story for story in self.stories if story.id in told)
        operations = sorted({operation for each in probes for operation in each.operations})
        try:
            summary, findings = self._run(Probe(stories, tuple(operations)), [])
        except ContractError as error:
            return Control((), 0, 0, str(error), self.clock() - began)
        alarms = [f"{each.finding.clause} ({each.story}): {each.finding.actual}" for each in findings]
        broken = [each for each in summary.stories if each.status.word == "error"]
        reason = f"{broken[0].id}: {broken[0].reason}" if broken else ""
        return Control(alarms, len(summary.stories), summary.requests, reason, self.clock() - began)

    def _run(self, where: Probe, mutants: Sequence[str]) -> tuple[Summary, list[FindingMade]]:
        findings: list[FindingMade] = []

        def note(event: Event) -> None:
            if isinstance(event, FindingMade):
                findings.append(event)

        phases = (SCENARIOS, PROPERTIES) if where.operations else (SCENARIOS,)
        with Target(_profile(self.ready, mutants)) as target:
            run = Run(
                target,
                self.document,
                self.catalogue,
                where.stories,
                Options(seed=self.seed, phases=phases),
                emit=note,
                clock=self.clock,
                properties=partial(run_properties, operations=frozenset(where.operations)),
            )
            return run.execute(), findings


def _profile(ready: Mapping[str, Any], mutants: Sequence[str]) -> Profile:
    """The implementation, whose new worlds have the mutants."""
    profile = Profile.from_ready_line(ready)
    sandbox = profile.adapters.get("sandbox")
    if not isinstance(sandbox, HttpAdapter):
        raise ContractError("the implementation offers no control plane, so its worlds cannot be broken")
    broken = replace(sandbox, body={"mutants": list(mutants)})
    return replace(profile, adapters={**profile.adapters, "sandbox": broken})


def _row(mutant: Mutant, summary: Summary, findings: Sequence[FindingMade], seconds: float) -> Row:
    where: dict[str, dict[str, None]] = {}
    for each in findings:
        where.setdefault(each.finding.clause, {})[each.story] = None
    own = next((each.finding for each in findings if each.finding.clause == mutant.breaks), None)
    if own is not None:
        verdict, reason = Verdict.KILLED, ""
    elif findings:
        verdict, reason = Verdict.MISNAMED, _why_not(mutant, summary)
    else:
        is_broken = summary.outcome is Outcome.ERROR
        verdict, reason = Verdict.ERROR if is_broken else Verdict.SURVIVED, _why_not(mutant, summary)
    return Row(
        mutant,
        verdict,
        {clause: tuple(where[clause]) for clause in sorted(where)},
        len(summary.stories),
        summary.requests,
        own.expected if own else "",
        own.actual if own else "",
        reason,
        seconds,
    )


def _why_not(mutant: Mutant, summary: Summary) -> str:
    """What the run said of the clause that it did not find broken."""
    status = summary.clauses.get(mutant.breaks)
    told = [summary.reasons.get(mutant.breaks, ""), *(each.reason for each in summary.stories)]
    why = next((each for each in told if each), "")
    return f"{mutant.breaks}: {status.word if status is not None else 'unknown'}" + (
        f"; {why}" if why else ""
    )
