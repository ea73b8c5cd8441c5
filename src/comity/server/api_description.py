# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says beyond the endpoints: problems, and the frame's headers.

Plain: takes the description that the endpoints gave and returns it completed.
"""

from __future__ import annotations

from typing import Any

from comity.server.problems import CONTENT_TYPE

# Any in this module: parts of an OpenAPI document, which is JSON.

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal or a failure, after RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "remedy", "fields", "correlation"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "description": "The permanent code of the error."},
        "title": {"type": "string", "description": "What kind of refusal it is."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What stood in the way."},
        "remedy": {"type": "string", "description": "The next act."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "The facts in the detail, for programs.",
        },
        "correlation": {"type": "string", "description": "Finds the line in the node's log."},
    },
}
PROBLEM_RESPONSE: dict[str, Any] = {
    "description": "A refusal or a failure.",
    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": (
        "Any text of your own. The same request with the same key is carried out once and"
        " answered with the same bytes for a day."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
IF_NONE_MATCH: dict[str, Any] = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of what you have: answered 304 when nothing has changed.",
    "schema": {"type": "string"},
}


def complete(described: dict[str, Any]) -> dict[str, Any]:
    """The description with problems and the frame's headers at every operation."""
    described["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    for methods in described["paths"].values():
        for method, operation in methods.items():
            operation["responses"]["default"] = PROBLEM_RESPONSE
            for parameter in operation["parameters"]:
                # An endpoint gives it a default in order to refuse its absence in our words.
                parameter["required"] |= parameter["name"] == "If-Match"
            if method == "post":
                _add(operation, IDEMPOTENCY_KEY)
            if method == "get":
                _add(operation, IF_NONE_MATCH)
                operation["responses"][304] = {"description": "You have it already."}
    return described


def _add(operation: dict[str, Any], parameter: dict[str, Any]) -> None:
    known = {(p["in"], p["name"]) for p in operation["parameters"]}
    if (parameter["in"], parameter["name"]) not in known:
        operation["parameters"].append(parameter)
