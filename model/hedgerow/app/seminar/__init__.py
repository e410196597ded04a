"""The seminar room on screens: a class plays :mod:`hedgerow.seminar` in browsers.

``roomstore`` keeps every move on disk, ``register`` and ``room`` know who is who, ``playing`` lets the
model play a quarter out, ``rooms`` is the service that joins these, and ``pages`` and ``wire`` are the
ways in. Only ``pages`` and what it draws know the web.
"""
