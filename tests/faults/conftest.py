"""What the faults have in common: a study of many chunks, and its content when all goes well."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from hedgerow.study.results import Results
from hedgerow.study.sweep import sweep
from tests.faults import harness


@dataclass(frozen=True)
class Whole:
    """A study, its content where nothing went wrong, and the environment to run it in."""

    study: Path
    digest: str
    runs: int
    site: Path

    @property
    def env(self) -> dict[str, str]:
        return harness.seeing(self.site)

    @property
    def chunks(self) -> int:
        return self.runs // harness.CHUNK

    def check(self, results: Results) -> None:
        """Make sure that a store lacks nothing, and that no finished chunk was done twice."""
        assert results.digest() == self.digest
        assert results.failures().empty
        entries = harness.entries(results.where)
        assert len(entries) == self.chunks
        assert set(entries.values()) == {1}
        parts = sorted(results.where.glob("parts/*"))
        assert [p.name for p in parts] == sorted(f"{chunk}.parquet" for chunk in entries)


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    site = harness.offer(folder)
    study = harness.write(folder, "slow", values=harness.VALUES, replications=256)
    with pytest.MonkeyPatch.context() as patch:
        # Found in this process too, where Dask's client is.
        patch.syspath_prepend(site)
        patch.setitem(os.environ, "FAULTS_LOG", str(folder / "log"))
        results = sweep(study, folder / "out", executor=harness.AtOnce())
        patch.delitem(os.environ, "FAULTS_LOG")
        runs = len(results.frame())
        assert harness.begun(folder / "log") == runs == len(harness.VALUES) * 256
        found = Whole(study, results.digest(), runs, site)
        found.check(results)
        yield found


@pytest.fixture(autouse=True)
def _nothing_left():
    """End what a test that failed has left."""
    yield
    for process in harness.STARTED:
        if process.poll() is None:
            process.kill()
            process.communicate()
    harness.STARTED.clear()
