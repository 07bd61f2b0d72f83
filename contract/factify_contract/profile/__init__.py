"""How a target is described: the profile file, and what its address, people and adapters are."""

from factify_contract.profile.adapters import (
    Adapter,
    CommandAdapter,
    HttpAdapter,
    PromptAdapter,
    PythonAdapter,
    checked_template,
)
from factify_contract.profile.model import Budget, IdentityProfile, Profile
from factify_contract.profile.schema import ADAPTERS, API_KEY, EVERYWHERE, IDENTITIES, PLACEHOLDERS, USERS
from factify_contract.profile.tokens import TokenSource

__all__ = [
    "ADAPTERS",
    "API_KEY",
    "EVERYWHERE",
    "IDENTITIES",
    "PLACEHOLDERS",
    "USERS",
    "Adapter",
    "Budget",
    "CommandAdapter",
    "HttpAdapter",
    "IdentityProfile",
    "Profile",
    "PromptAdapter",
    "PythonAdapter",
    "TokenSource",
    "checked_template",
]
