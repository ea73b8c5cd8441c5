# SPDX-License-Identifier: Apache-2.0
"""Comity: one customs administration's side of mutual administrative assistance."""

__version__ = "0.1.0"
