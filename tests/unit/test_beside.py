"""Jobs side by side: their order, their errors, and that none goes on unheeded."""

from threading import Event, get_ident

import pytest

from hedgerow.runs.threads import in_order

PATIENCE = 20
"""Seconds after which a test that waits for another thread has failed."""


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_jobs(workers) -> None:
    told: list[int] = []

    def job(number):
        def run(tell):
            tell(number)
            return number * number

        return run

    jobs = [job(number) for number in range(7)]
    assert list(in_order(jobs, told.append, workers)) == [0, 1, 4, 9, 16, 25, 36]
    assert sorted(told) == list(range(7))


def test_two_jobs_run_at_the_same_time() -> None:
    first, second = Event(), Event()

    def meet(mine, other):
        def run(_):
            mine.set()
            return other.wait(PATIENCE)

        return run

    assert list(in_order([meet(first, second), meet(second, first)], workers=2)) == [True, True]


def test_one_worker_stays_in_the_thread_of_its_caller() -> None:
    assert list(in_order([lambda _: get_ident()] * 3, workers=1)) == [get_ident()] * 3


def test_an_error_reaches_the_caller_and_ends_the_other_jobs() -> None:
    begun, ended = Event(), Event()

    def fails(_):
        assert begun.wait(PATIENCE)
        raise ValueError("of its own")

    def endless(tell):
        begun.set()
        try:
            while True:
                tell(1)
        finally:
            ended.set()

    with pytest.raises(ValueError, match="of its own"):
        list(in_order([fails, endless, endless], workers=2))
    assert ended.is_set()


def test_no_more_is_done_than_is_asked_for() -> None:
    begun: list[int] = []

    def job(number):
        def run(_):
            begun.append(number)

        return run

    results = in_order([job(number) for number in range(20)], workers=2)
    next(results)
    results.close()
    assert set(begun) <= {0, 1}
