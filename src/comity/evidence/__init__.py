# SPDX-License-Identifier: Apache-2.0
"""Items of evidence: their custody, conditions, certified copies, packages and whole life."""
