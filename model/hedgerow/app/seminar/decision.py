"""The form in which a seat decides: points, conditions, campaigns, answers, and what is left of them."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from hedgerow.app.seminar.inputs import Points, radio, tick
from hedgerow.app.text import words
from hedgerow.app.widgets import choice
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.debrief import owned
from hedgerow.seminar.seats import ANSWER_MEANS, ANSWERS, ATTENTION, CAMPAIGNS, CONDITIONS

KINDS = {"training": "Training", "equipment": "Equipment", "meetings": "Meetings"}
MEANINGS = {
    "donor": (
        "Points divide the courses and packages you have for these blocs this quarter; what you "
        "hold back is not given. The rest of the world is served as usual.",
        "A meeting gathers your minister and the bloc's once, and takes a quarter of the time your "
        "minister has for anybody else.",
    ),
    "background": ("A point covers a tenth of a bloc's ground. Where ground is covered, China finds less to do.",),
    "bloc": ("Your states answer alike. Attention is what your cabinet has time for.",),
}


class DecisionForm:
    """A seat's decision while it is made; drawn where it is constructed.

    Parameters
    ----------
    you : dict
        What the seat alone may see (:func:`hedgerow.seminar.views.private`).
    seats : mapping
        Name and kind of every seat.
    touched : callable
        Called whenever something is chosen.
    """

    def __init__(self, you: Plain, seats: Plain, touched: Callable[[], None]) -> None:
        self._you, self._means, self._seats, self._touched = you, you["means"], seats, touched
        self._blocs = {key: seat["name"] for key, seat in seats.items() if seat["kind"] == "bloc"}
        self.draft = self._first_draft()
        self._left = ui.element("div").classes("left").props('role="status"')
        {"donor": self._donor, "bloc": self._bloc, "background": self._background}[you["kind"]]()
        self._tell_left()
        for line in MEANINGS[you["kind"]]:
            words(line, "p").classes("note")

    def is_sent(self, order: Plain) -> bool:
        """Say whether an order is the one that the form holds."""
        return all(_same(order.get(k), self.draft.get(k)) for k in {*order, *self.draft})

    def _first_draft(self) -> dict[str, Any]:
        """Return the team's order if there is one, else the last quarter's, else an even one."""
        order = self._you["order"] or self._you["before"]
        if order is not None:
            return {k: dict(v) if isinstance(v, dict) else v for k, v in order.items()}
        if self._you["kind"] == "donor":
            return {k: _even(self._means[k], list(self._blocs)) for k in ("training", "equipment")}
        return {"cover": _even(self._means["points"], list(self._blocs))} if "points" in self._means else {}

    # --- what each kind of seat fills in -----------------------------------------------------

    def _donor(self) -> None:
        means = self._means
        for bloc, name in self._blocs.items():
            with ui.element("fieldset").classes("bloc"):
                words(name, "legend")
                with ui.element("div").classes("points"):
                    for what, text in KINDS.items():
                        if means[what]:
                            self._points(text, what, bloc)
                with ui.element("div").classes("row-wrap"):
                    if len(means["conditions"]) > 1:
                        terms = {str(c): t for c, t in CONDITIONS.items() if c in means["conditions"]}
                        self._choice("Conditions", "terms", "conditions", bloc, {"": "As the law is", **terms})
                    if means["campaigns"]:
                        options = {"": "None", **{str(c): t for c, t in CAMPAIGNS.items()}}
                        self._choice("Campaign", "campaign", "campaigns", bloc, options)
                self._tick("Aim within the bloc at the largest gaps", "gaps", bloc)
                if means["meetings"]:
                    self._tick("Convene in public, with a paper to sign", "open", bloc)

    def _background(self) -> None:
        for bloc, name in self._blocs.items():
            with ui.element("fieldset").classes("bloc"):
                words(name, "legend")
                self._points("Ground covered", "cover", bloc)

    def _bloc(self) -> None:
        for donor, seat in self._seats.items():
            if seat["kind"] == "donor":
                with ui.element("fieldset").classes("bloc"):
                    words(f"{owned(seat['name'])} offers", "legend")
                    with ui.element("div").classes("answers"):
                        self._answers(donor)

    def _answers(self, donor: str) -> None:
        now = self.draft.get("answers", {}).get(donor, "usual")
        for answer, text in ANSWERS.items():
            cost = ATTENTION[answer]
            radio(
                f"answer-{donor}",
                answer,
                f"{text} ({cost} of attention)" if cost else text,
                ANSWER_MEANS[answer],
                chosen=answer == now,
                act=self._pick("answers", donor),
            )

    def _points(self, text: str, what: str, bloc: str) -> None:
        Points(text, self._blocs[bloc], self._spent_on(what, bloc), self._change(what, bloc))

    def _choice(self, label: str, name: str, what: str, bloc: str, options: dict[str, str]) -> None:
        now = self.draft.get(what, {}).get(bloc, "")
        choice(label, f"{name}-{bloc}", options, self._pick(what, bloc), now)

    def _tick(self, label: str, what: str, bloc: str) -> None:
        tick(label, bloc in self.draft.get(what, ()), self._mark(what, bloc))

    # --- the draft ---------------------------------------------------------------------------

    def _spent_on(self, what: str, bloc: str) -> int:
        return int(self.draft.get(what, {}).get(bloc, 0))

    def _budget(self, what: str) -> int:
        return int(self._means.get("points" if what == "cover" else what) or 0)

    def _keep(self, what: str, chosen: object) -> None:
        self.draft[what] = chosen
        self._tell_left()
        self._touched()

    def _change(self, what: str, bloc: str) -> Callable[[int], bool]:
        def change(wanted: int) -> bool:
            points = {**self.draft.get(what, {}), bloc: wanted}
            if sum(points.values()) > self._budget(what) and wanted > self._spent_on(what, bloc):
                return False
            self._keep(what, points)
            return True

        return change

    def _pick(self, what: str, key: str) -> Callable[[str], None]:
        def pick(chosen: str) -> None:
            kept = {k: v for k, v in self.draft.get(what, {}).items() if k != key}
            self._keep(what, {**kept, key: chosen} if chosen else kept)

        return pick

    def _mark(self, what: str, bloc: str) -> Callable[[bool], None]:
        def mark(on: bool) -> None:
            kept = [b for b in self.draft.get(what, ()) if b != bloc]
            self._keep(what, [*kept, bloc] if on else kept)

        return mark

    def _tell_left(self) -> None:
        spent = {what: sum(self.draft.get(what, {}).values()) for what in (*KINDS, "cover")}
        left = [(text, self._budget(what), spent[what]) for what, text in {**KINDS, "cover": "Cover"}.items()]
        answers = self.draft.get("answers", {}).values()
        left.append(("Campaigns", self._budget("campaigns"), len(self.draft.get("campaigns", {}))))
        left.append(("Attention", self._budget("attention"), sum(ATTENTION[a] for a in answers)))
        self._left.clear()
        with self._left:
            for text, budget, gone in left:
                if budget:
                    over = "over" if gone > budget else ""
                    words(f"{text}: {budget - gone} of {budget} left", "span").classes(over)


def _same(one: Any, other: Any) -> bool:
    """Say whether two parts of an order mean the same; what is usual need not be named."""
    either = one or other
    if isinstance(either, dict):
        kept = [{k: v for k, v in (d or {}).items() if v not in (0, "", "usual")} for d in (one, other)]
        return kept[0] == kept[1]
    if isinstance(either, list | tuple):
        return sorted(one or ()) == sorted(other or ())
    return bool(one) == bool(other)


def _even(points: int, blocs: list[str]) -> dict[str, int]:
    each, rest = divmod(points, len(blocs))
    return {bloc: each + (i < rest) for i, bloc in enumerate(blocs)}
