# SPDX-License-Identifier: Apache-2.0
"""The bindings: how envelopes and evidences travel. Nothing above knows which one carried them."""
