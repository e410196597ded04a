"""Runs: the one maker of batches, and what is done with what they leave.

:mod:`~hedgerow.runs.folder` writes and reads a results folder, :mod:`~hedgerow.runs.tables` turns what
runs kept into Arrow tables, :mod:`~hedgerow.runs.summary` reads outcomes as medians and intervals,
:mod:`~hedgerow.runs.posterior` draws parameters, :mod:`~hedgerow.runs.identity` says what a result is.
"""
