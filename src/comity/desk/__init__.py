# SPDX-License-Identifier: Apache-2.0
"""Pages that combine capabilities: an officer's desk, the components, the journal's pages."""
