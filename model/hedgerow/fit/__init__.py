"""Fit to the record: targets, calibration, validation, and what the record cannot say.

``targets.toml`` holds what was observed, :mod:`hedgerow.fit.patterns` reads the same from a
ledger, :mod:`hedgerow.fit.calibration` finds the parameters that agree with it, and
:mod:`hedgerow.fit.validation` says how well. To add a pattern, add a function to
``patterns.STATISTICS`` and an entry to the target file; nothing else changes.
"""
