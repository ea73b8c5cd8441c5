# SPDX-License-Identifier: Apache-2.0
"""Pages of the exchange: partners, the ledger, one message, the queue, alarms, letters."""
