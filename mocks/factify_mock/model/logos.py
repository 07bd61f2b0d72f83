"""Logos: images recognised by their first bytes, whatever they are called."""

import re
from dataclasses import replace
from hashlib import sha256

from factify_mock.model import roles
from factify_mock.model.errors import invalid, missing
from factify_mock.model.records import Actor, Logo
from factify_mock.model.world import World

# The documents say 2 MB of raw bytes and give the number in base64 characters; this is the larger reading.
LARGEST = 2 * 1024 * 1024

_HEAD = 4096
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>)\s*)*<svg[\s>/]", re.DOTALL
)


def media_type(content: bytes) -> str | None:
    """The media type of a JPEG, PNG, WebP or SVG image; None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if _SVG.match(content[:_HEAD]) else None


def upload(world: World, actor: Actor, *, organization_id: str, content: bytes) -> Logo:
    """The image is kept; the organization's logo it becomes by an update only. For owner and admins."""
    if not content:
        raise missing("image_data", "image_data is required")
    mutants = world.settings.mutants
    if len(content) > LARGEST and "organizations.logo-unlimited" not in mutants:
        raise invalid("image_data", f"image_data has {len(content)} bytes, at most {LARGEST} are allowed")
    kind = media_type(content)
    if kind is None and "organizations.logo-of-anything" in mutants:
        kind = "image/png"
    if kind is None:
        raise invalid("image_data", "image_data is neither a JPEG, PNG or WebP image nor an SVG")
    organization = roles.require_manager(world, actor, organization_id)
    made = Logo(identity(organization_id, content), organization_id, kind, content)
    if "organizations.logo-set-by-upload" in mutants:
        shown = replace(organization, logo_image_url=f"https://logos.example/{made.id}")
        world.tables.organizations[organization_id] = shown
    return world.tables.logos.setdefault(made.id, made)


def identity(organization_id: str, content: bytes) -> str:
    """The id of a logo: equal bytes of one organization are one logo."""
    return sha256(organization_id.encode() + content).hexdigest()[:32]
