# SPDX-License-Identifier: Apache-2.0
"""Forms of evidence: what an officer gives; what follows from it is decided in services."""
