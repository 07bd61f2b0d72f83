"""No operation of the Python SDK is left out of the stories in this folder.

The SDK raises on whatever is not the documented success, so a call that stands in a test by itself, and not
where an error is expected, has succeeded when the test has.
"""

import ast
import re
from collections.abc import Iterator
from inspect import getsource, isfunction
from pathlib import Path

from factify import Factify as Sdk
from factify.basesdk import BaseSDK

HERE = Path(__file__).parent

# What the SDK asks at paths, or expects in words, of the generation it was made from.
ONLY_IN_LEGACY_WORLDS = {
    "getDocumentTimeline",
    "getGeneralAccess",
    "inspectDocumentAccess",
    "setGeneralAccess",
}
LEGACY_FIXTURES = frozenset({"legacy_world", "elder"})


def resources(owner: BaseSDK) -> Iterator[tuple[str, type]]:
    """The resources below a client, by the name of the attribute that leads to each."""
    for name in {*getattr(owner, "_sub_sdk_map", ()), *vars(owner)} - {"parent_ref"}:
        resource = getattr(owner, name)
        if isinstance(resource, BaseSDK):
            yield name, type(resource)
            yield from resources(resource)


def operations() -> dict[tuple[str, str], str]:
    """The operation behind each method of the SDK, by the names of its resource and of itself."""
    found = {}
    for resource, owner in resources(Sdk(bearer_auth="")):
        for name, method in vars(owner).items():
            if isfunction(method) and not name.endswith("_async"):
                for operation in re.findall(r'operation_id="(\w+)"', getsource(method)):
                    found[resource, name] = operation
    return found


def calls(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The last two names of every call below `node`, but not where an error is awaited."""
    if isinstance(node, ast.With) and "pytest.raises" in ast.unparse(node.items[0]):
        return
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=resource), attr=method)):
            yield resource, method
    for child in ast.iter_child_nodes(node):
        yield from calls(child)


def called(*, fixtures: frozenset[str] = frozenset()) -> set[str]:
    """The operations that succeed in the tests, or in those that take one of the fixtures."""
    known = operations()
    return {
        known[call]
        for path in HERE.glob("test_*.py")
        for function in ast.parse(path.read_text()).body
        if isinstance(function, ast.FunctionDef)
        and (not fixtures or fixtures & {argument.arg for argument in function.args.args})
        for call in calls(function)
        if call in known
    }


def test_every_operation_of_the_sdk_succeeds_in_a_story():
    everything = set(operations().values())

    assert len(everything) == 55
    assert everything - called() == set()


def test_legacy_worlds_serve_what_the_sdk_expects_of_its_own_generation():
    assert called(fixtures=LEGACY_FIXTURES) >= ONLY_IN_LEGACY_WORLDS
