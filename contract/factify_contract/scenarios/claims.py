"""What a story states about the API: a clause kept or broken, with what was expected and what came."""

from factify_contract.clauses import Catalogue
from factify_contract.findings import Verdict, describe
from factify_contract.scenarios.record import Recorder


class Claims:
    """Notes what a story says about clauses. Mutable: `operation` is the one that was called last."""

    def __init__(self, catalogue: Catalogue, recorder: Recorder) -> None:
        self.operation: str | None = None
        self._catalogue = catalogue
        self._recorder = recorder

    def record(self, clause: str, kept: bool, *, expected: str, actual: str, operation: str | None) -> None:
        """Notes one judgement; KeyError for a clause that is not in the catalogue."""
        sentence = self._catalogue[clause].sentence
        verdict = Verdict(clause) if kept else Verdict(clause, True, sentence, expected, actual)
        self._recorder.judged(verdict, operation or self.operation)

    def holds(self, clause: str, condition: bool, *, expected: str, actual: object) -> bool:
        """Records whether the clause was kept, and goes on either way."""
        self.record(clause, condition, expected=expected, actual=describe(actual), operation=None)
        return condition

    def equals(self, clause: str, what: str, actual: object, expected: object) -> bool:
        """Records whether the clause was kept by `what` being as expected, and goes on either way."""
        return self.holds(
            clause,
            actual == expected,
            expected=f"{what}: {describe(expected)}",
            actual=f"{what}: {describe(actual)}",
        )
