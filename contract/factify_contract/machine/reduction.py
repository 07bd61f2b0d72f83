"""Makes a script that shows a failure as short as it can; pure but for the question whether it still does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from factify_contract.machine.script import Script, coherent, is_look

# What reads most easily, and what may stand in its place without need.
_USUAL = (
    *((role, "viewer") for role in ("admin", "collaborator", "commenter")),
    *((person, "owner") for person in ("api_key", "outsider", "member", "admin")),
    *((person, "member") for person in ("invitee", "outsider", "admin")),
)


def reduced(script: Script, shows: Callable[[Script], bool], *, attempts: int) -> Script:
    """The shortest script found in so many attempts; its last step is the one that shows the failure.

    Steps are left out, the boldest cuts first, until nothing more can be left out; then rarer people and
    roles give way to usual ones.
    """
    search = _Search(script, shows, attempts)
    for cut in (_barest, _about_the_same, _without_looks):
        search.tries(cut(search.script))
    size = max(1, len(script) // 2)
    while size:
        if not any(search.tries(shorter) for shorter in _without_blocks(search.script, size)):
            size //= 2
    for value, usual in _USUAL:
        search.tries(_replaced(search.script, value, usual))
    return search.script


@dataclass(slots=True, frozen=False)
class _Search:
    """The best script so far, and how many more may be tried. Mutable."""

    script: Script
    shows: Callable[[Script], bool]
    left: int
    tried: set[Script] = field(default_factory=set)

    def tries(self, script: Script) -> bool:
        """Whether the script is another one that shows the failure; then it is the best."""
        if self.left <= 0 or script in self.tried or script == self.script:
            return False
        self.tried.add(script)
        self.left -= 1
        if self.shows(script):
            self.script = script
            return True
        return False


def _barest(script: Script) -> Script:
    """Only the last step, and what makes the thing that it is about."""
    last = script[-1]
    return (*(step for step in script[:-1] if step.makes and step.makes == last.on), last)


def _about_the_same(script: Script) -> Script:
    """Only the steps about what the last one is about, and those about nothing in particular."""
    last = script[-1]
    if not last.things:
        return script
    return coherent(step for step in script if not step.things or set(step.things) & set(last.things))


def _without_looks(script: Script) -> Script:
    """Only the steps that change something, and the last one."""
    return coherent([step for step in script[:-1] if not is_look(step)] + [script[-1]])


def _without_blocks(script: Script, size: int) -> Iterator[Script]:
    """The script without each block of so many steps before the last one, later ones first."""
    for end in range(len(script) - 1, 0, -size):
        shorter = coherent(script[: max(0, end - size)] + script[end:])
        if shorter and shorter[-1] == script[-1]:
            yield shorter


def _replaced(script: Script, value: str, usual: str) -> Script:
    """The script with the usual role or person instead; the same where that one has a part already."""
    people = {name for step in script for name in (step.by, step.whom)}
    if usual == "viewer":
        return tuple(replace(step, value=usual) if step.value == value else step for step in script)
    if usual in people:
        return script
    return tuple(
        replace(
            step,
            by=usual if step.by == value else step.by,
            whom=usual if step.whom == value else step.whom,
        )
        for step in script
    )
