"""One handler per operation, found by its operationId."""

from factify_mock.api.call import Handler
from factify_mock.api.handlers import (
    access_requests,
    api_keys,
    documents,
    files,
    invites,
    members,
    organizations,
    policies,
    sharing,
    timeline,
    usage,
    users,
    versions,
)

HANDLERS: dict[str, Handler] = {
    **access_requests.HANDLERS,
    **api_keys.HANDLERS,
    **documents.HANDLERS,
    **files.HANDLERS,
    **invites.HANDLERS,
    **members.HANDLERS,
    **organizations.HANDLERS,
    **policies.HANDLERS,
    **sharing.HANDLERS,
    **timeline.HANDLERS,
    **usage.HANDLERS,
    **users.HANDLERS,
    **versions.HANDLERS,
}
