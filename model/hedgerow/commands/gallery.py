"""``hedgerow gallery``: the page of all studies, each with its question, finding and picture.

Question and finding stand in a study's own ``README.md``; the picture is the first that it shows,
else ``headline.png``, which is drawn from the study's results where they are given.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, unquote

import typer

from hedgerow.commands.options import Json, say, stop
from hedgerow.disk.plain import visible

PAGE, HEADLINE, STUDY = "README.md", "headline.png", "study.toml"
HEAD = "# Experiments\n\n| folder | question | finding |\n| --- | --- | --- |\n"
FOOT = "`hedgerow gallery --results results` writes this page anew, from the results of sweeps.\n"


@dataclass(frozen=True)
class GalleryEntry:
    """What the gallery shows of a study."""

    name: str
    question: str
    finding: str
    picture: str
    alt: str


def gallery(
    experiments: Annotated[Path, typer.Argument(help="Folder of the studies.")] = Path("experiments"),
    results: Annotated[Path | None, typer.Option(help="Folder with results by study, to redraw headlines from.")] = None,
    as_json: Json = False,
) -> None:
    """Write the page of all studies: question, finding, picture."""
    from hedgerow.disk import whole
    from hedgerow.runs.folder import FolderError, claimed_file
    from hedgerow.scenario.errors import ScenarioError

    if not experiments.is_dir():
        raise FolderError(f"{experiments}: no such folder; run this where the studies are")
    folders = sorted(p.parent for p in experiments.glob(f"*/{PAGE}"))
    if not folders:
        raise FolderError(f"{experiments}: holds no study with a {PAGE}")
    page = experiments / PAGE
    drawn: list[str] = []
    faults: list[str] = []
    entries: list[GalleryEntry] = []
    with claimed_file(page):
        before = _text(page) if page.exists() else ""
        for folder in folders:
            whole.clear(folder, HEADLINE)
            try:
                alt = headline(folder, results / folder.name) if results is not None else ""
                drawn += [folder.name] if alt else []
                entries.append(entry(folder, before, alt))
            except (FolderError, ScenarioError) as error:
                faults.append(str(error))
                entries.append(_unreadable(folder.name, before, str(error)))
        if len(faults) == len(folders):
            stop(*faults)
        entries = in_order(entries, before)
        whole.write(page, page_of(entries).encode())
    if as_json:
        say({"page": str(page), "studies": [vars(e) for e in entries], "drawn": drawn})
    else:
        bare = [e.name for e in entries if not e.picture]
        print(f"{page}: {len(entries)} studies, {len(drawn)} pictures drawn anew")
        if bare:
            print(f"Without a picture: {', '.join(bare)}; sweep them, then give --results")
    if faults:
        stop(*faults)


def entry(folder: Path, before: str = "", drawn: str = "") -> GalleryEntry:
    """Return what the gallery shows of a study.

    Parameters
    ----------
    folder : Path
        The study's own folder.
    before : str
        The page as it was; its finding is kept where the study's own opens with a table, and what
        it says of a picture where that is not drawn anew.
    drawn : str
        What a headline drawn just now shows.

    Raises
    ------
    FolderError
        If the study's page lacks its question.
    ScenarioError
        If the study's file cannot be read.
    """
    from hedgerow.runs.folder import FolderError
    from hedgerow.study.studyfile import parse, text_of

    text = _text(folder / PAGE)
    question = _paragraph(text, "Question")
    if not question:
        raise FolderError(f"{folder / PAGE}: has no paragraph that begins with **Question.**")
    told = ""
    if (folder / STUDY).is_file():
        told = parse(text_of(folder / STUDY), folder / STUDY).study.finding
    own = _first_sentence(_paragraph(text, "Finding"))
    kept = _rows(before).get(folder.name, "")
    shown = re.search(r"!\[([^\]]*)\]\(([^):]+\.png)\)", text)
    alt, picture = (shown[1], shown[2]) if shown else ("", "")
    if (folder / HEADLINE).is_file() and not picture:
        was = re.search(rf"!\[([^\]]*)\]\({re.escape(folder.name)}/{HEADLINE}\)", before)
        alt, picture = drawn or (was[1] if was else question), HEADLINE
    return GalleryEntry(folder.name, question, told or own or kept, picture, alt)


def _unreadable(name: str, before: str, fault: str) -> GalleryEntry:
    """Return a study that cannot be read, with what the page told of its finding and picture."""
    shown = re.search(rf"!\[([^\]]*)\]\({re.escape(_link(name))}/([^)]+)\)", before)
    alt, picture = (shown[1], unquote(shown[2])) if shown else ("", "")
    return GalleryEntry(name, f"This one cannot be read, because {fault}", _rows(before).get(name, ""), picture, alt)


def _text(path: Path) -> str:
    """Return a page of Markdown, which may be long and must be text."""
    from hedgerow.disk import reading
    from hedgerow.runs.folder import FolderError

    try:
        return reading.text(path)
    except reading.UnreadableError as error:
        raise FolderError(f"{path}: {error.fault}") from None
    except OSError as error:
        raise FolderError(f"{path}: cannot be read: {error.strerror}") from None


def in_order(entries: list[GalleryEntry], before: str) -> list[GalleryEntry]:
    """Return entries in the order of the page as it was, new ones last."""
    order = list(_rows(before))
    return sorted(entries, key=lambda e: order.index(e.name) if e.name in order else len(order))


def page_of(entries: list[GalleryEntry]) -> str:
    """Return the page."""
    rows = [f"| [{_cell(e.name)}]({_link(e.name)}/{PAGE}) | {_cell(e.question)} | {_cell(e.finding)} |" for e in entries]
    parts = [
        f"## {_cell(e.name)}\n\n**{_cell(e.finding or e.question)}** ([the study]({_link(e.name)}/{PAGE}))\n\n"
        f"![{_cell(e.alt)}]({_link(e.name)}/{_link(e.picture)})\n"
        for e in entries
        if e.picture
    ]
    return "\n".join([HEAD + "\n".join(rows) + "\n", *parts, FOOT])


def headline(folder: Path, results: Path) -> str:
    """Draw a study's headline picture from its results, if there are any; say what it shows."""
    from hedgerow import figures
    from hedgerow.analysis import analyse
    from hedgerow.commands.analyse import drawings

    if not (results / "manifest.json").is_file():
        return ""
    for _, draw in drawings(analyse(results, versus=_base(folder))):
        figure = draw()
        figures.save(figure, folder / HEADLINE)
        return figures.describe(figure).replace("[", "(").replace("]", ")")
    return ""


def _base(folder: Path) -> str | None:
    """Return the scenario that a study's base builds on, where the study itself holds no base."""
    from hedgerow.runs.manifest import SCENARIO
    from hedgerow.scenario.find import find
    from hedgerow.scenario.load import read
    from hedgerow.study.studyfile import parse, text_of

    file = parse(text_of(folder / STUDY), folder / STUDY)
    paths = file.design.factors
    chosen = [p for p, table in paths.items() if p.startswith("policies.") and table.values]
    if SCENARIO in paths or file.design.method != "grid" or not chosen:
        return None
    above = read(find(file.study.base, folder)).get("extends")
    return str(above) if above else None


def _paragraph(text: str, word: str) -> str:
    found = re.search(rf"\*\*{word}\.\*\*\s+(.*?)(?:\n\s*\n|\Z)", text, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def _first_sentence(text: str) -> str:
    """Return the first sentence, or nothing where the text only leads up to a table."""
    found = re.match(r"(.+?[.?!])(?:\s|$)", text)
    return found[1] if found else ""


def _rows(page: str) -> dict[str, str]:
    """Return the findings of a page by study, in order."""
    return dict(_cells(page))


def _cells(page: str) -> Iterator[tuple[str, str]]:
    for line in page.splitlines():
        found = re.match(r"\| \[([^\]]+)\]\([^)]*\) \| .* \| (.*?) \|\s*$", line)
        if found:
            yield found[1], found[2]


def _cell(text: str) -> str:
    """Return a text as a cell of a table holds it: on one line, no bar and no tag of its own."""
    line = re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))
    return visible(line).replace("<", "&lt;").replace(">", "&gt;")


def _link(path: str) -> str:
    return quote(path, safe="/")
