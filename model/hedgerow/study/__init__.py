"""Experiments: running scenarios many times, keeping the results, and studying them.

:mod:`~hedgerow.study.simulate` runs batches, :mod:`~hedgerow.study.tables` turns what they kept
into Arrow tables, :mod:`~hedgerow.study.folder` writes and reads a results folder,
:mod:`~hedgerow.study.summary` reads outcomes as medians and intervals. A new analysis is a module
that takes tidy tables and returns tidy tables.
"""
