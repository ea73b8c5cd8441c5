# SPDX-License-Identifier: Apache-2.0
"""What the bodies of the HTTPS binding are called."""

FRAMES = "application/vnd.comity.frames"
"""Sealed frames, each with its length before it (`framing`)."""
SEGMENTS = "application/vnd.comity.segments"
"""A part's sealed segments, as they lie."""
JSON = "application/json"
PROBLEM = "application/problem+json"
NOTHING = "application/octet-stream"
"""Of a request without a body, which signs its content type as well."""
