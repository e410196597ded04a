"""The lab: move a lever, see the world answer.

- ``whatif`` is what a user asks, and its link: the two turn into each other without loss.
- ``levers`` lists what can be moved, from the model's own declared quantities.
- ``work`` simulates in processes of the pool; ``desk`` keeps what was simulated; ``answer`` reduces
  it to what a page shows.
- ``state`` is what one page asks and knows. Every control takes it and nothing above it.
- ``page`` builds the page out of ``head``, ``controls``, ``timeline`` and ``why``, and shows an
  answer by ``pictures``, ``panels`` and ``sentences``; ``save`` and ``files`` are its downloads.
"""
