"""The OpenAPI document, compiled once: operations, router, validators, samples, formats."""

from factify_contract.spec.document import Document
from factify_contract.spec.formats import is_timestamp, is_type_id, parse_timestamp
from factify_contract.spec.instances import instance_of
from factify_contract.spec.operations import Link, MediaType, Operation, RequestBody, Response
from factify_contract.spec.parameters import Parameter
from factify_contract.spec.problems import Problem
from factify_contract.spec.router import Match, MethodNotAllowed, NoSuchPath, Router
from factify_contract.spec.samples import (
    InvalidSample,
    Sample,
    invalid_samples,
    parameter_sample,
    request_sample,
    sample,
)
from factify_contract.spec.validators import SchemaValidator

__all__ = [
    "Document",
    "InvalidSample",
    "Link",
    "Match",
    "MediaType",
    "MethodNotAllowed",
    "NoSuchPath",
    "Operation",
    "Parameter",
    "Problem",
    "RequestBody",
    "Response",
    "Router",
    "Sample",
    "SchemaValidator",
    "instance_of",
    "invalid_samples",
    "is_timestamp",
    "is_type_id",
    "parameter_sample",
    "parse_timestamp",
    "request_sample",
    "sample",
]
