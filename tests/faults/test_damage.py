"""Whatever the disk gives back otherwise than it was written is told, and done again."""

import pytest

from hedgerow.runs.folder import FolderError
from hedgerow.study.results import open_
from hedgerow.study.sweep import status, sweep
from tests.faults import harness


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study of three chunks, without a rule of its own."""
    path = tmp_path_factory.mktemp("study") / "study.toml"
    about = {"base": "baseline-2022-25", "replications": 64, "limit": 60}
    path.write_text(harness.STUDY.format(**about, values=[1.0, 1.5, 2.0]))
    return path


@pytest.fixture
def out(study, tmp_path):
    sweep(study, tmp_path / "out", executor=harness.AtOnce())
    return tmp_path / "out"


def flip(path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_bit_flipped_anywhere_in_a_part_or_the_design_is_redone(study, out) -> None:
    digest, size = open_(out).digest(), len(harness.entries(out))
    points = open_(out).points
    for path in (out / "points.parquet", sorted(out.glob("parts/*"))[1]):
        whole = path.read_bytes()
        for at in range(0, len(whole), len(whole) // 7):
            flip(path, at)
            with pytest.raises(FolderError, match="is damaged; start the sweep again"):
                open_(out)
            path.write_bytes(whole)
        flip(path, len(whole) // 2)
        again = sweep(study, out, executor=harness.AtOnce())
        assert again.digest() == digest
        assert again.points == points
    assert set(harness.entries(out).values()) == {1}
    assert len(harness.entries(out)) == size


def test_a_lost_or_truncated_design_is_written_again(study, out) -> None:
    points = open_(out).points
    path = out / "points.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    assert sweep(study, out, executor=harness.AtOnce()).points == points
    path.unlink()
    with pytest.raises(FolderError, match="is damaged"):
        open_(out)
    assert sweep(study, out, executor=harness.AtOnce()).points == points


@pytest.mark.parametrize("mark", ["000-000000", "000-000002", '"sha256": "00', '{"chunk"'])
def test_a_bit_flipped_in_the_journal_costs_one_part(study, out, mark) -> None:
    digest, journal = open_(out).digest(), out / "journal.jsonl"
    whole = journal.read_text()
    # A name that becomes another's, or nobody's; a checksum; the form of the line.
    at = whole.index(mark[:11]) + len(mark) - 1
    flip(journal, at)
    again = sweep(study, out, executor=harness.AtOnce())
    assert again.digest() == digest
    assert (status(out).done, status(out).total) == (192, 192)


def test_a_store_without_its_manifest_is_refused_and_left_alone(study, out) -> None:
    parts = {path: path.read_bytes() for path in out.glob("parts/*")}
    manifest = (out / "manifest.json").read_bytes()
    (out / "manifest.json").unlink()
    with pytest.raises(FolderError, match=r"has lost its manifest\.json; put it back"):
        sweep(study, out, executor=harness.AtOnce())
    assert {path: path.read_bytes() for path in out.glob("parts/*")} == parts
    (out / "manifest.json").write_bytes(manifest[:-200])
    with pytest.raises(FolderError, match=r"manifest\.json: cannot be read"):
        sweep(study, out, executor=harness.AtOnce())
    (out / "manifest.json").write_bytes(manifest)
    assert len(sweep(study, out, executor=harness.AtOnce()).frame()) == 192


@pytest.mark.parametrize("to", ["itself", "nowhere", "/dev/zero", ".."])
def test_a_part_that_became_a_link_is_redone(study, out, to) -> None:
    digest, part = open_(out).digest(), sorted(out.glob("parts/*"))[1]
    part.unlink()
    part.symlink_to(part.name if to == "itself" else to)
    assert sweep(study, out, executor=harness.AtOnce()).digest() == digest
