"""Reports: results told to a reader, on the screen, as pictures and as pages.

- ``screen``, ``comparing``, ``explanation`` and ``fitting`` write to the terminal.
- ``tables`` tidies the tables of a run or a comparison for the figures.
- ``draw`` and ``comparison`` choose the figures of a run and of a comparison, and title them;
  ``maps`` has what all their maps say alike.
- ``brief`` makes pages.

Words and numbers come from :mod:`hedgerow.wording`. To add a picture to what a command draws, add
the figure to ``hedgerow.figures``, its table here, and one call.
"""
