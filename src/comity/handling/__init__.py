# SPDX-License-Identifier: Apache-2.0
"""Who may see, use and keep what: the markings that travel with information, and their algebra."""
