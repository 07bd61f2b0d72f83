"""The caller's own account with the Python SDK."""


def test_user_is_told_who_he_is_and_where_he_belongs(member, factify):
    me = member.users.get_me().result

    assert (me.user.id, me.user.email) == (factify.member.user_id, factify.member.email)
    assert [organization.id for organization in me.organizations] == [factify.organization_id]


def test_preferences_tell_how_far_the_introduction_got(member):
    preferences = member.user_preferences.get().result

    assert isinstance(preferences.has_completed_document_tour, bool)
    assert isinstance(preferences.has_completed_hub_onboarding, bool)


def test_api_key_is_nobody(sdk, factify, refusal):
    key = sdk(factify.api_key.secret)

    assert refusal(key.users.get_me) == ("permission_denied", "insufficient_permissions")
    assert refusal(key.user_preferences.get) == ("permission_denied", "insufficient_permissions")
