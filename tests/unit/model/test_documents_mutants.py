"""Each deliberate defect breaks the rule it names, and the rule holds without it."""

from contextlib import suppress

import pytest

from factify_mock.model import access_requests, documents, listing, permissions, sharing, timeline, versions
from factify_mock.model.errors import DomainError
from factify_mock.model.sharing import Wish


class Stage:
    """A cast with one document of its owner, and the calls that the probes below are made of."""

    def __init__(self, cast, upload):
        self.cast, self.world, self.upload = cast, cast.world, upload
        self.owner, self.member, self.outsider = cast.owner, cast.member, cast.outsider
        self.document = documents.create(
            self.world, self.owner, cast.now, upload=upload, title="B", access_level="organization"
        )
        self.id = self.document.id

    def share(self, recipient, role, actor=None):
        (outcome,) = sharing.grant(
            self.world,
            actor or self.owner,
            self.cast.now,
            document_id=self.id,
            wishes=[Wish(recipient, role)],
        )
        return outcome.error is None

    def trash(self, actor=None):
        documents.trash(self.world, actor or self.owner, self.cast.now, document_id=self.id)

    def untrash(self):
        self.cast.passes(hours=1)
        documents.untrash(self.world, self.owner, self.cast.now, document_id=self.id)

    def now(self):
        return documents.get(self.world, self.owner, document_id=self.id)

    def sees(self, actor):
        document = self.world.tables.documents[self.id]
        return permissions.role_on(self.world, actor, document) is not None

    def titles(self, sort=listing.NEWEST_FIRST, **filters):
        order = listing.order(self.world, self.owner, sort)
        found = listing.select(
            self.world,
            self.owner,
            self.cast.now,
            filters=listing.Filters(**filters),
            sorted_by=order,
        )
        return [each.title for each in found]

    def request(self):
        return access_requests.create(
            self.world, self.outsider, self.cast.now, document_id=self.id, permission="view"
        )


def untrash_restores_no_grant(stage):
    stage.share(stage.outsider.id, "viewer")
    stage.trash()
    stage.untrash()
    return not stage.sees(stage.outsider)


def untrash_opens_nothing(stage):
    stage.trash()
    stage.untrash()
    return not stage.sees(stage.member)


def revoke_takes_access(stage):
    stage.share(stage.outsider.id, "viewer")
    sharing.revoke(
        stage.world, stage.owner, stage.cast.now, document_id=stage.id, recipient_id=stage.outsider.id
    )
    return not stage.sees(stage.outsider)


def collaborator_makes_no_admin(stage):
    stage.share(stage.outsider.id, "collaborator")
    return not stage.share(stage.cast.invitee.id, "admin", stage.outsider)


def trash_revokes_grants(stage):
    stage.share(stage.outsider.id, "viewer")
    stage.trash()
    return not stage.sees(stage.outsider)


def trash_closes_general_access(stage):
    stage.trash()
    return not stage.sees(stage.member)


def trashed_document_is_unlisted(stage):
    stage.trash()
    return stage.titles() == []


def trashed_document_is_still_there(stage):
    stage.trash()
    return stage.titles(trash_states=frozenset({"trashed"})) == ["B"]


def viewer_cannot_trash(stage):
    with suppress(DomainError):
        stage.trash(stage.member)
    return stage.titles() == ["B"]


def untrash_lists_again(stage):
    stage.trash()
    stage.untrash()
    return stage.titles() == ["B"]


def untrash_clears_trashed_at(stage):
    stage.trash()
    stage.untrash()
    return stage.now().trashed_at is None


def update_is_kept(stage):
    changes = {"title": "C"}
    documents.update(stage.world, stage.owner, stage.cast.now, document_id=stage.id, changes=changes)
    return stage.now().title == "C"


def viewer_cannot_write(stage):
    changes = {"title": "C"}
    with suppress(DomainError):
        documents.update(stage.world, stage.member, stage.cast.now, document_id=stage.id, changes=changes)
    return stage.now().title == "B"


def outsider_reads_nothing(stage):
    return not stage.sees(stage.outsider)


def default_opens_to_the_organization(stage):
    made = documents.create(stage.world, stage.owner, stage.cast.now, upload=stage.upload, title="A")
    return made.access_level == "organization"


def filters_filter(stage):
    return stage.titles(query="other") == []


def sort_sorts(stage):
    documents.create(stage.world, stage.owner, stage.cast.now, upload=stage.upload, title="A")
    documents.create(stage.world, stage.owner, stage.cast.now, upload=stage.upload, title="C")
    return stage.titles("name") == ["A", "B", "C"]


def new_version_is_current(stage):
    made = versions.create(
        stage.world, stage.owner, stage.cast.now, document_id=stage.id, upload=stage.upload
    )
    return stage.now().current_version_id == made.id


def strangers_inherit_nothing(stage):
    with suppress(DomainError):
        documents.transfer(
            stage.world, stage.owner, stage.cast.now, document_id=stage.id, new_owner_id=stage.outsider.id
        )
    return stage.now().owner_id == stage.owner.id


def approval_gives_access(stage):
    request = stage.request()
    access_requests.approve(
        stage.world, stage.owner, stage.cast.now, document_id=stage.id, request_id=request.id
    )
    return stage.sees(stage.outsider)


def denial_gives_nothing(stage):
    request = stage.request()
    access_requests.deny(
        stage.world, stage.owner, stage.cast.now, document_id=stage.id, request_id=request.id
    )
    return not stage.sees(stage.outsider)


def viewer_sees_own_events_only(stage):
    return timeline.read(stage.world, stage.member, document_id=stage.id) == []


RULES = {
    "sharing.untrash-restores-grants": untrash_restores_no_grant,
    "sharing.untrash-restores-general-access": untrash_opens_nothing,
    "sharing.revoke-does-nothing": revoke_takes_access,
    "sharing.role-ceiling-missing": collaborator_makes_no_admin,
    "trash.keeps-grants": trash_revokes_grants,
    "trash.general-access-stays": trash_closes_general_access,
    "trash.still-listed": trashed_document_is_unlisted,
    "trash.deletes-document": trashed_document_is_still_there,
    "trash.anyone-may-trash": viewer_cannot_trash,
    "trash.untrash-does-nothing": untrash_lists_again,
    "trash.untrash-keeps-trashed-at": untrash_clears_trashed_at,
    "documents.update-not-persisted": update_is_kept,
    "documents.viewer-may-write": viewer_cannot_write,
    "documents.cross-tenant-read": outsider_reads_nothing,
    "documents.default-access-private": default_opens_to_the_organization,
    "documents.filter-ignored": filters_filter,
    "documents.sort-ignored": sort_sorts,
    "versions.not-current": new_version_is_current,
    "transfer.to-anyone": strangers_inherit_nothing,
    "access-requests.approve-grants-nothing": approval_gives_access,
    "access-requests.deny-grants": denial_gives_nothing,
    "timeline.shows-everything": viewer_sees_own_events_only,
}


@pytest.mark.parametrize("mutant", RULES)
def test_rule_holds_without_the_defect_and_not_with_it(make_cast, make_upload, mutant):
    holds = RULES[mutant]

    assert holds(Stage(make_cast(), make_upload()))
    assert not holds(Stage(make_cast(mutant), make_upload()))
