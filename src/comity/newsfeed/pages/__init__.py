# SPDX-License-Identifier: Apache-2.0
"""The newsfeed's pages: cards to decide, the archive, the sources, our own feed, the rules."""
