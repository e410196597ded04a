"""The rules of the model, one family a file, each a pure function of rows.

A rule is arithmetic on rows, written once: Python calls it with arrays ``(runs, rows)`` for any
rows, a phase's kernel with the numbers of one row (:mod:`hedgerow.core.compiled`). Beside the rows
it takes its numbers and its draws; it changes nothing. Where a decision is a sum, the rule returns
its named terms, so that what is explained is what was computed. Each file names its sources:
sections M01 .. M24 of the design's MECHANISMS and ids of ``facts.csv``.
"""
