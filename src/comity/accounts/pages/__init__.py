# SPDX-License-Identifier: Apache-2.0
"""Pages of accounts: the own account, the administration of officers, and the gate before both."""
