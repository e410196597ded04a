"""The terms of ``hedgerow.explain`` in a reader's words: as labels, and inside a sentence."""

import pandas as pd

from hedgerow.runs.explain import TOTAL

LABELS = {
    "constant": "Starting point",
    "gaps": "Gaps it is believed to fill",
    "surveillance": "Wish for surveillance",
    "installed technology": "Technology already installed",
    "trust": "Trust in the donor",
    "price": "Price",
    "conditions": "Conditions attached",
    "visibility": "Visible dependence",
    "fear of cut-off": "Fear of being cut off",
    "worry about data": "Worry about data",
    "switching": "Leaving a rival’s technology",
    "strategic value": "Strategic value of the state",
    "economic stake": "The donor’s economic stake",
    "exposed nationals": "The donor’s exposed nationals",
    "alignment": "Alignment with the donor",
    "gaps it fits": "Gaps the donor can fill",
    "rivals' cover": "Gaps rivals already cover",
    "requests": "Requests a rival’s denial sent on",
    "reaction to rivals": "Reaction to rivals’ gains",
    "by score": "Effort by score",
    "reserved for gaps": "Effort reserved for gaps",
    "help": "Help received",
    "meetings": "Meetings",
    "usual stance": "Pull of the usual stance",
    "neighbours": "Pull of neighbours",
    "exposure, cut-off and backlash": "Exposure, cut-off and backlash",
    "chance": "Chance events",
    "rivals": "Gains of rivals",
    "bounds": "Limits of the scale",
    TOTAL: "All together",
}
IN_A_SENTENCE = {
    "help": "the help it gets",
    "meetings": "meetings that help followed",
    "usual stance": "the pull back to its usual stance",
    "neighbours": "what its neighbours do",
    "exposure, cut-off and backlash": "exposure, cut-off and backlash",
    "chance": "chance",
    "rivals": "what its rivals gain or lose",
    "bounds": "the ends of the scale",
}
"""The terms of alignment, as they stand in a sentence."""
MOST_NAMED = 3


def term_label(term: str) -> str:
    """Return a term's label; a term not listed stands as it is."""
    return LABELS.get(term, term)


def term_phrase(term: str) -> str:
    """Return a term as it stands in a sentence; a term not listed stands as it is."""
    return IN_A_SENTENCE.get(term, term)


def largest(terms: "pd.Series[float]", least: float) -> list[str]:
    """Return the names of the largest terms above a size, those a sentence has room for."""
    size = terms.drop(TOTAL).abs()
    return [str(name) for name in size[size > least].sort_values(ascending=False, kind="stable").index[:MOST_NAMED]]
