# SPDX-License-Identifier: Apache-2.0
"""Evidence as the API sends and takes it; what is sent are `documents`, as commands print them."""
