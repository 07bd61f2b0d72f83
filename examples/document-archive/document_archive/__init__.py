"""An archive of files, kept in Factify."""

from document_archive.client import Archive, ArchiveError, Busy, Entry, Full, NotThere, NotYours, Unshared

__all__ = ["Archive", "ArchiveError", "Busy", "Entry", "Full", "NotThere", "NotYours", "Unshared"]
