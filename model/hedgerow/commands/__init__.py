"""Commands with a file of their own; :mod:`hedgerow.cli` lists them.

A command is a thin function: it reads its options, calls the room that does the work, and prints.
To add one, write ``commands/<name>.py`` and register it at the end of ``cli.py``.
"""
