"""The self-test on the console: a progress line on a terminal, one plain line a mutant elsewhere."""

from rich.console import Console
from rich.status import Status as Spinner
from rich.text import Text

from factify_contract.report.wording import one_line
from factify_contract.selftest.kill_table import Control, KillTable, Row, Verdict

_STYLES = {
    Verdict.KILLED: "green",
    Verdict.MISNAMED: "bold yellow",
    Verdict.SURVIVED: "bold red",
    Verdict.ERROR: "bold red",
}


class Progress:
    """Prints results as they come. Mutable: it counts."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spinner: Spinner | None = None
        self._total = 0
        self._done = 0

    def begin(self, total: int) -> None:
        """The number of mutants is known."""
        self._total = total
        self._line(f"{total} mutants, and the control: the same judge on an implementation without any")

    def tell(self, part: Row | Control) -> None:
        """A mutant, or the control, was judged. On a terminal killed ones only move the progress line."""
        if isinstance(part, Control):
            self._control(part)
            return
        self._done += 1
        if self._console.is_terminal:
            self._spin(f"{self._done}/{self._total}  {part.mutant.name}")
            if part.verdict is Verdict.KILLED:
                return
        line = Text(f"{part.verdict.value:<9}", style=_STYLES[part.verdict])
        line.append(f" {part.mutant.name}  {part.mutant.breaks}  {part.seconds:.1f} s", style="default")
        self._console.print(line, soft_wrap=True)
        if part.verdict is not Verdict.KILLED:
            self._line(f"          {part.mutant.sentence}")
            self._line(f"          found instead: {', '.join(part.clauses) or 'nothing'}; {part.reason}")

    def finish(self, table: KillTable) -> None:
        """The last line."""
        self.close()
        self._line(table.line, "bold green" if table.word == "PASS" else "bold red")

    def close(self) -> None:
        """Takes the progress line away."""
        if self._spinner is not None:
            self._spinner.stop()
            self._spinner = None

    def _control(self, control: Control) -> None:
        for finding in control.findings:
            self._line(f"false alarm without any mutant: {finding}", "bold red")
        if control.reason:
            self._line(f"the control broke: {control.reason}", "bold red")
        if not control.findings and not control.reason:
            self._line(f"control   nothing found in {control.told} stories, {control.requests} requests")

    def _spin(self, text: str) -> None:
        if self._spinner is None:
            self._spinner = self._console.status(Text(text))
            self._spinner.start()
        else:
            self._spinner.update(Text(text))

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(Text(one_line(text), style=style), soft_wrap=True)
