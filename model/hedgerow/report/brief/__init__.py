"""The brief: one page a person can act on, made of the tables of a run, a comparison or a sweep.

This room turns results into one HTML file that opens offline. It runs no rule of its own: numbers
come from ``hedgerow.runs`` and ``hedgerow.analysis``, pictures from ``hedgerow.figures``, words from
``hedgerow.wording``. From the bottom up:

- ``workbook`` holds the tables and marks every number in a sentence with the cell it was read from;
  ``page`` says what a page is made of.
- ``sentences`` says what a table supports, and no more; ``changes`` does so of one scenario,
  ``doubts`` of what becomes of an answer when its assumptions move (``leaning`` repeats it so).
- ``findings`` has what pages are made of, which everything above reads.
- ``sections`` has what pages of one and of two scenarios share; ``rankings`` and ``drivers`` are
  sections of a sweep's page, with ``effects``, ``boxes`` and ``charts``; ``limits`` says what the model cannot say.
- ``single``, ``paired`` and ``swept`` each fill a workbook and tell one kind of result as a
  :class:`~.page.Page`; ``subject`` finds out what a reader named.
- ``origin`` says where the numbers come from; ``strip`` draws intervals as small pictures with real
  text; ``html`` writes the page.

To add a part to a page, write a function that returns a :class:`~.page.Section` and name it in
``single``, ``paired`` or ``swept``. A number may enter a sentence only through the workbook.
"""
