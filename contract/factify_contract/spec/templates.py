"""Path templates such as `/documents/{document_id}/files/{name}.json`."""

import re
from collections.abc import Iterator

_PARAMETER = re.compile(r"\{([^{}/]+)\}")


def split_template(template: str) -> Iterator[tuple[str, str | None]]:
    """The template as pairs of literal text and the parameter after it; the last has no parameter."""
    end = 0
    for match in _PARAMETER.finditer(template):
        yield template[end : match.start()], match[1]
        end = match.end()
    yield template[end:], None


def parameter_names(template: str) -> tuple[str, ...]:
    """The names of a template's parameters, in order."""
    return tuple(name for _, name in split_template(template) if name is not None)
