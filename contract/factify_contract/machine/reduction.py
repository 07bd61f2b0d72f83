"""Makes a script that shows a failure as short as it can; pure but for the question whether it still does."""

from collections.abc import Callable, Iterator

from factify_contract.machine.script import Script, coherent, is_look


def reduced(script: Script, shows: Callable[[Script], bool], *, attempts: int) -> Script:
    """The shortest script found in so many attempts; its last step is the one that shows the failure.

    Steps are left out, the boldest cuts first, until nothing more can be left out.
    """
    tried: set[Script] = {script}
    left = attempts
    for cut in (_about_the_same, _without_looks):
        shorter = cut(script)
        if shorter not in tried and left > 0:
            tried.add(shorter)
            left -= 1
            script = shorter if shows(shorter) else script
    size = max(1, len(script) // 2)
    while left > 0:
        for shorter in _without_blocks(script, size):
            if shorter in tried or left <= 0:
                continue
            tried.add(shorter)
            left -= 1
            if shows(shorter):
                script = shorter
                size = min(size, max(1, len(script) // 2))
                break
        else:
            if size == 1:
                break
            size //= 2
    return script


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
