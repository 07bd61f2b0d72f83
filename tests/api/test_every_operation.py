"""No operation of the shipped document is served from a sample."""

from factify_mock.api.handlers import HANDLERS


def test_every_operation_has_a_handler_and_every_handler_an_operation(document):
    assert set(HANDLERS) == set(document.operations)
    assert len(HANDLERS) == 59
