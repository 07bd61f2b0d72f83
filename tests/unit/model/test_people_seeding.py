"""A seeded world: the same for the same origin, as old as it says, and complete."""

from datetime import UTC, datetime

from factify_mock.model import roles, users
from factify_mock.model.clock import Clock
from factify_mock.model.ids import Ids
from factify_mock.model.seeding import FOUNDED, seed_world
from factify_mock.model.world import World

LATER = datetime(2031, 7, 1, tzinfo=UTC)


def new_world(seed=7):
    return World("wld_1", seed, Clock(lambda: LATER), Ids(str(seed)))


def test_equal_origins_give_equal_worlds_at_any_time():
    first, second = new_world(), new_world()

    assert seed_world(first, LATER) == seed_world(second, datetime(2027, 1, 1, tzinfo=UTC))
    assert first.tables == second.tables


def test_world_of_an_earlier_time_is_not_older_than_it_seems():
    early = datetime(2020, 1, 1, tzinfo=UTC)
    world = new_world()

    seeded = seed_world(world, early)

    assert world.tables.organizations[seeded.organization_id].created_at == early
    assert seed_world(new_world(), LATER).owner.created_at == FOUNDED


def test_everybody_stands_where_the_name_says():
    world = new_world()
    seeded = seed_world(world, LATER)

    def role(user, organization_id=seeded.organization_id):
        return roles.role_of(world, users.actor_of(world, user.id), organization_id)

    standing = [role(each) for each in (seeded.owner, seeded.admin, seeded.member, seeded.outsider)]
    assert standing == ["owner", "admin", "member", None]
    assert role(seeded.outsider, seeded.other_organization_id) == "owner"
    assert users.organizations_of(world, seeded.invitee.id) == []
    assert len(seeded.policy_ids) == 3
    assert {world.tables.policies[each].organization_id for each in seeded.policy_ids} == {
        seeded.organization_id
    }
    assert world.tables.key_by_secret[seeded.api_key_secret] == seeded.api_key_id


def test_copied_tables_do_not_feel_later_changes():
    world = new_world()
    seed_world(world, LATER)
    snapshot = world.tables.copy()

    users.create(world, LATER, email="late@comer.example", name="Late")
    world.tables.organizations_of.clear()
    world.tables.members.clear()

    untouched = new_world()
    seed_world(untouched, LATER)
    assert snapshot == untouched.tables
