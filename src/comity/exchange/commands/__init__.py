# SPDX-License-Identifier: Apache-2.0
"""The exchange's commands that need a node: partners, messages, keys, operation, conformance.

Each module adds its groups; `comity.server.cli` names the modules and loads what is asked for.
"""
