# SPDX-License-Identifier: Apache-2.0
"""How dates and times are written out in each language, with the time zone."""
