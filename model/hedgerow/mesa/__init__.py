"""Mesa's face of the model: donors and recipients as agents over the rows of a world.

The only room that imports Mesa. Agents hold no state of their own; see
:mod:`hedgerow.mesa.agents` for what they read and say, :mod:`hedgerow.mesa.model` for the month.
"""
