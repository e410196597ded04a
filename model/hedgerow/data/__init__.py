"""The world the model starts from: 199 states, their borders, the facts and the map.

Four modules, and none of them is imported here, so that ``import hedgerow.data`` costs nothing:

* :mod:`hedgerow.data.load` reads the shipped tables (cached, every call returns a fresh copy);
* :mod:`hedgerow.data.build` makes the shipped tables from a folder of source tables, and is run
  by hand when a source changes: ``python -m hedgerow.data.build SOURCE_DIR``;
* :mod:`hedgerow.data.impute` holds the rules that fill blanks, one per column;
* :mod:`hedgerow.data.peers` holds the two ways of borrowing a value from similar states.

Every filled cell is named in the ``imputed`` column of its row. ``SOURCES.md`` beside this file
gives the meaning, unit, year, source, licence and filling rule of each column.
"""
