"""A bench told to a reader: tables on the screen, and the same as Markdown."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from hedgerow.report.screen import console

Rows = list[tuple[str, ...]]
RATES = ("What runs", "Processes", "Runs a second", "× one by one", "× Mesa", "Peak memory")
GROWTH = ("Cost grows with", "From", "To", "To the power of", "Spread")


def figure(value: float) -> str:
    """Return a number in three figures, thousands apart."""
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.3g}"


def rates(data: dict[str, Any]) -> Rows:
    """Return a row a contest."""
    return [
        (
            one["what"],
            str(one["processes"]),
            figure(one["runs_a_second"]),
            figure(one["times_one_by_one"]),
            figure(one["times_mesa"]),
            f"{one['peak_bytes'] / 1e6:,.0f} MB",
        )
        for one in data["contests"]
    ]


def growth(data: dict[str, Any]) -> Rows:
    """Return a row a factor."""
    return [
        (
            one["name"],
            f"{one['sizes'][0]:,}",
            f"{one['sizes'][-1]:,}",
            f"{one['exponent']:.2f}",
            f"{one['low']:.2f} to {one['high']:.2f}" if len(one["rounds"]) > 1 else "",
        )
        for one in data["growth"]
    ]


def title(data: dict[str, Any]) -> str:
    """Return what was measured, and on what."""
    where, how = data["machine"], data["settings"]
    return (
        f"The baseline, {how['months']} months a run, on {where['processor']}, "
        f"{where['cores']} cores, Python {where['versions']['python']}, "
        f"Mesa {where['versions']['mesa']}, NumPy {where['versions']['numpy']}"
    )


def sentences(data: dict[str, Any]) -> list[str]:
    """Return what the tables do not say."""
    one, many = _sweeps(data)
    memory, rounds = data["memory"], data["settings"]["rounds"]
    told = [
        "× says how many times more runs a second than Mesa's batch_run with as many processes, "
        "with its agents asked one by one or by its default step, all at once.",
        "Mesa's model also collects every agent's alignment each month and keeps a ledger; worlds "
        "of one run are the same without that.",
        f"A run in a batch takes {data['times_the_floor']:.2f} times as long as its random draws.",
        f"Memory is the {memory['method']}; the most was {memory['peak_bytes'] / 1e6:,.0f} MB.",
        f"Figures are of {f'the best of {rounds} rounds' if rounds > 1 else 'one round'}.",
    ]
    if many is not one:
        told.insert(
            3,
            (
                f"{many['processes']} processes do {data['all_cores_to_one']:.2f} times the runs of "
                f"one. Start-up, {many['startup_seconds']:.1f} s, is not counted, nor is Mesa's."
            ),
        )
    return told + cautions(data)


def cautions(data: dict[str, Any]) -> list[str]:
    """Return why the figures may be worth little."""
    told = []
    if not all(sweep["steady"] for sweep in _sweeps(data)):
        told.append("The sweeps were too short to leave start-up out, so they look slower than they are; allow more --runs.")
    busy, cores = data["machine"]["load_before"], data["machine"]["cores"]
    if busy and busy > cores / 2:
        told.append(
            f"The machine was busy before this began (load {busy:.1f} on {cores} cores): measure again when it is quiet."
        )
    return told


def _sweeps(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    found = [one for one in data["contests"] if one["name"] == "sweep"]
    return found[0], found[-1]


def show(data: dict[str, Any]) -> None:
    """Print a bench, as plain data, as tables."""
    screen = console()
    screen.print(f"[bold]{title(data)}[/bold]\n")
    screen.print(_table(RATES, rates(data)))
    screen.print()
    screen.print(_table(GROWTH, growth(data)))
    for line in ("", *sentences(data)):
        screen.print(line)


def _table(heads: Sequence[str], rows: Rows) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for i, head in enumerate(heads):
        table.add_column(head, justify="right" if i else "left")
    for row in rows:
        table.add_row(*row)
    return table


def markdown(data: dict[str, Any]) -> str:
    """Return the tables and sentences of a bench, as plain data, as Markdown."""
    parts = [f"{title(data)}:", _pipes(RATES, rates(data)), _pipes(GROWTH, growth(data))]
    return "\n\n".join([*parts, " ".join(sentences(data))])


def _pipes(heads: Sequence[str], rows: Rows) -> str:
    rule = tuple("---" if i == 0 else "--:" for i in range(len(heads)))
    return "\n".join("| " + " | ".join(row) + " |" for row in (tuple(heads), rule, *rows))
