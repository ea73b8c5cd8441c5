# SPDX-License-Identifier: Apache-2.0
"""Work done later, written down in the same transaction as its cause: a wall around the queue."""
