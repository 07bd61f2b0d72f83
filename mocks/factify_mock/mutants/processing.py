"""Defects of what is made from the files of versions: processing, records, exports, duplicates."""

from factify_mock.mutants.bends import OTHER_DOCUMENT, open_to_strangers, puts
from factify_mock.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "processing.never-ends",
        "processing.ends",
        "A version stays in processing for a hundred years.",
    ),
    Mutant(
        "processing.corrupt-ready",
        "processing.unreadable-fails",
        "Processing a file that can't be opened ends in ready.",
    ),
    Mutant(
        "processing.repeats-itself",
        "processing.outcome-completed",
        "A version that is ready is processed again.",
    ),
    Mutant(
        "processing.starts-twice",
        "processing.outcome-running",
        "A version in processing is started once more.",
    ),
    Mutant(
        "processing.oldest-by-default",
        "processing.default-version",
        "Without a version the oldest one is processed.",
    ),
    Mutant(
        "records.of-current-version",
        "processing.record-of-version",
        "The record of an older version is that of the current one.",
    ),
    Mutant(
        "records.table-as-text",
        "processing.record-one-content",
        "The record of a spreadsheet holds a document.",
    ),
    Mutant(
        "records.markdown-layout",
        "processing.record-layout-absent",
        "The record of a Markdown text has a layout.",
    ),
    Mutant(
        "export.oldest-by-default",
        "export.current-version",
        "Without a version the oldest one is exported.",
    ),
    Mutant(
        "export.ignores-version",
        "export.named-version",
        "The current version is exported, whichever was named.",
    ),
    Mutant(
        "export.headers-useless",
        "export.headers-needed",
        "The headers that come with a download address do not open it.",
    ),
    Mutant(
        "export.expired-already",
        "export.expires-later",
        "A download address says that it expired before it was given.",
    ),
    Mutant(
        "export.entry-page-expired",
        "export.entry-page-url",
        "The address of an entry page has expired when it is given.",
    ),
    Mutant(
        "duplicates.shows-hidden",
        "export.duplicates-visible",
        "Duplicates are found among documents that the caller can't see.",
    ),
    Mutant(
        "duplicates.equal-bytes-only",
        "export.duplicates-visual",
        "Only copies of the very same bytes are duplicates.",
    ),
    Mutant(
        "processing.document-left-behind",
        "processing.document-follows-current",
        "A version that is ready says that it failed, while its document says that it is ready.",
        puts("getVersion", "processing_status", "failed"),
    ),
    Mutant(
        "processing.names-another-document",
        "processing.names-version",
        "Processing answers with the id of another document.",
        puts("processDocument", "document_id", OTHER_DOCUMENT),
    ),
    Mutant(
        "export.no-address",
        "export.gives-url",
        "Export answers without an address.",
        puts("exportDocument", "url", ""),
    ),
    Mutant(
        "export.stranger-may-export",
        "export.outsider-refused",
        "Whoever knows a document's id may fetch its file.",
        open_to_strangers("exportDocument"),
    ),
    Mutant(
        "export.stranger-may-print",
        "export.outsider-refused",
        "Whoever knows a document's id may fetch its entry page.",
        open_to_strangers("generateDocumentEntryPage"),
    ),
    Mutant(
        "duplicates.everything-alike",
        "export.duplicates-different",
        "Any two documents look the same.",
    ),
)
