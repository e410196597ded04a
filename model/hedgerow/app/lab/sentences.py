"""What an answer says in a sentence, and how its numbers are written."""

import re

from hedgerow.app.lab.answer import Answer
from hedgerow.figures.numerals import clear, the

COUNTED = 0.01
"""Least mean change that the headline counts, as on the maps of ``hedgerow compare``."""


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
    table = answer.view("difference", len(answer.months) - 1)
    moved = table.loc[clear(table), "mean"]
    low, high = ((word[0].lower() + word[1:]) for word in scale_ends(answer))
    sides = [(int((moved >= COUNTED).sum()), high), (int((moved <= -COUNTED).sum()), low)]
    (most, to), (fewer, other) = sorted(sides, key=lambda side: -side[0])
    last = f"By {answer.months[-1]:%B %Y}"
    if most == 0:
        return f"{last}, no state shifts clearly by {COUNTED} or more."
    verb = "state shifts" if most == 1 else "states shift"
    return f"{last}, {most} {verb} clearly {to} by {COUNTED} or more, {fewer or 'none'} {other}."


def rests(answer: Answer) -> str:
    """Say what an answer rests on, and what its intervals hold."""
    held = (
        "Parameters are kept as they are, so intervals hold chance alone."
        if answer.pair.fixed
        else "Every two runs draw parameters of their own from the calibrated posterior, so "
        "intervals hold chance and what is not known."
    )
    return (
        f"{answer.runs} pairs of runs with the same chance events, {len(answer.months)} months, "
        f"seed {answer.seed}. {held}"
    )


def backfill_sentences(answer: Answer) -> list[str]:
    """Return a sentence for each donor whose denials clearly change."""
    rows = answer.backfill[answer.backfill["low"].notna()]
    lines = []
    for row in rows.to_dict(orient="records"):
        ratio, low, high = (minus(f"{row[key]:.2g}") for key in ("ratio", "low", "high"))
        donor, rival = the(answer.names[row["donor"]]), the(answer.names[row["rival"]])
        lines.append(
            f"Backfill {ratio} ({low} to {high}): officers {rival} adds for each officer more that "
            f"{donor} denies. It is a response to denial only where denial is what changes."
        )
    return lines


def minus(text: str) -> str:
    """Return a number in one piece, with a true minus unless nothing but zeros follows it."""
    signed = text.replace("-", "−") if re.search(r"[1-9]", text) else text.lstrip("+-")
    return signed.replace(" ", "\u00a0")
