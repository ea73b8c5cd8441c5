# SPDX-License-Identifier: Apache-2.0
"""What can be read of partners, messages and the state of the exchange: frozen values only."""
