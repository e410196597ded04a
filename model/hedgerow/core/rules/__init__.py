"""The rules of the model, one family a file, each a pure function of rows.

A rule takes arrays ``(runs, rows)`` for any rows, its numbers and its draws, and returns arrays; it
changes nothing. Where a decision is a sum, the rule returns its named terms, so that what is
explained is what was computed. Each file names its sources: sections M01 .. M24 of the design's
MECHANISMS and ids of ``facts.csv``.
"""
