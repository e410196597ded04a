"""The seminar room on screens: a class plays :mod:`hedgerow.seminar` in browsers.

``roomfile`` opens the file on disk, ``rows`` and ``roomstore`` read and write it, ``takeup`` makes a room of
what it holds. ``register`` and ``room`` know who is who, ``movelog`` takes moves down, ``playing`` lets the model
play a quarter out, ``lifetime`` opens, closes and deletes, and ``clock`` is the time they share. ``rooms`` is the
service that joins these, and ``pages`` and ``wire`` are the ways in. Only ``pages`` and what it draws know the web.
"""
