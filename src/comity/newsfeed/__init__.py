# SPDX-License-Identifier: Apache-2.0
"""Public announcements read in, proposed to the register, and published.

`feed` turns what was received into articles, `extraction` says what an article announces, each
fact with its evidence in the text, and `proposal` holds that against the register. A person
decides; nothing here confirms force.
"""
