# SPDX-License-Identifier: Apache-2.0
"""The forms in which releases arrive, one module each, and what is told from their outside.

Each reader turns text into a `received.ReceivedFeed` and knows nothing of the others; `feed`
chooses among them. None of them ever opens a file or a connection.
"""
