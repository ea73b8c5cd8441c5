# SPDX-License-Identifier: Apache-2.0
"""Bytes that can be trusted: keys, signatures, encryption, canonical JSON, Merkle trees.

The one home of the cryptographic libraries. Their exceptions never leave it: what does not
fit is a `VerificationError`, what cannot be read an `InvalidInputError`.
"""
