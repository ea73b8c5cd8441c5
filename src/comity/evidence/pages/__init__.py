# SPDX-License-Identifier: Apache-2.0
"""Pages of evidence: items, case files, copies, packages, duties, the end of items, the seal."""
