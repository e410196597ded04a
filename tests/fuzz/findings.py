"""Findings: what went wrong, by kind of fault and place, and the inputs that showed it."""

import json
import re
import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.cases import Cases
from tests.fuzz.crew import UNMADE, Result

KEPT = 3
"""Inputs kept of each group."""


@dataclass
class Findings:
    """What the cases came to.

    Attributes
    ----------
    keep : Path
        Where the inputs of findings go.
    """

    cases: Cases
    keep: Path
    words: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: dict[tuple[str, str], list[Result]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    slowest: Result | None = None

    @property
    def total(self) -> int:
        """How many cases were read."""
        return sum(self.words.values())

    @property
    def found(self) -> int:
        """How many of them were findings."""
        return sum(map(len, self.groups.values()))

    def add(self, result: Result) -> None:
        """Count a result; keep the input of a finding."""
        self.words[result.kind, result.verdict.word] += 1
        self.seconds[result.kind] += result.seconds
        if self.slowest is None or result.seconds > self.slowest.seconds:
            self.slowest = result
        if result.verdict.word != "finding":
            return
        group = self.groups.setdefault(result.verdict.group, [])
        group.append(result)
        if len(group) <= KEPT:
            self._keep(result)

    def _keep(self, result: Result) -> None:
        name = re.sub(r"[^\w.-]+", "-", " ".join(result.verdict.group))[:80].strip("-")
        where = self.keep / name / str(result.number)
        shutil.rmtree(where, ignore_errors=True)
        (where / "input").mkdir(parents=True)
        how = None
        if result.verdict.group[0] != UNMADE:
            _, how = self.cases.make(result.number, where / "input")
        about = {"seed": self.cases.seed, "case": result.number, "kind": result.kind, "how": f"{how!a:.20000}"}
        told = {"told": result.verdict.told, "trace": result.verdict.trace.splitlines()}
        (where / "about.json").write_text(json.dumps(about | told, indent=1), encoding="utf-8")

    def line(self) -> str:
        """Return how far it is."""
        counts = Counter[str]()
        for (_, word), number in self.words.items():
            counts[word] += number
        told = f"{self.total:,} cases: {counts['valid']:,} valid, {counts['refused']:,} refused"
        return f"{told}, {counts['finding']:,} findings in {len(self.groups)} groups"

    def table(self) -> str:
        """Return what was found, the largest group first, and what each kind came to."""
        rows = [f"{'kind':<16}{'valid':>8}{'refused':>9}{'findings':>10}{'seconds':>9}"]
        for kind in dict.fromkeys(k.name for k in self.cases.kinds):
            counts = [self.words[kind, word] for word in ("valid", "refused", "finding")]
            if any(counts):
                rows.append(f"{kind:<16}{counts[0]:>8,}{counts[1]:>9,}{counts[2]:>10,}{self.seconds[kind]:>9.1f}")
        if self.slowest is not None:
            rows.append(f"slowest: case {self.slowest.number} ({self.slowest.kind}), {self.slowest.seconds:.1f} s")
        for (what, where), results in sorted(self.groups.items(), key=lambda g: -len(g[1])):
            kinds = ", ".join(sorted({r.kind for r in results}))
            rows += ["", f"{len(results)} x {what} at {where}  [{kinds}]"]
            rows.append(f"    case {', '.join(str(r.number) for r in results[:5])}: {results[0].verdict.told[:220]!r}")
        return "\n".join(rows)
