"""Hypothesis without memory: values depend on nothing but the seed, and no files stay behind."""

import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from hypothesis import configuration
from hypothesis.internal.charmap import charmap_file
from hypothesis.internal.conjecture.choice import choice_permitted
from hypothesis.internal.conjecture.providers import (
    AVAILABLE_PROVIDERS,
    GLOBAL_CONSTANTS,
    HypothesisProvider,
)

NAME = "factify-steady"


class SteadyProvider(HypothesisProvider):
    """Hypothesis' own provider, without the constants that it picks up from whatever modules are loaded.

    Those would make the requests of a run depend on who else is imported in the process.
    """

    def _maybe_draw_constant(self, choice_type: Any, constraints: Any, *, p: float = 0.05) -> Any:
        if self._random is None or self._random.random() > p:
            return None
        allowed = [value for value in _constants(choice_type) if choice_permitted(value, constraints)]
        return self._random.choice(allowed) if allowed else None


@cache
def _constants(choice_type: Any) -> tuple[Any, ...]:
    return tuple(GLOBAL_CONSTANTS.set_for_type(choice_type))


@contextmanager
def traceless() -> Iterator[None]:
    """Meanwhile hypothesis keeps its caches in a folder of their own, which is gone afterwards.

    Otherwise it would leave `.hypothesis` in whatever folder the user is in.
    """
    before = vars(configuration).get("__hypothesis_home_directory")
    with tempfile.TemporaryDirectory(prefix="factify-contract-") as folder:
        configuration.set_hypothesis_home_dir(folder)
        _tell_what_utf_8_can_write()
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


def _tell_what_utf_8_can_write() -> None:
    """Puts a table into the caches that hypothesis would find by trying every character, for seconds."""
    path = charmap_file("codec-v2-utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(path, "wb", mtime=1) as file:
        file.write(json.dumps(UTF_8).encode())


# Ranges of what can be encoded, and of what does not come back the same: all but the surrogates, and none.
UTF_8: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([(0, 0xD7FF), (0xE000, 0x10FFFF)], [])

AVAILABLE_PROVIDERS[NAME] = f"{__name__}.{SteadyProvider.__name__}"
