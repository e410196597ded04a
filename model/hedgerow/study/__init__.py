"""Studies: sweeps of scenarios over designs, in a store that survives anything.

``studyfile`` says what a study file may hold, ``plan`` makes a study of it, ``design`` its points,
``chunks`` what is run in what order, ``work`` does it, ``runner`` and ``sweep`` see it through, ``store``
keeps it and ``results`` reads it. ``interop`` speaks to the field's own tools.
"""
