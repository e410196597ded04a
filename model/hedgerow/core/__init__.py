"""The model itself: arrays, rules, the order of a month and what is recorded.

This room knows NumPy, SciPy's element-wise functions and pydantic, and nothing of files,
Mesa, tables or plots. An agent is a row of the arrays in :mod:`hedgerow.core.world`; a rule is a
pure function of rows in :mod:`hedgerow.core.rules`; :mod:`hedgerow.core.phases` applies the rules
in the order of a month; :mod:`hedgerow.core.tape` holds every random draw.

To add a rule: write a function of rows, give its numbers a home in
:mod:`hedgerow.core.parameters`, and call it from the phase whose variables it changes.
"""
