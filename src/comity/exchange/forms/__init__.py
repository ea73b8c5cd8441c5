# SPDX-License-Identifier: Apache-2.0
"""Forms of the exchange. They check shape only; what may be done is decided in services."""
