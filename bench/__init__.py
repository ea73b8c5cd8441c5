# SPDX-License-Identifier: Apache-2.0
"""Measurements: each figure is a ratio, in one run, beside a named peer or a physical limit."""
