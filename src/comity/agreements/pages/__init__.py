# SPDX-License-Identifier: Apache-2.0
"""Pages of the register: reading it, asking it, confirming and changing what this node knows."""
