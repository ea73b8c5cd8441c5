# SPDX-License-Identifier: Apache-2.0
"""Partners, envelopes, evidences, and their delivery between the administrations' own nodes."""
