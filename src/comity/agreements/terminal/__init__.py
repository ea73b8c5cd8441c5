# SPDX-License-Identifier: Apache-2.0
"""The commands `comity agreements …` and `comity determine …`, which need no node.

`words` holds what can be typed; what a command does is in the module named for its subject.
"""

from comity.agreements.terminal.words import add_commands, in_node

__all__ = ["add_commands", "in_node"]
