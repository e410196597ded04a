"""The seminar's game, without screens: a class plays donors and blocs of recipients, a quarter a turn.

``exercise`` reads what is played, ``seats`` what a seat may choose, ``moves`` folds accepted moves into
the state of a game, ``policies`` and ``play`` turn choices into a scenario and its rules, ``accounts``
runs it, and ``debrief`` compares the session with the model's own policy; ``records`` says what both must
hold. ``game`` holds a game together with what was shown of it and by which model, which ``identity`` names;
``replay`` writes it to its file and plays it again; ``views`` says who may see what.
:mod:`hedgerow.app.seminar` puts it on screens.
"""
