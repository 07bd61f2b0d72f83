"""Cleans up after a run that could not do it itself, from the ledger that it left."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from factify_contract.errors import UsageError
from factify_contract.preflight import greet, introduce
from factify_contract.profile import Profile
from factify_contract.safety.cleanup import Cleaner, Leftovers
from factify_contract.safety.guard import Guard
from factify_contract.safety.ledger import Ledger
from factify_contract.spec import Document
from factify_contract.target import Target
from factify_contract.transport import checked_url


def clean_up(
    ledger_file: Path,
    profile_file: Path,
    *,
    url: str | None = None,
    spec: Path | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Leftovers:
    """Takes back what the run of the ledger has made; a second time there is nothing left to do.

    UsageError when ledger or profile cannot be used, or are about different targets and no `url` says
    which is meant; TargetUnreachable when nothing answers. The profile's budget of requests holds.
    """
    profile = Profile.load(profile_file)
    document = Document.load(spec)
    ledger = Ledger.open(ledger_file)
    try:
        profile = _aimed(profile, ledger, url)
        with Target(profile) as target:
            guard = Guard(profile.budget)
            target.transport.guard = guard
            introduction = introduce(target, greet(target, document))
            for warning in introduction.warnings:
                tell(warning)
            guard.keep(ledger)
            return Cleaner(introduction.target, document, guard, ledger).clear()
    finally:
        ledger.close()


def _aimed(profile: Profile, ledger: Ledger, url: str | None) -> Profile:
    header = ledger.header
    address = checked_url(url) if url else profile.base_url
    if url is None and address != header.target:
        raise UsageError(
            f"the ledger is about {header.target}, and the profile about {address};"
            " name the one that is meant as the last argument"
        )
    return replace(
        profile, base_url=address, organization_id=header.organization_id or profile.organization_id
    )
