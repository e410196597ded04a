"""Mutations: what becomes of good input, each drawn from a case's chance alone.

====================  ====================================================================
:mod:`.values`        values that nobody expects, and values next to one that is good
:mod:`.trees`         tables in tables, as TOML and JSON hold them
:mod:`.texts`         lines, characters and bytes of a file
:mod:`.tables`        Parquet files: columns, types, rows, metadata
:mod:`.files`         a file gone, or a link, a pipe, a folder or a device in its place
:mod:`.bases`         SQLite files: rows, schema, pages
====================  ====================================================================
"""
