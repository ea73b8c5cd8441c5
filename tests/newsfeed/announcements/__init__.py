# SPDX-License-Identifier: Apache-2.0
"""Test announcements that the rules of extraction have never seen, and the scorer that uses them.

They measure the rules, so they are kept apart from them: whoever writes the grammars and the texts
here does not read `comity.newsfeed.extraction`, and whoever writes rules does not read this folder
and never tunes a rule to one of its sentences. Otherwise the figures would say only how well the
rules know their own examples. Set A is generated from grammars; set B was written by hand.
"""
