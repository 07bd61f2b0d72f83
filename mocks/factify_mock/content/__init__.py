"""What lies in an uploaded file: text with its structure and place, sheets, looks; no state and no HTTP."""

from factify_mock.content.records import Unreadable, bundle_of, check

__all__ = ["Unreadable", "bundle_of", "check"]
