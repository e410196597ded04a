"""What an answer says in a sentence, and how its numbers are written."""

import re

from hedgerow.app.lab.answer import Answer
from hedgerow.wording.differences import states_shift
from hedgerow.wording.names import the


def scale_ends(answer: Answer) -> tuple[str, str]:
    """Return the words at the two ends of the map's scale."""
    donors = [the(name) for name in answer.names.values()]
    return (
        (f"Towards {donors[1]}", f"Towards {donors[0]}")
        if len(donors) > 1
        else (f"Away from {donors[0]}", f"Towards {donors[0]}")
    )


def headline(answer: Answer) -> str:
    """Say in a sentence how many states shift which way."""
    if answer.same:
        return "Nothing is changed yet: the what-if and its base are the same. Move a lever."
    low, high = ((word[0].lower() + word[1:]) for word in scale_ends(answer))
    moved = states_shift(answer.view("difference", len(answer.months) - 1), low, high)
    return f"By {answer.months[-1]:%B %Y}, {moved}."


def rests(answer: Answer) -> str:
    """Say what an answer rests on, and what its intervals hold."""
    held = (
        "Parameters are kept as they are, so intervals hold chance alone."
        if answer.pair.fixed
        else "Every two runs draw parameters of their own from the calibrated posterior, so "
        "intervals hold chance and what is not known."
    )
    return (
        f"{answer.runs} pairs of runs with the same chance events, {len(answer.months)} months, seed {answer.seed}. {held}"
    )


def minus(text: str) -> str:
    """Return a number in one piece, with a true minus unless nothing but zeros follows it."""
    signed = text.replace("-", "−") if re.search(r"[1-9]", text) else text.lstrip("+-")
    return signed.replace(" ", "\u00a0")
