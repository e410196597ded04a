"""A seat's page: its brief, its decision, what it alone knows, and what everybody knows."""

import secrets
from collections.abc import Callable
from typing import Any

from nicegui import ui

from hedgerow.app.seminar import telling, verdict
from hedgerow.app.seminar.parts import Points, button, choice, error, radio, section, tick, words
from hedgerow.app.seminar.roompage import RoomPage
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.seminar.debrief import owned
from hedgerow.seminar.seats import ANSWER_MEANS, ANSWERS, ATTENTION, CAMPAIGNS, CONDITIONS, NotAllowed

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


class SeatPage(RoomPage):
    """The page of someone who took a seat.

    Parameters
    ----------
    rooms : Rooms
    token : str
        What they joined with.
    """

    def __init__(self, rooms: Rooms, token: str) -> None:
        super().__init__(lambda: rooms.who(token).room, lambda: rooms.view(token))
        self._rooms, self._token = rooms, token
        self._page, self._revision = secrets.token_hex(6), 0
        self._order: Any = None
        self._draft: dict[str, Any] = {}
        with ui.element("div").classes("room"):
            self.head(self.seen["you"]["name"])
            self._fault = self.part("fault")
            self.part("debrief")
            with ui.element("div").classes("two"):
                with ui.element("div").classes("stack"):
                    self.part("brief")
                    self.part("decision")
                with ui.element("div").classes("stack"):
                    self.part("books")
                    self.part("board")
                    self.part("team")
        self.begin()

    def draw(self) -> None:
        """Refresh every part from ``self.seen``."""
        seen, you = self.seen, self.seen["you"]
        when = (seen["phase"], seen["turn"], seen["ready"])
        self.redraw("brief", None, self._brief)
        self.redraw("decision", when, self._decision)
        self.redraw("books", (when, len(you["books"])), self._books)
        self.redraw("board", when, self._board)
        self.redraw("team", tuple(you["team"]), self._team)
        self.redraw("debrief", (when, seen["debrief"] is not None, seen["progress"]), self._end)
        if you["order"] != self._order:
            # What is on the page counts as another decision once the team's has changed.
            self._order, self._revision = you["order"], self._revision + 1
        if seen["phase"] == "open" and seen["ready"]:
            self._acknowledge()

    def _brief(self) -> None:
        with section("Your brief"):
            words(self.seen["you"]["brief"], "blockquote").classes("brief")
            words("Only your seat reads this.", "p").classes("note")

    def _books(self) -> None:
        with section("What you alone know", "books"):
            telling.books(self.seen["you"], self.seen["seats"])

    def _board(self) -> None:
        with section("What everybody knows", "board"):
            telling.news(self.seen)
            telling.board(self.seen)

    def _team(self) -> None:
        with section("Your team"):
            words(", ".join(self.seen["you"]["team"]), "p")
            words(
                f"You are {self.seen['you']['who']}. To come back on another device, join again "
                "with the code and take the same seat.",
                "p",
            ).classes("note")

    def _end(self) -> None:
        seen = self.seen
        if seen["phase"] != "over":
            return
        if seen["debrief"] is None:
            done, of = seen["progress"]
            with section("The debrief is being drawn up"):
                words(f"{done} of {of} worlds played." if of else "A moment.", "p").props('role="status"')
            return
        verdict.debrief(seen["debrief"], seen["seats"], self._room().state.exercise.questions)

    # --- the decision ------------------------------------------------------------------------

    def _decision(self) -> None:
        seen = self.seen
        if seen["phase"] == "lobby":
            with section("Your decision"):
                words("Read your brief. The facilitator starts the game.", "p")
            return
        if seen["phase"] == "over":
            return
        with section(f"Your decision for {seen['quarter']}", "decision"):
            if not seen["ready"]:
                words("The last quarter is being played out.", "p").props('role="status"')
                return
            self._draft = self._first_draft()
            self._left = ui.element("div").classes("left").props('role="status"')
            {"donor": self._donor, "bloc": self._bloc, "background": self._background}[seen["you"]["kind"]]()
            self._tell_left()
            self._meanings()
            with ui.element("div").classes("send"):
                button("Send the decision", self._send, "main-act")
                self._sent = words("", "span").classes("sent").props('role="status"')
            words(
                "You may send again until the turn closes; the last one counts for the whole "
                "team. If nobody sends anything, the model decides for you.",
                "p",
            ).classes("note")

    def _first_draft(self) -> dict[str, Any]:
        """Return the team's order if there is one, else the last quarter's, else an even one."""
        you = self.seen["you"]
        order = you["order"] or you["before"]
        if order is not None:
            return {k: dict(v) if isinstance(v, dict) else v for k, v in order.items()}
        blocs = self._blocs()
        if you["kind"] == "donor":
            return {k: _even(you["means"][k], blocs) for k in ("training", "equipment")}
        return {"cover": _even(you["means"]["points"], blocs)} if "points" in you["means"] else {}

    def _blocs(self) -> list[str]:
        return [key for key, seat in self.seen["seats"].items() if seat["kind"] == "bloc"]

    def _donor(self) -> None:
        means = self.seen["you"]["means"]
        for bloc in self._blocs():
            name = self.seen["seats"][bloc]["name"]
            with ui.element("fieldset").classes("bloc"):
                words(name, "legend")
                with ui.element("div").classes("points"):
                    for what, text in KINDS.items():
                        if means[what]:
                            Points(text, name, self._points(what, bloc), self._change(what, bloc))
                with ui.element("div").classes("row-wrap"):
                    if len(means["conditions"]) > 1:
                        self._terms(bloc, means["conditions"])
                    if means["campaigns"]:
                        options = {"": "None", **{str(c): t for c, t in CAMPAIGNS.items()}}
                        now = self._draft.get("campaigns", {}).get(bloc, "")
                        choice("Campaign", f"campaign-{bloc}", options, now, self._pick("campaigns", bloc))
                tick(
                    "Aim within the bloc at the largest gaps",
                    bloc in self._draft.get("gaps", ()),
                    self._mark("gaps", bloc),
                )
                if means["meetings"]:
                    tick(
                        "Convene in public, with a paper to sign",
                        bloc in self._draft.get("open", ()),
                        self._mark("open", bloc),
                    )

    def _meanings(self) -> None:
        """Say what a choice means in the model."""
        for line in MEANINGS[self.seen["you"]["kind"]]:
            words(line, "p").classes("note")

    def _terms(self, bloc: str, conditions: list[str]) -> None:
        options = {"": "As the law is"}
        options |= {str(c): t for c, t in CONDITIONS.items() if c in conditions}
        now = self._draft.get("conditions", {}).get(bloc, "")
        choice("Conditions", f"terms-{bloc}", options, now, self._pick("conditions", bloc))

    def _background(self) -> None:
        for bloc in self._blocs():
            name = self.seen["seats"][bloc]["name"]
            with ui.element("fieldset").classes("bloc"):
                words(name, "legend")
                Points("Ground covered", name, self._points("cover", bloc), self._change("cover", bloc))

    def _bloc(self) -> None:
        donors = [key for key, seat in self.seen["seats"].items() if seat["kind"] == "donor"]
        for donor in donors:
            with ui.element("fieldset").classes("bloc"):
                words(f"{owned(self.seen['seats'][donor]['name'])} offers", "legend")
                with ui.element("div").classes("answers"):
                    now = self._draft.get("answers", {}).get(donor, "usual")
                    for answer, text in ANSWERS.items():
                        cost = ATTENTION[answer]
                        shown = f"{text} ({cost} of attention)" if cost else text
                        radio(
                            f"answer-{donor}",
                            answer,
                            shown,
                            ANSWER_MEANS[answer],
                            chosen=answer == now,
                            act=self._pick("answers", donor),
                        )

    # --- the draft ---------------------------------------------------------------------------

    def _points(self, what: str, bloc: str) -> int:
        return int(self._draft.get(what, {}).get(bloc, 0))

    def _change(self, what: str, bloc: str) -> Callable[[int], bool]:
        def change(wanted: int) -> bool:
            points = {**self._draft.get(what, {}), bloc: wanted}
            if sum(points.values()) > self._budget(what) and wanted > self._points(what, bloc):
                return False
            self._draft[what] = points
            self._touched()
            return True

        return change

    def _budget(self, what: str) -> int:
        return int(self.seen["you"]["means"]["points" if what == "cover" else what])

    def _pick(self, what: str, key: str) -> Callable[[str], None]:
        def pick(chosen: str) -> None:
            kept = {k: v for k, v in self._draft.get(what, {}).items() if k != key}
            self._draft[what] = {**kept, key: chosen} if chosen else kept
            self._touched()

        return pick

    def _mark(self, what: str, bloc: str) -> Callable[[bool], None]:
        def mark(on: bool) -> None:
            kept = [b for b in self._draft.get(what, ()) if b != bloc]
            self._draft[what] = [*kept, bloc] if on else kept
            self._touched()

        return mark

    def _touched(self) -> None:
        self._revision += 1
        self._tell_left()
        self._acknowledge()

    def _tell_left(self) -> None:
        means = self.seen["you"]["means"]
        left: list[tuple[str, int, int]] = []
        for what, text in {**KINDS, "cover": "Cover"}.items():
            budget = means.get("points" if what == "cover" else what)
            if budget:
                spent = sum(self._draft.get(what, {}).values())
                left.append((text, budget - spent, budget))
        if means.get("campaigns"):
            spent = len(self._draft.get("campaigns", {}))
            left.append(("Campaigns", means["campaigns"] - spent, means["campaigns"]))
        if "attention" in means:
            spent = sum(ATTENTION[a] for a in self._draft.get("answers", {}).values())
            left.append(("Attention", means["attention"] - spent, means["attention"]))
        self._left.clear()
        with self._left:
            for text, rest, budget in left:
                words(f"{text}: {rest} of {budget} left", "span").classes("over" if rest < 0 else "")

    def _acknowledge(self) -> None:
        """Say whether what is on the page is what the team has sent."""
        order = self.seen["you"]["order"]
        if order is None:
            self._sent.set_text("")
        elif all(_same(order.get(k), self._draft.get(k)) for k in {*order, *self._draft}):
            self._sent.set_text("Sent.")
        else:
            self._sent.set_text("Your team has sent another decision than the one shown here.")

    async def _send(self) -> None:
        self._fault.clear()
        client = f"{self._page}-{self.seen['turn']}-{self._revision}"
        try:
            await self._rooms.move(self._token, "order", self.seen["turn"], self._draft, client)
        except NotAllowed as refused:
            with self._fault:
                error(str(refused))


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
