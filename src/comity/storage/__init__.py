# SPDX-License-Identifier: Apache-2.0
"""Content too large for the database: kept once, encrypted, and verified whenever it is read."""
