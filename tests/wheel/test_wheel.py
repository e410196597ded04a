"""A wheel, built and installed in a clean environment, runs from another folder."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Return the bin folder of an environment that holds only the wheel and what it needs."""
    where = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(where), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", str(where / "env")], check=True)
    wheel = next(where.glob("*.whl"))
    bin_ = where / "env" / "bin"
    pip = [str(bin_ / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.txt")], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return bin_


def run(installed: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(installed / "hedgerow"), *words], cwd=cwd, capture_output=True, text=True, check=False)


def test_it_runs_a_shipped_scenario_by_name(installed, tmp_path) -> None:
    done = run(installed, tmp_path, "run", "leahy-off", "--runs", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["runs"] == 2
    assert (tmp_path / "results" / "leahy-off" / "map.png").is_file()


def test_it_carries_scenarios_and_experiments(installed, tmp_path) -> None:
    listed = json.loads(run(installed, tmp_path, "scenario", "list", "--json").stdout)
    assert {s["name"] for s in listed} == {p.stem for p in (ROOT / "scenarios").glob("*.toml")}
    find = "from hedgerow.scenario.find import shipped; print(*shipped('experiments').iterdir())"
    done = subprocess.run([str(installed / "python"), "-c", find], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "gravity" in done.stdout
    assert str(ROOT) not in done.stdout


def test_the_source_root_is_not_a_package(installed, tmp_path) -> None:
    done = subprocess.run([str(installed / "python"), "-c", "import model"], cwd=tmp_path, check=False)
    assert done.returncode != 0
