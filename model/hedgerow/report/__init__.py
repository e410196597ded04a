"""Reports: results told to a reader, on the screen and as pictures.

- ``screen``, ``comparing`` and ``explanation`` write to the terminal.
- ``words`` puts differences in words and numbers.
- ``tables`` tidies the tables of a run for the figures.
- ``draw`` and ``comparison`` choose the figures of a run and of a comparison, and title them.

To add a picture to what a command draws, add the figure to ``hedgerow.figures``, its table here,
and one call.
"""
