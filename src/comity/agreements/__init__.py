# SPDX-License-Identifier: Apache-2.0
"""The register of customs-cooperation instruments, and what each of them allows."""
