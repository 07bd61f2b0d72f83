"""The reference says of every capability what the rules make of it."""

import re
from pathlib import Path

from factify_contract.capabilities import CAPABILITIES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "certificate.md"


def test_capabilities_are_named_as_essential_or_optional():
    text = PAGE.read_text(encoding="utf-8")
    [essential] = re.findall(r"^\*Essential\* .*$", text, re.MULTILINE)
    [optional] = re.findall(r"^\*Optional\* .*$", text, re.MULTILINE)

    for line, is_essential in ((essential, True), (optional, False)):
        named = set(re.findall(r"`(\w+)`", line))
        assert named == {
            one.name for one in CAPABILITIES.values() if one.operations and one.essential is is_essential
        }
