"""Wording: how one finding is put in words and numbers, for screen, page, figure and analysis alike.

A finding is an estimate and its interval. What it is called, how it is rounded and what its
interval supports is decided here and nowhere else; whole sentences stand in ``hedgerow.analysis``
(findings of a sweep) and ``hedgerow.report`` (pages and the terminal), and are made of these.

- ``numbers`` writes numbers, shares, differences and intervals.
- ``verdicts`` says which way an interval points, if any.
- ``names`` puts donors, outcomes and lists into a sentence.
- ``terms`` puts the terms of an explanation in words.

To add a way of writing, add a function here rather than a format where it is used.
"""
