"""The command line: what it prints, and one clear message for every mistake."""

import json
import subprocess
import sys
import tomllib
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from hedgerow.cli import main
from hedgerow.scenario.find import shipped

NEW = "my-what-if.toml"


def in_a_process(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from hedgerow.cli import main; main()", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def hedgerow(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line here, which spares it from importing everything anew."""
    code, out, err = 0, StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["hedgerow", *words])
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def test_a_run_from_another_folder_writes_tables_and_pictures(tmp_path) -> None:
    done = in_a_process("run", "baseline-2022-25", "--runs", "2", "--months", "16", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    where = tmp_path / "results" / "baseline-2022-25"
    for name in ("panel.parquet", "outcomes.parquet", "manifest.json", "map.png", "months.png"):
        assert (where / name).stat().st_size > 0, name
    assert "Meetings held by China" in done.stdout
    assert "90% interval" in done.stdout


def test_json_is_the_same_run_in_numbers(tmp_path) -> None:
    done = hedgerow("run", "leahy-off", "--runs", "2", "--months", "14", "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert told["runs"] == 2
    assert {"outcome", "median", "low", "high", "unit", "name"} <= set(told["outcomes"][0])


def test_a_setting_reaches_the_model(tmp_path) -> None:
    options = ("--runs", "1", "--months", "12", "--json")
    settings = ("--set", "policies.leahy.strictness=0")
    done = hedgerow("run", "baseline-2022-25", *settings, *options, cwd=tmp_path)
    denied = [o for o in json.loads(done.stdout)["outcomes"] if o["outcome"] == "officers_denied_USA"]
    assert denied[0]["median"] == 0


MISTAKES = {
    "no such scenario": (("run", "baseline-2022"), "did you mean 'baseline-2022-25'?"),
    "no runs": (("run", "leahy-off", "--runs", "0"), "greater than or equal to 1"),
    "unknown key": (
        ("run", "leahy-off", "--set", "policies.leahy.strictnes=0.5"),
        "policies.leahy.strictnes: unknown key 'strictnes'; did you mean 'strictness'?",
    ),
    "out of range": (("run", "leahy-off", "--set", "policies.leahy.strictness=3"), "1"),
    "no value": (("run", "leahy-off", "--set", "months"), "KEY=VALUE"),
    "no months": (("run", "baseline-2022-25", "--months", "0"), "greater than or equal to 1"),
    "a directory": (("run", "."), "directory"),
    "unknown fact": (("facts", "A999"), "unknown fact 'A999'"),
    "taken file": (("scenario", "new", "taken.toml"), "exists already"),
    "taken folder": (("run", "leahy-off", "--runs", "1", "--out", "taken"), "holds other files"),
    "not writable": (("run", "leahy-off", "--runs", "1", "--out", "/proc/results"), "cannot be written"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_gets_one_message_and_exit_code_2(tmp_path, case) -> None:
    words, message = MISTAKES[case]
    (tmp_path / "taken.toml").write_text("mine")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("mine")
    done = hedgerow(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert (tmp_path / "taken.toml").read_text() == "mine"
    assert [p.name for p in (tmp_path / "taken").iterdir()] == ["notes.txt"]


def test_a_mistake_ends_a_process_of_its_own_alike(tmp_path) -> None:
    words, message = MISTAKES["unknown key"]
    done, here = in_a_process(*words, cwd=tmp_path), hedgerow(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (here.returncode, here.stdout, here.stderr)
    assert message in done.stderr


def test_a_new_scenario_can_be_checked_shown_and_run(tmp_path) -> None:
    assert hedgerow("scenario", "new", NEW, cwd=tmp_path).returncode == 0
    assert "good" in hedgerow("scenario", "check", NEW, cwd=tmp_path).stdout
    assert "looser_vetting" in hedgerow("scenario", "show", NEW, cwd=tmp_path).stdout
    done = hedgerow("run", NEW, "--runs", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("scenario", "list"), "leahy-off"),
        (("parameters",), "parameters.acceptance.gap"),
        (("countries",), "Kenya"),
        (("countries", "--imputed"), "us_military_aid_usd"),
        (("facts", "A013"), "2700"),
        (("--help",), "hedgerow run baseline-2022-25"),
    ],
)
def test_lists_show_what_they_promise(tmp_path, words, expected) -> None:
    done = hedgerow(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout


def test_every_parameter_tells_unit_range_status_and_source(tmp_path) -> None:
    rows = json.loads(hedgerow("parameters", "--json", cwd=tmp_path).stdout)
    assert len(rows) > 200
    for row in rows:
        assert row["unit"], row["path"]
        assert row["source"], row["path"]
        assert row["status"] in {"source", "literature", "calibrated", "assumption"}
        assert row["default"] is None or row["low"] <= row["default"] <= row["high"], row["path"]


def test_the_schema_accepts_every_shipped_scenario(tmp_path) -> None:
    schema = json.loads(hedgerow("scenario", "schema", cwd=tmp_path).stdout)
    validator = jsonschema.Draft202012Validator(schema)
    for path in shipped("scenarios").glob("*.toml"):
        raw = json.loads(json.dumps(tomllib.loads(path.read_text()), default=str))
        assert [e.message for e in validator.iter_errors(raw)] == [], path.name
    for wrong in ({"monhts": 3}, {"policies": {"leahy": {"strictness": 3}}}):
        assert list(validator.iter_errors(wrong)), wrong


def test_the_schema_describes_every_key_of_a_file(tmp_path) -> None:
    schema = json.loads(hedgerow("scenario", "schema", cwd=tmp_path).stdout)
    assert {"extends", "title", "donors", "policies", "events"} <= set(schema["properties"])
    assert "unit" in json.dumps(schema["$defs"]["Acceptance"])


@pytest.mark.parametrize("package", ["numpy", "pandas", "mesa", "pydantic", "matplotlib"])
def test_importing_hedgerow_and_its_help_load_nothing_heavy(package) -> None:
    code = f"import sys, hedgerow, hedgerow.cli; sys.exit('{package}' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
