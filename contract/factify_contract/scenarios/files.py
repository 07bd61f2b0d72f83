"""Files that come out of the API: exports, entry pages, duplicates, records and logos."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from factify_contract.scenarios.documents import read, upload_version, versions
from factify_contract.scenarios.png import png
from factify_contract.scenarios.steps import CLOSED, REFUSALS, instant
from factify_contract.scenarios.story import Answer, Api, Person, story

_JPEG = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62r"
    "Z4C8ybqmx5moq6T/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8A"
    "P//Z"
)
_WEBP = "UklGRh4AAABXRUJQVlA4TBEAAAAvAAAAAAdQoIIUsP+BiOh/AAA="
# Raw bytes; the document allows logos of 2 MB.
_TOO_LARGE = 2_200_000


@story(suite="export", title="A document is exported", needs=("owner", "outsider"), smoke=True)
def exported(api: Api) -> None:
    """The owner gets an address that is still good, for the current and for a named version."""
    document = api.new_document(access_level="private")
    first = versions(api.owner, document)[0]
    uploaded = upload_version(api, api.owner, document)
    api.require(uploaded.status == 200, f"no version could be made: {uploaded.exchange.line}")

    asked = api.owner.call("exportDocument", document_id=document["id"])
    api.require(asked.status == 200 or _is_ready(api, document), "nothing is exported before it is processed")
    answer = asked.succeeds("export.gives-url")
    api.equals("export.gives-url", "an address is given", bool(answer.get("url")), True)
    is_later = instant(answer["expires_at"]) > instant(document["created_at"])
    api.equals("export.expires-later", "expires_at lies after the creation", is_later, True)
    query = {"version_id": first}
    named = api.owner.call("exportDocument", document_id=document["id"], query=query)
    older = named.succeeds("export.named-version")
    stolen = api.outsider.call("exportDocument", document_id=document["id"])
    stolen.is_refused("export.outsider-refused", codes=CLOSED)

    query = {"version_id": uploaded.body["id"]}
    newest = api.owner.call("exportDocument", document_id=document["id"], query=query)
    answers = (answer, older, newest.succeeds("export.named-version"))
    files = [api.download(each["url"], each.get("headers")) for each in answers]
    statuses = [status for status, _ in files]
    api.equals("export.headers-needed", "status at the addresses", statuses, [200, 200, 200])
    api.require(statuses == [200, 200, 200], "the files could not be fetched")
    default, of_first, of_newest = (content for _, content in files)
    api.equals("export.named-version", "both versions are the same file", of_first == of_newest, False)
    seen = read(api.owner, document).body["document"].get("current_version") or {}
    if seen.get("id") == uploaded.body["id"] and of_first != of_newest:
        api.equals("export.current-version", "the older file is exported", default == of_first, False)
    # A stranger may have documents of his own; they are no way to the files of others.
    own = api.new_document(owner=api.outsider, access_level="private")
    query = {"version_id": first}
    stolen = api.outsider.call("exportDocument", document_id=own["id"], query=query)
    stolen.is_refused("export.outsider-refused", codes=REFUSALS)


@story(suite="export", title="An entry page is made", needs=("owner", "outsider"), smoke=True)
def entered(api: Api) -> None:
    """The owner gets an address, on a request without a body; a stranger gets none."""
    document = api.new_document(access_level="private")
    answer = api.owner.call("generateDocumentEntryPage", document_id=document["id"])
    address = answer.succeeds("export.entry-page-url").get("download_url")
    api.equals("export.entry-page-url", "an address is given", bool(address), True)
    stolen = api.outsider.call("generateDocumentEntryPage", document_id=document["id"])
    stolen.is_refused("export.outsider-refused", codes=CLOSED)
    status, content = api.download(str(address))
    api.equals("export.entry-page-url", "status at the address", status, 200)
    api.equals("export.entry-page-url", "the page is a PDF", content.startswith(b"%PDF-"), True)


def _is_ready(api: Api, document: Mapping[str, Any]) -> bool:
    """Whether the document's processing is over."""
    return bool(read(api.owner, document).body["document"]["processing_status"] == "ready")


@story(
    suite="duplicates",
    title="Documents that look the same are found",
    needs=("owner", "outsider"),
    smoke=True,
)
def duplicated(api: Api) -> None:
    """One page in three files: two are the owner's, one is a stranger's; a fourth looks different."""
    page = api.pdf(api.unique("the very same page"))
    # What follows the end of a PDF changes the file, but not its looks.
    touched = page + b"% saved again\n"

    def upload(person: Person, content: bytes) -> dict[str, Any]:
        answer = person.call(
            "createDocument",
            body={"title": api.unique("copy"), "access_level": "private"},
            files={"payload": ("page.pdf", content, "application/pdf")},
        )
        api.require(answer.status == 200, f"no document could be made: {answer.exchange.line}")
        made: dict[str, Any] = answer.body["document"]
        return made

    original, copy, foreign = upload(api.owner, page), upload(api.owner, touched), upload(api.outsider, page)
    other = upload(api.owner, api.pdf("Nothing like it", is_dark=True))

    def found_now() -> list[str]:
        answer = api.owner.call("listDocumentDuplicates", document_id=original["id"])
        items = answer.succeeds("export.duplicates-visible").get("items") or []
        return [item.get("document_id", "") for item in items]

    found = found_now()
    seen = foreign["id"] in found
    api.equals("export.duplicates-visible", "a stranger's private document is found", seen, False)
    api.equals("export.duplicates-not-self", "the document itself is found", original["id"] in found, False)
    api.require(_is_ready(api, original) and _is_ready(api, copy), "the documents are not processed yet")
    short = {"file_contents_hash": "0" * 63}
    refused = api.owner.call("listDocumentDuplicates", document_id=original["id"], query=short)
    refused.is_refused("export.duplicates-hash-length", codes=("invalid_argument",))
    found = found_now()
    api.equals("export.duplicates-visual", "the copy is found", copy["id"] in found, True)
    api.require(_is_ready(api, other), "the other document is not processed yet")
    api.equals("export.duplicates-different", "the different one is found", other["id"] in found, False)


def _record(api: Api, version_id: str) -> dict[str, Any]:
    """What was read from the version; the story ends where nothing was."""
    answer = api.owner.call("getVersionRecord", version_id=version_id)
    api.require(answer.status == 200, f"the record could not be read: {answer.exchange.line}")
    return answer.body


def _contents(record: Mapping[str, Any]) -> list[str]:
    """Which kinds of content the record holds."""
    return [name for name in ("document", "spreadsheet") if record.get(name) is not None]


@story(suite="records", title="What was read from a PDF", needs=("owner", "outsider"), smoke=True)
def recorded(api: Api) -> None:
    """Once it is ready, a version has one record, of its own text, and the same each time."""
    document = api.new_document(access_level="private", content=api.pdf("Alphabetical"))
    first = versions(api.owner, document)[0]
    stolen = api.outsider.call("getVersionRecord", version_id=first)
    stolen.is_refused("versions.outsider-refused", codes=CLOSED)
    api.require(_is_ready(api, document), "the document is not processed yet")
    answer = api.owner.call("getVersionRecord", version_id=first)
    record = answer.succeeds("processing.record-one-content")
    api.equals("processing.record-one-content", "contents of a PDF's record", _contents(record), ["document"])
    again = _record(api, first)
    api.equals("processing.record-stable", "id of the record read again", again.get("id"), record.get("id"))

    second = upload_version(api, api.owner, document, content=api.pdf("Zoological"))
    api.require(second.status == 200, f"no version could be made: {second.exchange.line}")
    api.require(_is_ready(api, document), "the second version is not processed yet")
    texts = [json.dumps(_record(api, version_id)) for version_id in (first, second.body["id"])]
    found = [("Alphabetical" in text, "Zoological" in text) for text in texts]
    api.require(any(any(words) for words in found), "no text was read from the files")
    own = [(True, False), (False, True)]
    api.equals("processing.record-of-version", "words of first and second in each record", found, own)


@story(suite="records", title="What was read from other files", needs=("owner",))
def recorded_by_format(api: Api) -> None:
    """A table makes a spreadsheet, a Markdown text a document without layout; garbage makes nothing."""

    def ready(content: bytes, file_name: str, media_type: str) -> tuple[str | None, dict[str, Any]]:
        """Format and document of an upload that is processed; no format for any other."""
        answer = api.owner.call(
            "createDocument",
            body={"title": api.unique(file_name)},
            files={"payload": (file_name, content, media_type)},
        )
        if answer.status != 200 or not _is_ready(api, answer.body["document"]):
            return None, {}
        document = read(api.owner, answer.body["document"]).body["document"]
        return document.get("source_format"), document

    form, sheet = ready(b"month,amount\nMay,12\nJune,30\n", "table.csv", "text/csv")
    if form == "csv":
        shown = _contents(_record(api, versions(api.owner, sheet)[0]))
        api.equals("processing.record-one-content", "contents of a table's record", shown, ["spreadsheet"])
    form, text = ready(b"# Minutes\n\nNothing was decided.\n", "minutes.md", "text/markdown")
    if form == "markdown":
        bundle = _record(api, versions(api.owner, text)[0]).get("document") or {}
        api.equals("processing.record-layout-absent", "layout of a Markdown text", bundle.get("layout"), None)
    form, _ = ready(b"%PDF-1.7\nthis is where it breaks off", "broken.pdf", "application/pdf")
    api.equals("processing.unreadable-fails", "format of a broken file that is ready", form, None)


def _pictures() -> dict[str, bytes]:
    """Valid images of one pixel in the other formats; each is sent under the label of another."""
    return {
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
        "JPEG": base64.b64decode(_JPEG),
        "WebP": base64.b64decode(_WEBP),
    }


@story(
    suite="organizations",
    title="An organization gets a logo",
    needs=("owner", "member", "outsider"),
    smoke=True,
)
def pictured(api: Api) -> None:
    """Uploading gives an address; only setting that address changes the organization."""

    def upload(person: Person, image: bytes) -> Answer:
        body = {"image_data": base64.b64encode(image).decode(), "content_type": "image/png"}
        return person.call("uploadOrganizationLogo", organization_id=api.organization_id, body=body)

    def logo() -> str | None:
        seen = api.owner.call("getOrganization", organization_id=api.organization_id)
        url: str | None = seen.body["organization"].get("logo_image_url")
        return url

    before = logo()
    why = "the organization has no logo, and one could not be taken away again"
    api.require(before or api.is_disposable, why)
    url = upload(api.owner, png()).succeeds("organizations.logo-upload").get("logo_url")
    api.equals("organizations.logo-upload", "an address is given", bool(url), True)
    api.equals("organizations.logo-not-set-by-upload", "logo after the upload", logo(), before)

    def choose() -> Answer:
        change = {"logo_image_url": url}
        return api.owner.call("updateOrganization", organization_id=api.organization_id, body=change)

    choose().succeeds("organizations.logo-set")
    api.equals("organizations.logo-set", "logo after setting it", logo(), url)
    seen = api.owner.call("getOrganization", organization_id=api.organization_id)
    change = {"name": seen.body["organization"]["name"]}
    named = api.owner.call("updateOrganization", organization_id=api.organization_id, body=change)
    # A change of nothing may as well be refused.
    if named.status == 200:
        kept = api.equals(
            "organizations.update-omitted-keeps", "logo after a change of the name", logo(), url
        )
        if not kept:
            choose()

    for name, picture in _pictures().items():
        answer = upload(api.owner, picture)
        answer.succeeds("organizations.logo-formats-accepted")
        is_given = bool(answer.body.get("logo_url"))
        api.equals("organizations.logo-formats-accepted", f"an address for {name}", is_given, True)
    text = upload(api.owner, b"This is no picture, whatever its label says.")
    text.is_refused("organizations.logo-formats", codes=REFUSALS)
    huge = upload(api.owner, png() + bytes(_TOO_LARGE))
    huge.is_refused("organizations.logo-size", codes=REFUSALS)
    upload(api.outsider, png()).is_refused("organizations.outsider-refused", codes=CLOSED)


@story(
    suite="organizations",
    title="A new organization has an owner",
    needs=("owner", "member", "api_key", "sandbox"),
)
def founded(api: Api) -> None:
    """Its founder; nobody founds one for somebody else, and a key has to name a person."""
    name = api.unique("founded")
    answer = api.owner.call("createOrganization", body={"name": name})
    api.require(answer.status == 200, f"founding is not open to users: {answer.exchange.line}")
    made = answer.body["organization"]
    api.equals("organizations.create-makes-owner", "name", made["name"], name)
    listing = api.owner.call("listOrganizationMembers", organization_id=made["id"])
    roles = {each["user"]["id"]: each["role"] for each in listing.body.get("items") or []}
    api.equals("organizations.create-makes-owner", "members", roles, {api.owner.user_id: "owner"})

    imposed = {"name": api.unique("imposed"), "owner_user_id": api.member.user_id}
    for_other = api.owner.call("createOrganization", body=imposed)
    for_other.is_refused("organizations.create-for-other-refused", codes=REFUSALS)
    ownerless = api.key.call("createOrganization", body={"name": api.unique("ownerless")})
    ownerless.is_refused("organizations.create-by-key-needs-owner", codes=REFUSALS)
