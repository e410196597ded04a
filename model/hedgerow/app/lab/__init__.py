"""The lab: move a lever, see the world answer.

- ``whatif`` is what a user asks, and its link: the two turn into each other without loss.
- ``levers`` lists what can be moved, from the model's own declared quantities.
- ``work`` simulates in the crew's processes; ``desk`` keeps what was simulated; ``answer`` reduces
  it to what a page shows.
- ``page`` lays the page out; ``head``, ``controls`` and ``panels`` are its parts; ``save`` and
  ``files`` are its downloads.
"""
