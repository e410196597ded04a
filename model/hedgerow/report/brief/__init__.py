"""The brief: one page a person can act on, made of the tables of a run, a comparison or a sweep.

This room turns results into one HTML file that opens offline. It runs no rule of its own: numbers
come from ``hedgerow.study`` and ``hedgerow.analysis``, pictures from ``hedgerow.figures``.

- ``subject`` finds out what a reader named: a scenario, two, or a folder of results.
- ``single``, ``paired`` and ``swept`` each tell one kind of result as a :class:`~.page.Page`;
  ``shared`` holds the parts they have in common.
- ``sentences`` says what a table supports, and no more; ``book`` holds the tables and marks every
  number in a sentence with the cell it was read from.
- ``leaning`` repeats an answer with its key assumptions moved to the ends of their ranges;
  ``doubts`` says what becomes of it.
- ``rankings``, ``drivers``, ``boxes`` and ``charts`` are parts of a sweep's page; ``alone`` has the
  sentences on one scenario.
- ``origin`` says where the numbers come from; ``limits`` what the model cannot say.
- ``strip`` draws intervals as small pictures with real text; ``html`` writes the page.

To add a part to a page, write a function that returns a :class:`~.page.Part` and name it in
``single``, ``paired`` or ``swept``. A number may enter a sentence only through the book.
"""
