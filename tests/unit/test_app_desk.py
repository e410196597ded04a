"""The desk: its numbers are those of ``hedgerow compare``, kept and asked once."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hedgerow
from hedgerow.app.jobs import Scheduler
from hedgerow.app.lab.answer import Answer, records
from hedgerow.app.lab.desk import Desk
from hedgerow.app.lab.pair import resolve
from hedgerow.app.lab.whatif import WhatIf
from hedgerow.app.settings import Limits

ASKED = WhatIf(runs=4, seed=3, months=3).with_change("policies.gap_fill.share", "0.5")


class Counting(Scheduler):
    """A scheduler that counts what it is given."""

    given = 0

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        self.given += 1
        return super().submit(*args, **kwargs)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    scheduler = Counting(2, Limits())
    yield Desk(scheduler, Limits())
    scheduler.close()


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Answer:
    return asyncio.run(desk.answer("a", ASKED))


def test_an_answer_is_that_of_compare(answer: Answer) -> None:
    pair = resolve(ASKED, Limits())
    found = hedgerow.compare(pair.base, pair.variant, runs=4, seed=3, workers=1, fixed=pair.fixed)
    for name in ("differences", "movers", "backfill", "monthly"):
        theirs = getattr(found, name).drop(columns="variant")
        pd.testing.assert_frame_equal(getattr(answer, name), theirs)
    last = answer.view("difference", 2)["mean"]
    rows = answer.movers[answer.movers["donor"] == "difference"].set_index("recipient")["mean"]
    np.testing.assert_allclose(last.to_numpy(), rows.loc[last.index].to_numpy(), atol=1e-7)


def test_the_map_of_a_month_is_that_of_a_run_that_ends_there(desk: Desk, answer: Answer) -> None:
    short = asyncio.run(desk.answer("a", WhatIf(runs=4, seed=3, months=2, changes=ASKED.changes)))
    pd.testing.assert_frame_equal(short.view("standing", 1), answer.view("standing", 1))


def test_the_same_question_is_simulated_once(desk: Desk, answer: Answer) -> None:
    before = desk.scheduler.given  # type: ignore[attr-defined]
    assert asyncio.run(desk.answer("b", ASKED)) is answer
    other = WhatIf(runs=4, seed=3, months=3).with_change("policies.gap_fill.share", "0.25")

    async def both() -> list[Answer]:
        return list(await asyncio.gather(desk.answer("a", other), desk.answer("b", other)))

    one, two = asyncio.run(both())
    assert one.variant is two.variant
    assert one.base is answer.base
    assert desk.scheduler.given - before == desk.scheduler.workers  # type: ignore[attr-defined]


def test_an_answer_is_plain_data_without_what_is_not_a_number(desk: Desk) -> None:
    one = asyncio.run(desk.answer("a", WhatIf(runs=2, months=1)))
    assert one.same
    text = json.dumps(one.as_data(), allow_nan=False)
    assert '"ratio": null' in text
    assert records(pd.DataFrame({"a": [np.nan, np.inf, 1.5]})) == [{"a": None}, {"a": None}, {"a": 1.5}]
