# SPDX-License-Identifier: Apache-2.0
"""Dates and times in this language."""
