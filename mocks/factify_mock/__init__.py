"""The accused: a stateful mock server of the Factify API, driven by the OpenAPI document."""
