# SPDX-License-Identifier: Apache-2.0
"""The conformance kit: numbered checks of any node against the specification of the exchange.

The kit plays a partner (`tester`) whose card the node under test has accepted, speaks to its port
as any partner does (`subject`), and also as none should (`checks`). It needs no node of its own.
"""
