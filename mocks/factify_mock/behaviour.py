"""How a world behaves, in the words of the control plane and of snapshots."""

from dataclasses import asdict, replace
from typing import Any

from factify_contract.errors import advice_on
from factify_mock.model.errors import invalid
from factify_mock.model.rates import RateLimits
from factify_mock.model.variants import Variants
from factify_mock.model.world import Settings
from factify_mock.mutants import MUTANTS
from factify_mock.variants import UnknownVariant, chosen, resolved

RateLimitWords = bool | dict[str, int]


def words_of(settings: Settings) -> dict[str, Any]:
    """The settings, complete."""
    return {
        "processing_seconds": settings.processing_seconds,
        "mutants": sorted(settings.mutants),
        "variants": chosen(settings.variants),
        "rate_limits": rate_limit_words(settings.rate_limits),
        "legacy": settings.is_legacy,
    }


def settings_of(words: dict[str, Any], base: Settings) -> Settings:
    """The settings that the words ask for; what they do not mention is as in `base`.

    A DomainError names a mutant or a variant that there is not.
    """
    settings = base
    if "processing_seconds" in words:
        settings = replace(settings, processing_seconds=words["processing_seconds"])
    if "mutants" in words:
        settings = replace(settings, mutants=_known_mutants(words["mutants"]))
    if "variants" in words:
        settings = replace(settings, variants=_variants(words["variants"], settings.variants))
    if "rate_limits" in words:
        settings = replace(settings, rate_limits=rate_limits_of(words["rate_limits"]))
    if "legacy" in words:
        settings = replace(settings, is_legacy=words["legacy"])
    return settings


def rate_limits_of(words: RateLimitWords) -> RateLimits | None:
    """True means the documented limits, false none; an object gives numbers, of which any may be left out."""
    if isinstance(words, dict):
        return RateLimits(**words)
    return RateLimits() if words else None


def rate_limit_words(limits: RateLimits | None) -> RateLimitWords:
    """The limits as numbers; false for none."""
    return False if limits is None else asdict(limits)


def _known_mutants(names: list[str]) -> frozenset[str]:
    for name in names:
        if name not in MUTANTS:
            advice = advice_on(name[:100], MUTANTS, otherwise="`factify-mock mutants` lists them")
            raise invalid("mutants", f"There is no mutant {name[:100]!r}; {advice}")
    return frozenset(names)


def _variants(choices: dict[str, str], base: Variants) -> Variants:
    try:
        return resolved(choices, base)
    except UnknownVariant as error:
        raise invalid("variants", str(error)) from error
