"""Defects of quotas and usage."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from factify_mock.model.quotas import LARGEST
from factify_mock.mutants.bends import (
    OTHER_ORGANIZATION,
    changes,
    edits,
    open_to_strangers,
    overlooks,
    puts,
    turns_round,
)
from factify_mock.mutants.mutant import Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _period_turned_round(call: "Call", body: Json) -> Json:
    quota = body["quota"]
    quota["period_start"], quota["reset_at"] = quota["reset_at"], quota["period_start"]
    return body


def _available_is_limit(call: "Call", body: Json) -> Json:
    return {**body, "available": body["limit"]}


def _much_available(call: "Call", body: Json) -> Json:
    return body if body["limit"] else {**body, "available": LARGEST}


def _a_week_earlier(call: "Call", body: Json) -> Json:
    first = call.query.get("date.after")
    if first is not None:
        day = date.fromisoformat(first[:10]) - timedelta(days=7)
        body["daily_usage"].insert(0, {"date": day.isoformat(), "request_count": 0})
    return body


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "quota.key-limit-not-enforced",
        "request-quota.key-enforced",
        "A key goes on working after it used up its limit.",
    ),
    Mutant(
        "quota.organization-not-enforced",
        "request-quota.org-enforced",
        "An organization's requests go on after they are used up.",
    ),
    Mutant(
        "quota.wrong-code",
        "request-quota.refusal-code",
        "A request over a quota is refused as failed_precondition.",
    ),
    Mutant(
        "quota.wrong-reason",
        "request-quota.refusal-reason",
        "A refusal for quota gives the reason precondition_failed.",
    ),
    Mutant(
        "quota.off-by-one",
        "request-quota.key-not-early",
        "The last request of a quota is refused.",
    ),
    Mutant(
        "quota.one-too-many",
        "request-quota.key-enforced",
        "One request more than the quota is answered.",
    ),
    Mutant(
        "quota.counts-other-keys",
        "request-quota.key-not-early",
        "A key's limit is used up by whatever its organization does.",
    ),
    Mutant(
        "quota.key-escapes-organization",
        "request-quota.key-independent",
        "A key with a limit of its own is not stopped by its organization's.",
    ),
    Mutant(
        "quota.delete-keeps-limit",
        "request-quota.key-delete-works-again",
        "Removing a key's limit leaves it in force.",
    ),
    Mutant(
        "quota.remaining-wrong",
        "request-quota.org-remaining",
        "What remains is always the whole limit.",
    ),
    Mutant(
        "quota.never-resets",
        "request-quota.org-resets",
        "A new month goes on counting where the last one ended.",
    ),
    Mutant(
        "quota.documents-unlimited",
        "document-quota.full-refused",
        "Documents can be created over the quota.",
    ),
    Mutant(
        "quota.trashed-documents-free",
        "document-quota.trashed-counts",
        "A document in the trash no longer counts as used.",
    ),
    Mutant(
        "quota.default-is-another",
        "request-quota.org-own-by-default",
        "Without an organization the quota of the youngest one is answered.",
    ),
    Mutant(
        "quota.names-own",
        "request-quota.org-named",
        "The quota names another organization than the one that was asked for.",
        puts("getOrganizationQuota", "quota.organization_id", OTHER_ORGANIZATION),
    ),
    Mutant(
        "quota.stranger-may-read",
        "request-quota.org-others-refused",
        "The quota of an organization is shown to anybody.",
        open_to_strangers("getOrganizationQuota"),
    ),
    Mutant(
        "quota.percent-of-the-rest",
        "request-quota.org-percent",
        "The percentage is that of what remains.",
        changes("getOrganizationQuota", "quota.usage_percent", lambda percent: 100 - percent),
    ),
    Mutant(
        "quota.exceeded-from-the-start",
        "request-quota.org-exceeded-flag",
        "A quota with requests left is called exceeded.",
        puts("getOrganizationQuota", "quota.is_exceeded", True),
    ),
    Mutant(
        "quota.resets-before-it-begins",
        "request-quota.org-period",
        "A quota resets before its period begins.",
        edits("getOrganizationQuota", by=_period_turned_round),
    ),
    Mutant(
        "quota.limit-not-effective",
        "request-quota.org-effective-limit",
        "The limit of the free tier is shown whatever limit was set.",
    ),
    Mutant(
        "quota.usage-stands-still",
        "request-quota.org-usage-grows",
        "The usage of an organization is always shown as it was at first.",
        puts("getOrganizationQuota", "quota.current_usage", 0),
    ),
    Mutant(
        "quota.organization-two-too-few",
        "request-quota.org-not-early",
        "The last two requests of an organization's quota are refused.",
    ),
    Mutant(
        "quota.never-exceeded",
        "request-quota.org-exceeded-reported",
        "A quota that refuses requests is not called exceeded.",
        puts("getOrganizationQuota", "quota.is_exceeded", False),
    ),
    Mutant(
        "quota.key-limit-rounded-up",
        "request-quota.key-set",
        "A key's limit is rounded up to tens.",
    ),
    Mutant(
        "quota.first-key-limit-stays",
        "request-quota.key-set-again",
        "A key's limit that was set once stays, whatever is set later.",
    ),
    Mutant(
        "quota.key-limit-of-nothing",
        "request-quota.key-limit-positive",
        "A key's limit can be nothing.",
        overlooks("setAPIKeyQuota", "limit minimum", "limit exclusiveMinimum"),
    ),
    Mutant(
        "quota.limited-not-listed",
        "request-quota.key-listed",
        "Keys with a limit are not listed.",
    ),
    Mutant(
        "quota.key-remaining-wrong",
        "request-quota.key-remaining",
        "What remains to a key is one request more than it is.",
        changes("setAPIKeyQuota", "quota.remaining", lambda remaining: remaining + 1),
    ),
    Mutant(
        "quota.key-exceeded-from-the-start",
        "request-quota.key-exceeded-flag",
        "A key that just got a limit is called exceeded.",
        puts("setAPIKeyQuota", "quota.is_exceeded", True),
    ),
    Mutant(
        "quota.key-usage-stands-still",
        "request-quota.key-usage-grows",
        "The usage of keys is always shown as it was at first.",
        puts("listAPIKeyQuotas", "quotas[].current_usage", 0),
    ),
    Mutant(
        "quota.key-never-exceeded",
        "request-quota.key-exceeded-reported",
        "A key that is refused for its limit is not called exceeded.",
        puts("listAPIKeyQuotas", "quotas[].is_exceeded", False),
    ),
    Mutant(
        "quota.key-stops-organization",
        "request-quota.key-leaves-organization",
        "A key that used up its limit stops its whole organization.",
    ),
    Mutant(
        "quota.used-up-stays-used-up",
        "request-quota.key-raised-works",
        "The limit of a key that used it up can't be raised.",
    ),
    Mutant(
        "quota.key-limit-never-lowered",
        "request-quota.key-lowered-stops",
        "The limit of a key can only be raised.",
    ),
    Mutant(
        "quota.delete-answers-quota",
        "request-quota.key-delete-empty",
        "Removing a key's limit answers with a quota.",
        puts("deleteAPIKeyQuota", "quota", {}),
    ),
    Mutant(
        "quota.removed-limit-listed",
        "request-quota.key-delete-unlists",
        "A removed limit is listed as the largest number there is.",
    ),
    Mutant(
        "quota.documents-not-counted",
        "document-quota.used-grows",
        "A new document is not counted until there is a newer one.",
    ),
    Mutant(
        "quota.restored-counts-twice",
        "document-quota.restore-counts-once",
        "A restored document counts once more.",
    ),
    Mutant(
        "quota.available-is-limit",
        "document-quota.available",
        "All documents of the limit are always available.",
        edits("getDocumentQuota", by=_available_is_limit),
    ),
    Mutant(
        "quota.unlimited-available",
        "document-quota.unlimited-available",
        "Without a limit the largest number there is counts as available.",
        edits("getDocumentQuota", by=_much_available),
    ),
    Mutant(
        "quota.zero-means-none",
        "document-quota.unlimited",
        "A limit of 0 means that no document can be created.",
    ),
    Mutant(
        "quota.last-document-refused",
        "document-quota.last-one-fits",
        "The last document of a quota is refused.",
    ),
    Mutant(
        "quota.full-stays-full",
        "document-quota.raised-works",
        "A quota that was full once stays full, however it is raised.",
    ),
    Mutant(
        "quota.counts-all-documents",
        "document-quota.own-organization",
        "The documents of other organizations count as well.",
    ),
    Mutant(
        "usage.of-another",
        "usage.names-organization",
        "The history names another organization.",
        puts("getUsageHistory", "organization_id", OTHER_ORGANIZATION),
    ),
    Mutant(
        "usage.a-week-more",
        "usage.days-inside-range",
        "The history begins a week before the range that was asked for.",
        edits("getUsageHistory", by=_a_week_earlier),
    ),
    Mutant(
        "usage.range-turned-round",
        "timestamps.usage-range-order",
        "A range of days that ends before it begins is turned round.",
        turns_round("getUsageHistory", "date"),
    ),
    Mutant(
        "usage.total-of-all-time",
        "usage.total-is-sum",
        "The total of a history is that of another range.",
        changes("getUsageHistory", "total_requests", lambda total: total + 1),
    ),
)
