"""The seminar room: a class plays donors and blocs of recipients, a quarter a turn.

``exercise`` reads what is played, ``seats`` what a seat may choose, ``game`` folds accepted moves
into the state of a room, ``play`` turns choices into a scenario and runs it, ``views`` says who may
see what, ``store`` keeps every move on disk, ``rooms`` is the service that joins these, ``debrief``
compares the session with the model's own policy, and ``pages`` and ``wire`` are the ways in.
Only ``pages`` knows the web; all below it can be tested without.
"""
