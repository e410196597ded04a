"""Scenario files: what they may say, how they are read, checked and placed on the world.

:mod:`~hedgerow.scenario.schema` is the shape of a file, :mod:`~hedgerow.scenario.load` reads TOML
and follows ``extends``, :mod:`~hedgerow.scenario.check` finds what no schema can,
:mod:`~hedgerow.scenario.errors` puts faults in plain words, and :mod:`~hedgerow.scenario.place`
turns scenarios into a scene and a world. :mod:`~hedgerow.scenario.rules` and
:mod:`~hedgerow.scenario.own` find what users add: rules, levers and outcomes of their own. A new key
is a field of the schema; whoever reads it decides what it does.
"""
