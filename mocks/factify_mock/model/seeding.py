"""What a new world holds before the first call: two organizations, five people, a key and some policies."""

from dataclasses import dataclass
from datetime import UTC, datetime

from factify_mock.model import api_keys, members, organizations, users
from factify_mock.model.records import Policy, User
from factify_mock.model.world import World

# Seeded records are as old as this, so that they are the same whenever a world is made.
FOUNDED = datetime(2026, 1, 5, 9, tzinfo=UTC)

_POLICIES = ("Newsletter sign-up", "Investor contact form", "Partner registration")


@dataclass(frozen=True, slots=True)
class Seeded:
    """The people and things of a seeded world; each person holds the role of its name.

    `outsider` owns another organization, `invitee` belongs to none.
    """

    organization_id: str
    other_organization_id: str
    owner: User
    admin: User
    member: User
    outsider: User
    invitee: User
    api_key_id: str
    api_key_secret: str
    policy_ids: tuple[str, ...]


def seed_world(world: World, now: datetime) -> Seeded:
    """Fills an empty world; equal ids sources give equal worlds."""
    founded = min(FOUNDED, now)
    owner = _person(world, founded, "owner@northwind.example", "Olivia", "Berg")
    admin = _person(world, founded, "admin@northwind.example", "Amir", "Haddad")
    member = _person(world, founded, "member@northwind.example", "Mina", "Okafor")
    outsider = _person(world, founded, "outsider@southgate.example", "Oscar", "Lind")
    invitee = _person(world, founded, "invitee@mailbox.example", "Ines", "Duarte")
    home = organizations.found(world, founded, name="Northwind Archive", owner_id=owner.id)
    other = organizations.found(world, founded, name="Southgate Press", owner_id=outsider.id)
    for user, role in ((admin, "admin"), (member, "member")):
        members.join(world, founded, organization_id=home.id, user_id=user.id, role=role)
    maker = users.actor_of(world, owner.id)
    key = api_keys.create(world, maker, founded, organization_id=home.id, name="Archive sync")
    policies = [Policy(world.ids.new("pol"), home.id, name, founded) for name in _POLICIES]
    world.tables.policies.update((each.id, each) for each in policies)
    policy_ids = tuple(each.id for each in policies)
    return Seeded(home.id, other.id, owner, admin, member, outsider, invitee, key.id, key.secret, policy_ids)


def _person(world: World, now: datetime, email: str, given_name: str, family_name: str) -> User:
    name = f"{given_name} {family_name}"
    return users.create(world, now, email=email, name=name, given_name=given_name, family_name=family_name)
