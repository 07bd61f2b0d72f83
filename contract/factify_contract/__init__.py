"""The judge: knows the OpenAPI document, the clause catalogue and HTTP, and never the mock."""
