"""The model itself: arrays, rules, the order of a month and what is recorded.

This room knows NumPy, SciPy's special functions, Numba and pydantic, and nothing of tables, Mesa or
plots; it writes no file but Numba's cache. An agent is a row of the arrays in
:mod:`hedgerow.core.world`; a rule is a pure function of rows in :mod:`hedgerow.core.rules`;
:mod:`hedgerow.core.phases` applies the rules in the order of a month; :mod:`hedgerow.core.tape`
holds every random draw; :mod:`hedgerow.core.compiled` makes it quick.

To add a rule: write a function of rows and mark it ``@rule``, give its numbers a home in
:mod:`hedgerow.core.parameters`, and call it from the phase whose variables it changes. A policy is a
class in :mod:`hedgerow.core.levers`, an outcome a declaration in :mod:`hedgerow.core.outcomes`.
"""
