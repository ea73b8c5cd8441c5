# SPDX-License-Identifier: Apache-2.0
"""Officers: who they are, which roles they hold, what each role may do, how they sign in."""
