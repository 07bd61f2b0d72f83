"""A document made ready to be served: its router and its routes."""

from collections.abc import Sequence

from factify_contract.spec import Document, Router
from factify_mock.api.limits import Limits
from factify_mock.api.routes import Routes
from factify_mock.store.blobs import Blobs


class Edition:
    """One document; most worlds are served by the current edition, legacy ones by an older one."""

    def __init__(self, document: Document, *, blobs: Blobs, limits: Limits) -> None:
        self.document = document
        self.router = Router(document.operations.values(), prefix=document.base_path)
        self.routes = Routes(document, blobs=blobs, limits=limits)
        self.home = _home([document.base_path + operation.path for operation in document.operations.values()])


def _home(paths: Sequence[str]) -> str:
    """The folder that all paths are in; empty where there is none but the root."""
    folders = {path.split("/")[1] for path in paths if path.count("/") > 1}
    return f"/{folders.pop()}" if len(folders) == 1 else ""
