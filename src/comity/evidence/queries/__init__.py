# SPDX-License-Identifier: Apache-2.0
"""What is known of evidence, as values: one module for each concern."""
