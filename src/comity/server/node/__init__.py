# SPDX-License-Identifier: Apache-2.0
"""A node as processes and files: making, running, examining, backing up, upgrading it.

Django is imported by `preparation` alone; everything else starts without it.
"""
