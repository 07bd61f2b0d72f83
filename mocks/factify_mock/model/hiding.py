"""How it is answered that something is there, but closed to the caller."""

from factify_mock.model.errors import DomainError, forbidden, not_found
from factify_mock.model.world import World


def hidden(world: World, what: str, identifier: str) -> DomainError:
    """The thing might as well not exist, so that nobody learns what does; or it is openly forbidden."""
    if world.settings.variants.hidden_is_forbidden:
        return forbidden(f"You have no access to {what} {identifier}")
    return not_found(what, identifier)
