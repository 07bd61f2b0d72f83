"""Fixtures for all tests: pytester runs pytest inside a test, with the plugin as it is installed."""

pytest_plugins = ["pytester"]
