"""The run on the console: a line per suite, progress on a terminal, findings and verdict at the end."""

from collections import Counter

from rich.console import Console
from rich.status import Status as Spinner
from rich.text import Text

from factify_contract.clauses import Catalogue, Level
from factify_contract.events import (
    Event,
    ExchangeDone,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    StoryFinished,
    StoryStarted,
    Warned,
)
from factify_contract.findings import Status
from factify_contract.report.replay_files import Replaying
from factify_contract.report.suites import SuiteSoFar, speaks_for_itself
from factify_contract.report.wording import files_named, finding_lines, one_line, replay_lines
from factify_contract.summary import Outcome, Summary

_STYLES = {
    Status.PASS: "green",
    Status.FAIL: "bold red",
    Status.ERROR: "bold red",
    Status.INCONCLUSIVE: "yellow",
    Status.NOT_EXERCISED: "yellow",
    Status.UNKNOWN: "dim",
}
_VERDICT_STYLES = {Outcome.PASS: "bold green", Outcome.FAIL: "bold red", Outcome.ERROR: "bold red"}
# More than this hides the beginning of the output; the reports have all of it.
_MOST_NAMED = 12


class ConsoleReport:
    """Prints the run as it goes. Mutable: it counts for the progress line, and for the line of a suite.

    Stories that passed, or were not told, are only counted, unless it is `verbose`. With `replaying`, it
    says of findings that have a file how they are played again.
    """

    def __init__(
        self,
        console: Console,
        catalogue: Catalogue,
        *,
        verbose: bool = False,
        replaying: Replaying | None = None,
    ) -> None:
        self._console = console
        self._catalogue = catalogue
        self._verbose = verbose
        self._replaying = replaying
        self._replayable: set[str] = set()
        self._suite: SuiteSoFar | None = None
        self._suites: set[str] = set()
        self._spinner: Spinner | None = None
        self._phase = ""
        self._total: int | None = None
        self._done = 0
        self._requests = 0

    def receive(self, event: Event) -> None:
        """Prints what the event calls for."""
        match event:
            case RunStarted():
                self._line(f"Judging {event.target} by {event.document}, seed {event.seed}")
            case PhaseStarted(phase=phase, total=total):
                self._phase, self._total, self._done = phase, total, 0
                self._suites.clear()
                self._line(f"\n{phase}", "bold")
            case StoryStarted(suite=suite, title=title):
                if self._suite is not None and self._suite.name != suite:
                    self._end_suite()
                self._progress(title)
            case ExchangeDone():
                self._requests += 1
            case FindingMade(finding=finding, replay=replay):
                if replay is not None:
                    self._replayable.add(finding.fingerprint)
            case StoryFinished():
                self._done += 1
                self._story(event)
            case PhaseFinished():
                self._end_suite()
            case Warned(message=message):
                self._line(f"  note: {one_line(message)}", "yellow")
            case RunFinished(summary=summary):
                self.close()
                self._end_suite()
                self._finish(summary)
            case _:
                pass

    def close(self) -> None:
        """Takes the progress line away, also when the run was cut short."""
        if self._spinner is not None:
            self._spinner.stop()
            self._spinner = None

    def _progress(self, title: str) -> None:
        if not self._console.is_terminal:
            return
        counted = f"{self._done + 1}/{self._total}" if self._total else str(self._done + 1)
        shown = Text(f"{self._phase} {counted}  {title}  ({self._requests} requests)")
        if self._spinner is None:
            self._spinner = self._console.status(shown)
            self._spinner.start()
        else:
            self._spinner.update(shown)

    def _story(self, event: StoryFinished) -> None:
        if self._suite is None:
            self._suite = SuiteSoFar(event.suite, is_more=event.suite in self._suites)
            self._suites.add(event.suite)
        self._suite.take(event)
        if self._verbose or speaks_for_itself(event):
            self._status(event.status, f"{event.suite}: {event.title}")
            if event.reason:
                self._aside(event.reason)

    def _end_suite(self) -> None:
        """Says what the suite came to, once."""
        suite, self._suite = self._suite, None
        if suite is None or self._verbose:
            return
        self._status(suite.status, f"{suite.name:<18} {suite.counted}")
        for reason in suite.reasons():
            self._aside(reason)

    def _status(self, status: Status, text: str) -> None:
        line = Text(f"  {status.word:<13} ", style=_STYLES[status])
        line.append(one_line(text), style="default")
        self._console.print(line, soft_wrap=True)

    def _aside(self, text: str) -> None:
        self._line(f"                {one_line(text)}", "dim")

    def _finish(self, summary: Summary) -> None:
        self._findings(summary)
        self._open_clauses(summary)
        findings = ", ".join(f"{count} {level}" for level, count in summary.finding_counts.items())
        self._line(f"\nclauses:  {self._clauses(summary)}")
        if summary.excused:
            findings += f", {len(summary.excused)} known"
        self._line(f"findings: {findings}")
        self._line(f"requests: {summary.requests} in {summary.elapsed:.1f} s, seed {summary.seed}")
        for sentence in summary.stale:
            self._line(one_line(sentence), "bold red")
        if not summary.findings and not summary.stale and summary.outcome is Outcome.FAIL:
            self._line("nothing could be exercised, so nothing is proved", "bold red")
        for reason, count in _errors(summary).items():
            stories = "1 story" if count == 1 else f"{count} stories"
            self._line(f"{stories} ended in error: {one_line(reason)}", "bold red")
        if summary.interrupted:
            self._line(f"the run ended early: {one_line(summary.interrupted)}", "bold red")
        self._line(summary.outcome.value, _VERDICT_STYLES[summary.outcome])

    def _clauses(self, summary: Summary) -> str:
        """How many there are of each status, worst first; choices, which are never judged, by themselves."""
        levels = {name: self._catalogue[name].level for name in summary.clauses}
        judged = Counter(
            status for name, status in summary.clauses.items() if levels[name] is not Level.CHOICE
        )
        counts = [f"{judged[status]} {status.word}" for status in sorted(judged, reverse=True)]
        if choices := len(levels) - judged.total():
            counts.append(f"{choices} choice{'s' if choices > 1 else ''}")
        return ", ".join(counts)

    def _findings(self, summary: Summary) -> None:
        for number, finding in enumerate(summary.findings, start=1):
            times = summary.occurrences[finding.fingerprint]
            first, *rest = finding_lines(finding, self._catalogue, occurrences=times)
            self._line(f"\n{number}. {first}", "bold red" if summary.is_failure(finding) else "bold yellow")
            if excuse := summary.excused.get(finding.fingerprint):
                self._line(f"  known      {one_line(excuse)}")
            for line in rest:
                self._line(line)
            if commands := replay_lines(finding):
                self._line("  send the last step again, with FACTIFY_URL and the tokens in the environment")
                if files := files_named(commands[-1:]):
                    self._line(f"    # {files}")
                self._line(commands[-1])
            if self._replaying is not None and finding.fingerprint in self._replayable:
                self._line("  play all of it again")
                self._line(f"    {one_line(self._replaying.command(finding))}")

    def _open_clauses(self, summary: Summary) -> None:
        waiting: dict[str, list[str]] = {}
        for clause, reason in summary.reasons.items():
            waiting.setdefault(reason, []).append(clause)
        if waiting:
            self._line("\nnot exercised", "bold")
        for reason, clauses in waiting.items():
            more = f" and {len(clauses) - _MOST_NAMED} more" if len(clauses) > _MOST_NAMED else ""
            self._line(f"  {one_line(reason)}: {', '.join(clauses[:_MOST_NAMED])}{more}")

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style), soft_wrap=True)


def _errors(summary: Summary) -> Counter[str]:
    """How many stories broke off for a reason that is not the target's."""
    return Counter(story.reason for story in summary.stories if story.status is Status.ERROR)
