"""The bench: how fast the model runs on the machine at hand, measured in one sitting.

- ``contests`` says what is raced: Mesa's own runner (``rival``), the engine and the draws alone
  (``engine``). To race something else, add a :class:`~bench.contests.Contest` there.
- ``growth`` measures how cost grows with runs, months, recipients and donors, the latter two in
  the made-up worlds of ``worlds``.
- ``sitting`` runs it all, to and fro, round after round; ``fit`` turns times into rates and
  exponents; ``memory`` watches the process tree; ``machine`` says where it was measured.
- ``show`` tells the result as tables, JSON and Markdown.

A result depends on the machine and on what else it does, so nothing in the tests asserts a speed.
"""
