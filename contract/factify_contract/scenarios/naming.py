"""Finds the clauses that a story names, so that an untold story can say what it leaves open."""

from collections.abc import Callable, Container, Iterator
from types import CodeType, FunctionType
from typing import Any


def clauses_named(tell: Callable[..., Any], known: Container[str]) -> tuple[str, ...]:
    """The known clause ids in a function's text and in the functions of ours that it calls, in order."""
    found = (text for text in _texts_of(tell, set()) if text in known)
    return tuple(dict.fromkeys(found))


def _texts_of(function: Callable[..., Any], seen: set[object]) -> Iterator[str]:
    if not isinstance(function, FunctionType) or function in seen:
        return
    seen.add(function)
    for code in _codes(function.__code__):
        yield from _texts_in(code.co_consts)
        for name in code.co_names:
            value = function.__globals__.get(name)
            if isinstance(value, FunctionType) and value.__module__.startswith(__package__):
                yield from _texts_of(value, seen)
            else:
                yield from _texts_in((value,))


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function and of the functions written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _texts_in(values: tuple[object, ...]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _texts_in(value)
