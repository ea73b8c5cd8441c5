# SPDX-License-Identifier: Apache-2.0
"""Names and codes that everybody uses: countries, groups of states, taxonomy."""
