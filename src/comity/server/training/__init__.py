# SPDX-License-Identifier: Apache-2.0
"""The training node: made-up officers, and a first story told with the real register."""
