"""What the terminal shows of a calibration and a validation, in words that teach how to read it."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from rich.markup import escape
from rich.table import Table

from hedgerow.figures import posterior
from hedgerow.figures.output import save
from hedgerow.fit import known
from hedgerow.fit.calibration import Calibrated
from hedgerow.fit.shrinkage import unit_cube
from hedgerow.fit.targets import Targets
from hedgerow.fit.validation import SPEARMAN_BAR, TOO_WIDE, Validation
from hedgerow.report.screen import bare_table, bold, console
from hedgerow.scenario.schema import Scenario

COLOURS = {"inside": "green", "holds": "green"}
HOW_TO_READ = (
    "Score: CRPS, how far the simulated distribution lies from what was observed, in standard "
    "deviations of chance and of the record's error; 0 is best. Beside it the score of two null "
    "models: all partners alike, and the gravity fit alone; blank where they say nothing.\n"
    "Width: of the 90% interval, 1 being what chance and the record's error alone would give; "
    f"above {TOO_WIDE:g} an interval holds too much to count."
)


def show_validation(found: Validation, targets: Targets) -> None:
    """Show how well the model repeats the record, pattern by pattern."""
    out = console()
    out.print(f"\n{bold(targets.title)}, {found.about['runs']} simulated records")
    out.print(f"{parameters_of(found.about)}\n")
    fitted = found.statistics[~found.statistics["check"]]
    out.print(_statistic_table(fitted))
    out.print(f"\n{HOW_TO_READ}\n")
    out.print(_pattern_table(found.patterns))
    out.print(f"\n{partners_words(found)}")
    out.print(sharpness_words(found.sharpness))
    checks = found.statistics[found.statistics["check"]]
    if len(checks):
        out.print("\nOther figures of the record, to which nothing was fitted:")
        out.print(_statistic_table(checks))
    out.print(f"\n{verdict_words(found)}")


def parameters_of(about: Mapping[str, object]) -> str:
    """Say where the runs took their parameters from."""
    if about["posterior"] is None:
        return "Every run has the scenario's own parameters: intervals hold chance alone."
    return "Each run has parameters drawn from the posterior: intervals hold chance and parameters."


def _statistic_table(rows: pd.DataFrame) -> Table:
    table = _table(("", "statistic"), ("record", "simulated", "90% interval", "width", *SCORED), "")
    before = ""
    for row in rows.to_dict(orient="records"):
        pattern = "" if row["pattern"] == before or row["check"] else str(row["pattern"])
        before = row["pattern"]
        share = "share" in row["name"]
        name = row["pattern"] if row["check"] else statistic_name(row["name"])
        table.add_row(
            pattern,
            escape(name),
            _number(row["observed"], share),
            _number(row["median"], share),
            f"{_number(row['low'], share)} to {_number(row['high'], share)}",
            f"{row['width']:.1f}",
            *(_score_text(row[c]) for c in SCORES),
            _in_colour(row["verdict"]),
        )
    return table


SCORES, SCORED = ("score", "score_alike", "score_gravity"), ("score", "alike", "gravity")


def _pattern_table(rows: pd.DataFrame) -> Table:
    table = _table(("pattern", ""), ("inside", *SCORED), "verdict")
    for row in rows.to_dict(orient="records"):
        inside = f"{row['inside']} of {row['statistics']}"
        scores = (_score_text(row[c]) for c in SCORES)
        table.add_row(row["pattern"], row["meaning"], inside, *scores, _in_colour(row["verdict"]))
    return table


def partners_words(found: Validation) -> str:
    """Say how the named partners rank."""
    if math.isnan(found.spearman):
        return "Too few partners are named for a rank correlation."
    verb = "reaches" if found.spearman >= SPEARMAN_BAR else "misses"
    return (
        f"Rank correlation of simulated mean and record over the {len(found.partners)} named "
        f"partners: {found.spearman:.2f}, which {verb} the bar of {SPEARMAN_BAR:g}; "
        f"gravity alone {found.spearman_gravity:.2f}."
    )


def sharpness_words(sharp: Mapping[str, float]) -> str:
    """Say how wide the intervals of meetings by partner are."""
    return (
        "Mean width of the 90% interval of meetings, over all possible partners: "
        f"{sharp['model']:.2f}; all alike {sharp['alike']:.2f}, gravity {sharp['gravity']:.2f}."
    )


def verdict_words(found: Validation) -> str:
    """Return the verdict in one sentence."""
    rows = found.patterns
    good = rows.loc[rows["verdict"] == "holds", "pattern"].tolist()
    bad = rows.loc[rows["verdict"] != "holds", ["pattern", "verdict"]].to_dict(orient="records")
    if not bad:
        return f"All {len(good)} patterns hold, and no null model does better."
    words = "; ".join(f"{row['pattern']} {row['verdict']}" for row in bad)
    return f"{len(good)} of {len(rows)} patterns hold. {words}."


def show_calibration(found: Calibrated) -> None:
    """Show what a calibration learnt, and what it could not."""
    out = console()
    about = found.posterior.about
    out.print(
        f"\n[bold]Posterior[/bold]: {len(found.posterior.table):,} draws from "
        f"{about.runs:,} runs of {about.scenario}, seed {about.seed}\n"
    )
    waves = _table((), ("wave", "runs", "spread of the prior's", "distance from the record"))
    for row in found.waves.to_dict(orient="records"):
        waves.add_row(str(row["wave"]), f"{row['runs']:,}", f"{row['spread']:.0%}", f"{row['distance']:.2f} sd of chance")
    out.print(waves)
    out.print()
    out.print(shrinkage_table(found.shrinkage))
    out.print(f"\n{unknown_words(found.shrinkage)}")
    for line in coverage_words(found):
        out.print(line)


def shrinkage_table(rows: pd.DataFrame) -> Table:
    """Return prior and posterior of each parameter as a table."""
    table = _table(("parameter",), ("prior", "posterior", "90% interval", "learnt"), "identified")
    for row in rows.sort_values("shrinkage", ascending=False).to_dict(orient="records"):
        table.add_row(
            row["path"],
            f"{row['prior_low']:.3g} to {row['prior_high']:.3g}",
            f"{row['median']:.3g}",
            f"{row['low']:.3g} to {row['high']:.3g}",
            f"{row['shrinkage']:.0%}",
            row["identified"],
        )
    return table


def unknown_words(rows: pd.DataFrame) -> str:
    """Say plainly which parameters the record cannot identify."""
    blind = rows.loc[rows["identified"] == "no", "path"].tolist()
    tied = rows[(rows["correlation"].abs() > 0.7) & (rows["path"] < rows["partner"])]
    words = [
        f"The record identifies {(rows['identified'] == 'yes').sum()} of {len(rows)} "
        "parameters, and some of the others in part."
    ]
    if blind:
        words.append(f"It cannot tell, and the prior stands, for: {', '.join(blind)}.")
    for row in tied.to_dict(orient="records"):
        words.append(f"Only together: {row['path']} and {row['partner']} (correlation {row['correlation']:+.2f}).")
    return "\n".join(words)


def coverage_words(found: Calibrated) -> list[str]:
    """Say how the inference does on simulated records whose parameters are known."""
    rows = known.coverage(found.ranks)
    told = [f"{r['level']:.0%} intervals hold the truth {r['held']:.0%} of the time" for r in rows]
    return [f"On {len(found.ranks)} simulated records with known parameters, {', '.join(told)}."]


def statistic_name(name: str) -> str:
    """Return the name of a statistic in words."""
    if name.startswith("others_above"):
        return "unlisted partners met over 4 times"
    words = {
        "share_of_most_met": "share of the most met",
        "meetings_with": "meetings with",
        "bilaterals_by_setting": "bilateral,",
        "meetings_of_body": "meetings of",
        "share_of_subregion": "share of",
        "share_of_month": "share of",
        "events_in": "events of",
        "bilaterals_of_tier_in": "bilateral meetings,",
        "sidelines_of_tier_in": "sideline meetings,",
    }
    head, _, rest = name.partition(" ")
    if head == "share_of_month":
        rest = " in ".join(reversed(rest.split()))
    return f"{words.get(head, head.replace('_', ' '))} {rest.replace('_', ' ')}".strip()


def _table(words: Sequence[str], numbers: Sequence[str], *last: str) -> Table:
    """Open a table of words on the left, numbers on the right of their columns, and a verdict."""
    return bare_table(*words, *numbers, *last, right=numbers, keep=numbers)


def _number(value: float, share: bool) -> str:
    if share:
        return f"{100 * value:.1f}%"
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.1f}"


def _score_text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}"


def _in_colour(verdict: str) -> str:
    return f"[{COLOURS.get(verdict, 'red')}]{verdict}[/]"


def draw_calibration(found: Calibrated, where: Path) -> list[Path]:
    """Draw what was learnt, which parameters trade off, and the ranks of known parameters."""
    rows = found.shrinkage.sort_values("shrinkage", ascending=False)
    cube = unit_cube(found.posterior)
    names = {path: parameter_name(path, found.plan.scenario) for path in found.posterior.fitted}
    quantiles = [
        {"name": names[path], "shrinkage": share, **dict(zip(("low", "median", "high"), ends, strict=True))}
        for path, share in zip(rows["path"], rows["shrinkage"], strict=True)
        for ends in [np.quantile(cube[path], (0.05, 0.5, 0.95))]
    ]
    draws = pd.DataFrame({names[p]: cube[p] for p in rows["path"]})
    record, _ = np.indices(found.ranks.shape)
    table = pd.DataFrame({"record": record.ravel(), "rank": found.ranks.ravel()})
    drawn = {
        "learnt": posterior.learnt(pd.DataFrame(quantiles)),
        "corner": posterior.corner(draws),
        "ranks": posterior.ranks(table),
    }
    return [path for name, figure in drawn.items() for path in save(figure, where / f"{name}.png")]


def parameter_name(path: str, scenario: Scenario) -> str:
    """Return a parameter's path as a few words, such as ``MPS minister slots``."""
    parts = path.split(".")
    words = parts[-1].replace("_", " ").strip()
    if parts[0] == "donors" and parts[2] == "tiers":
        tier = scenario.donors[parts[1]].tiers[int(parts[3])]
        return f"{tier.body} {tier.tier.replace('_', ' ')}: {words}"
    if parts[0] in ("donors", "forums"):
        return f"{parts[1].replace('_', ' ')}: {words}"
    return words
