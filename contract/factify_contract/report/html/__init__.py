"""report.html: the whole outcome of a run as one page that needs no network and no script to be read."""

from factify_contract.report.html.reporter import HtmlReport

__all__ = ["HtmlReport"]
