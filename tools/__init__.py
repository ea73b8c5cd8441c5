# SPDX-License-Identifier: Apache-2.0
"""What developers run: set-up, reference, catalogues, vendored assets. Nothing here is shipped."""
