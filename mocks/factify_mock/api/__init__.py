"""The HTTP face of the mock: an ASGI application around the model."""
