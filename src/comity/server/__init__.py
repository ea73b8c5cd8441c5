# SPDX-License-Identifier: Apache-2.0
"""The node: settings, processes, database and wiring; the parts put together.

Nothing below `server` imports it, and this module imports nothing: commands start fast.
"""
