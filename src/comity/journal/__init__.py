# SPDX-License-Identifier: Apache-2.0
"""The append-only record of every act: who, in which role, what, on what, under which article."""
