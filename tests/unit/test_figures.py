"""What a reader may count on in every figure: names, legends, readable type, no overlap."""

import itertools
import json
import subprocess
import sys
from importlib.resources import files
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text

import hedgerow
from hedgerow import figures
from hedgerow.data.load import countries
from hedgerow.figures import atlas, geometry, layout, movers, spending, style, terms
from hedgerow.report import tables
from hedgerow.wording.numbers import with_interval
from hedgerow.wording.terms import LABELS

# A handful of states: with an outline, without one, crowded, uncoded, and far east and west.
PLACES = pd.DataFrame(
    [
        ("CHN", "156", 35.0, 105.0),
        ("USA", "840", 38.0, -97.0),
        ("RUS", "643", 60.0, 100.0),
        ("FRA", "250", 46.0, 2.0),
        ("BRA", "076", -10.0, -55.0),
        ("FJI", "242", -18.0, 178.0),
        ("XKX", "", 42.7, 21.2),
        ("SGP", "702", 1.4, 103.8),
        ("MLT", "470", 35.9, 14.4),
        ("KNA", "659", 17.3, -62.7),
        ("ATG", "028", 17.1, -61.8),
        ("WSM", "882", -13.6, -172.3),
    ],
    columns=["iso3", "iso_numeric", "lat", "lon"],
).set_index("iso3")
SMALL = {"SGP", "MLT", "KNA", "ATG", "WSM"}
GREY = {"CHN": "China", "USA": "United States", "RUS": "Not simulated", "SGP": "Not simulated"}
NAMES = {"CHN": "China", "USA": "United States", "RUS": "Russia", "ARE": "United Arab Emirates"}


def draw_map(**changes: object) -> Figure:
    values = pd.DataFrame({"iso3": PLACES.index, "value": np.linspace(-0.7, 0.5, len(PLACES))})
    options = {"title": "Where states stand", "subtitle": "After ten years", "grey": GREY}
    return figures.alignment_map(values, places=PLACES, **{**options, **changes})


def draw_time(donors: int = 2, months: int = 120, spread: float = 0.02) -> Figure:
    codes = [*NAMES, *(f"D{i:02d}" for i in range(20))][:donors]
    tables = []
    for i, code in enumerate(codes):
        median = 0.3 + spread * i + np.linspace(0, 0.1, months)
        when = pd.date_range("2025-01-01", periods=months, freq="MS")
        tables.append(
            pd.DataFrame({"donor": code, "month": when, "median": median}).assign(low=median - 0.05, high=median + 0.05)
        )
    return figures.alignment_over_time(pd.concat(tables), names=NAMES)


def partner_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    codes = [f"S{i:02d}" for i in range(40)]
    median = np.arange(40, 0, -1.0)
    names = [f"State number {code}" for code in codes]
    simulated = pd.DataFrame({"recipient": codes, "name": names, "median": median})
    simulated = simulated.assign(low=median - 1, high=median + 9)
    simulated.loc[2, "name"] = "Democratic Republic of a Very Long Name"
    observed = pd.DataFrame({"recipient": ["S02", "S39", "S30", "ZZZ"], "count": [9, 4, 0, 2]})
    return simulated, observed


def draw_months(months: int = 24, first: str = "2025-01-01") -> Figure:
    when = pd.date_range(first, periods=months, freq="MS")
    tables = [
        pd.DataFrame({"month": when, "setting": setting, "median": 1.0 + (when.month == 9) * 9})
        for setting in ("multilateral", "stand_alone", "sideline")
    ]
    table = pd.concat(tables, ignore_index=True)
    table = table.assign(low=table["median"] * 0.5, high=table["median"] * 2)
    return figures.meetings_by_month(table, [m for m in when if m.month == 9])


def draw_difference_map(**changes: object) -> Figure:
    mean = np.linspace(-0.03, 0.05, len(PLACES))
    table = pd.DataFrame({"recipient": PLACES.index, "mean": mean})
    table = table.assign(low=table["mean"] - 0.02, high=table["mean"] + 0.02)
    options = {"title": "Where states move", "grey": GREY, "places": PLACES}
    return figures.map_difference(table, **{**options, **changes})


def moves(count: int = 40, least: float = -0.04) -> pd.DataFrame:
    mean = np.linspace(least, 0.08, count)
    names = [f"State number {i:02d}" for i in range(count)]
    return pd.DataFrame({"name": names, "mean": mean, "low": mean - 0.045, "high": mean + 0.02})


def draw_terms(donors: int = 2, *, banded: bool = True, tiny: float = 1.0) -> Figure:
    sizes = {"gaps": 0.8, "trust": 0.4, "price": -0.6, "of my own": 0.1, "constant": 0.0}
    rows = [
        (donor, term, tiny * value * (1 + i), tiny * (value - 0.1), tiny * (value + 0.1))
        for i, donor in enumerate([*NAMES][:donors])
        for term, value in [*sizes.items(), ("total", sum(sizes.values()))]
    ]
    table = pd.DataFrame(rows, columns=["donor", "term", "value", "low", "high"])
    table = table if banded else table.drop(columns=["low", "high"])
    return figures.explain_terms(table, names=NAMES, title="Why", scale="Utility of a course for a police force, no unit")


def amounts(donors: int = 2) -> pd.DataFrame:
    items = {"Spent": ("US$", 4.2e8), "Officers trained": ("people", 57000.0)}
    rows = [
        (item, unit, donor, size * (1 + i), size * (0.4 + i), size * (3.5 + i))
        for item, (unit, size) in items.items()
        for i, donor in enumerate([*NAMES][:donors])
    ]
    return pd.DataFrame(rows, columns=["item", "unit", "donor", "value", "low", "high"])


def changed() -> pd.DataFrame:
    rows = [("Spent", "US$", "CHN", -3.1e6, -8.9e7, 5.7e7), ("Spent", "US$", "USA", 9e6, 1e3, 2e7)]
    return pd.DataFrame(rows, columns=["item", "unit", "donor", "value", "low", "high"])


def draw_regions(donors: int = 2, months: int = 36, *, change: bool = False) -> Figure:
    parts = []
    for r, region in enumerate(["Africa", "Americas", "Asia", "Europe", "Oceania"]):
        for i, donor in enumerate([*NAMES][:donors]):
            middle = np.linspace(0, 0.01 * (r - i), months) + (0 if change else 0.1 + 0.15 * r)
            when = pd.date_range("2022-06-01", periods=months, freq="MS")
            part = pd.DataFrame({"region": region, "donor": donor, "month": when})
            parts.append(part.assign(median=middle, low=middle - 0.02, high=middle + 0.02))
    return figures.alignment_by_region(pd.concat(parts), names=NAMES, change=change)


CASES = {
    "map of differences": draw_difference_map,
    "map where nothing is clear": lambda: draw_difference_map(title="None", grey=None),
    "movers": lambda: figures.who_moves(moves(), title="Who moves"),
    "movers one way only": lambda: figures.who_moves(moves(20, 0.01)),
    "movers by a hair": lambda: figures.who_moves(moves(3).assign(mean=0.0, low=0.0, high=0.0)),
    "terms": draw_terms,
    "terms of four donors, without intervals": lambda: draw_terms(4, banded=False),
    "terms of one donor, tiny": lambda: draw_terms(1, tiny=1e-4),
    "costs": lambda: figures.costs(amounts(), names=NAMES),
    "costs of four donors": lambda: figures.costs(amounts(4), names=NAMES),
    "changes of cost": lambda: figures.costs(changed(), names=NAMES, change=True),
    "regions": draw_regions,
    "changes by region": lambda: draw_regions(4, 120, change=True),
    "regions for half a year": lambda: draw_regions(1, 6),
    "map": draw_map,
    "map with long texts": lambda: draw_map(
        title="Most states stand a little nearer to one side than to the other, few stand far",
        subtitle="A subtitle that is so long that it must be broken over two lines " * 2,
        legend_low="Much closer to the United States than to China",
        legend_high="Much closer to China than to the United States",
        limit=0.4,
    ),
    "two donors": draw_time,
    "ten donors in a bunch": lambda: draw_time(10, 24, 0.001),
    "twenty donors": lambda: draw_time(20, 60),
    "partners": lambda: figures.meetings_by_partner(*partner_tables()),
    "partners without a record": lambda: figures.meetings_by_partner(partner_tables()[0], pd.DataFrame()),
    "one year of months": lambda: draw_months(12),
    "two years of months": draw_months,
    "ten years of months": lambda: draw_months(120),
    "thirty years of months": lambda: draw_months(360),
    "forum in the first month": lambda: draw_months(30, "2025-09-01"),
}


@pytest.fixture(scope="module", params=list(CASES))
def figure(request: pytest.FixtureRequest) -> Figure:
    return CASES[request.param]()


def texts(figure: Figure) -> list[Text]:
    """List the texts a reader sees; ticks outside the view are not drawn."""
    found = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        found += [axes.title, axes._left_title, *axes.texts]
        legend = axes.get_legend()
        found += legend.get_texts() if legend else []
        if not axes.axison:
            continue
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            inside = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            found += [axis.label, *(tick.label1 for tick in inside if tick.label1.get_visible())]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def boxes(figure: Figure) -> list[tuple[str, np.ndarray]]:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    # An arrow belongs to an annotation's extent, so the plain text's own box is asked for.
    return [(t.get_text(), Text.get_window_extent(t, renderer).extents) for t in texts(figure)]


def test_texts_lie_on_the_canvas_and_apart(figure: Figure) -> None:
    width, height = figure.bbox.width, figure.bbox.height
    found = boxes(figure)
    for text, (x0, y0, x1, y1) in found:
        assert x0 >= 0, text
        assert y0 >= 0, text
        assert x1 <= width, text
        assert y1 <= height, text
    for (one, a), (two, b) in itertools.combinations(found, 2):
        shared = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
        assert not (shared > 1).all(), f"{one!r} runs into {two!r}"


def test_every_axes_is_named_and_has_a_legend(figure: Figure) -> None:
    plots = [axes for axes in figure.axes if axes.axison]
    has_map = len(plots) < len(figure.axes)
    each = (axes.get_legend() for axes in figure.axes if axes.axison != has_map)
    assert figure.legends or all(each)
    assert any(axes.get_xlabel() for axes in plots)
    named = [axes.get_ylabel() or [t.get_text() for t in axes.get_yticklabels()] for axes in plots]
    # A panel without a name of its own stands beside one that has it.
    rows = {axes.get_position().y0 for axes, name in zip(plots, named, strict=True) if name}
    assert has_map or {axes.get_position().y0 for axes in plots} == rows


def test_type_is_large_enough_at_print_size(figure: Figure) -> None:
    assert figure.get_figwidth() == style.WIDTH
    assert min(text.get_fontsize() for text in texts(figure)) >= 9


def test_drawing_leaves_matplotlib_settings_alone() -> None:
    before = dict(matplotlib.rcParams)
    draw_time()
    assert dict(matplotlib.rcParams) == before


def test_states_without_an_outline_are_dots() -> None:
    axes = draw_map().axes[0]
    dots = {line.get_gid(): line for line in axes.lines if isinstance(line, Line2D)}
    assert set(dots) == {f"dot-{iso3}" for iso3 in SMALL}
    places = axes.transData.transform([np.ravel(line.get_xydata()) for line in dots.values()])
    pairs = itertools.combinations(places, 2)
    assert min(np.hypot(*(a - b)) for a, b in pairs) >= atlas.DOT / 72 * axes.figure.dpi


def test_map_colours_sides_and_omits_antarctica() -> None:
    values = pd.DataFrame({"iso3": ["FRA", "BRA"], "value": [-0.5, 0.5]})
    axes = figures.alignment_map(values, title="Two", places=PLACES).axes[0]
    lands = {p.get_gid(): p for p in axes.patches if isinstance(p, PathPatch)}
    red, _, blue, _ = lands["land-FRA"].get_facecolor()
    assert blue > red
    red, _, blue, _ = lands["land-BRA"].get_facecolor()
    assert red > blue
    assert "land-010" not in lands
    assert len(lands) >= 174


@pytest.mark.parametrize(
    "values",
    [
        pd.DataFrame({"iso3": ["FRA"]}),
        pd.DataFrame({"iso3": [], "value": []}),
        pd.DataFrame({"iso3": ["QQQ"], "value": [0.1]}),
        pd.DataFrame({"iso3": ["FRA"], "value": [np.nan]}),
    ],
)
def test_map_refuses_what_it_cannot_draw(values: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"lacks|no rows|has no|no state"):
        figures.alignment_map(values, title="None", places=PLACES)


def test_projection_known_answers() -> None:
    lon, lat = np.array([0.0, 180.0, 0.0, 30.0, -30.0]), np.array([0.0, 0.0, 90.0, 40.0, -40.0])
    x, y = geometry.equal_earth(lon, lat)
    np.testing.assert_allclose([x[0], y[0]], 0, atol=1e-12)
    np.testing.assert_allclose(x[1], 2.706629, atol=1e-5)
    np.testing.assert_allclose(y[2], 1.317362, atol=1e-5)
    np.testing.assert_allclose([x[3], y[3]], [-x[4], -y[4]], atol=1e-12)


def test_projection_keeps_areas() -> None:
    lat = np.linspace(-90, 90, 20001)
    x, y = geometry.equal_earth(np.full_like(lat, 180.0), lat)
    assert np.trapezoid(2 * x, y) == pytest.approx(4 * np.pi, rel=1e-5)


def test_world_map_is_decoded_whole() -> None:
    world = geometry.world()
    assert len(world) == 177
    brazil = max(dict(world)["076"], key=len)
    low, high, middle = brazil.min(axis=0), brazil.max(axis=0), brazil.mean(axis=0)
    assert ((low < middle) & (middle < high)).all()
    assert low == pytest.approx([-74.0, -33.8], abs=0.5)
    assert high == pytest.approx([-34.7, 5.2], abs=0.5)
    assert all((ring[0] == ring[-1]).all() for _, rings in world for ring in rings)


def test_decode_refuses_a_feature_without_a_number() -> None:
    text = files("hedgerow.data").joinpath(geometry.MAP_FILE).read_text(encoding="utf-8")
    topology = json.loads(text)
    topology["objects"]["countries"]["geometries"][0] = {"type": "Polygon", "arcs": [], "properties": {"name": "Nowhere"}}
    with pytest.raises(ValueError, match="Nowhere"):
        geometry.decode(topology)


@pytest.mark.parametrize("middle", [0.0, 11.0, 150.0])
def test_no_outline_jumps_across_the_map(middle: float) -> None:
    for number, rings in geometry.world():
        for ring in rings if number != "010" else []:
            for piece in geometry.pieces(ring, middle):
                assert np.abs(piece[:, 0]).max() <= 180
                assert np.abs(np.diff(piece[:, 0])).max() < 90, number


def test_partners_shown_are_the_most_met_and_the_recorded() -> None:
    axes = figures.meetings_by_partner(*partner_tables()).axes[0]
    shown = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    expected = [f"State number S{i:02d}" for i in [*range(15), 39]]
    expected[2] = "Democratic Republic of a Very Long Name"
    assert shown == [*expected, "ZZZ"]


def test_labels_spread_no_further_than_needed() -> None:
    assert layout.spread(np.array([0.5, 0.1]), 0.1, 1.0) == pytest.approx([0.5, 0.1])
    assert layout.spread(np.array([0.5, 0.5]), 0.1, 1.0) == pytest.approx([0.45, 0.55])
    assert layout.spread(np.array([1.0, 1.0]), 0.1, 1.0) == pytest.approx([0.9, 1.0])


def test_saved_files_do_not_change(tmp_path: object) -> None:
    table = moves()
    draw = {"one.png": draw_time, "v1.5": draw_time, "map": draw_map, "map2.svg": draw_map}
    made = [figures.save(f(), f"{tmp_path}/{name}", svg=True, data=table) for name, f in draw.items()]
    assert [path.name for path in made[1]] == ["v1.5.png", "v1.5.svg", "v1.5.csv"]
    content = [[path.read_bytes() for path in paths] for paths in made]
    assert content[0] == content[1]
    assert content[2] == content[3]
    assert b"date" not in content[0][1][:2000].lower()
    pd.testing.assert_frame_equal(pd.read_csv(made[0][2]), table)


@pytest.mark.parametrize("case", ["map of differences", "terms", "changes of cost", "partners"])
def test_an_svg_stands_alone_and_says_what_it_shows(case: str) -> None:
    figure = CASES[case]()
    drawn = ElementTree.fromstring(figures.as_svg(figure))
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == figures.describe(figure)
    links = [v for e in drawn.iter() for k, v in e.attrib.items() if k.endswith(("href", "src"))]
    assert all(link.startswith(("#", "data:")) for link in links)
    assert not [e for e in drawn.iter() if e.tag.endswith(("}text", "}script"))]


def test_every_figure_describes_itself(figure: Figure) -> None:
    said = figures.describe(figure)
    title = " ".join(figure.texts[0].get_text().split())
    assert said.startswith(title)
    assert len(said) > len(title) + 30
    assert "nan" not in said


def test_markup_in_a_title_stays_text() -> None:
    title = '<script>alert(1)</script> $x^2$ & "more"'
    drawn = figures.as_svg(figures.who_moves(moves(3), title=title))
    assert "<script" not in drawn
    assert title in ElementTree.fromstring(drawn).get("aria-label")


def test_the_library_costs_nothing_until_a_figure_is_drawn() -> None:
    code = (
        "import sys, hedgerow.figures as f, hedgerow.report.comparing; "
        "assert set(f.__all__) == set(dir(f)); "
        "assert 'matplotlib' not in sys.modules; [getattr(f, name) for name in dir(f)]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_clear_are_coloured_by_side_and_the_unclear_pale() -> None:
    table = pd.DataFrame(
        [("FRA", 0.05, 0.01, 0.09), ("BRA", -0.05, -0.09, -0.01), ("FJI", 0.09, -0.01, 0.2)],
        columns=["recipient", "mean", "low", "high"],
    )
    figure = figures.map_difference(table, title="Three", places=PLACES)
    lands = {p.get_gid(): p for p in figure.axes[0].patches if isinstance(p, PathPatch)}
    (red, _, blue, _), (red2, _, blue2, _) = (lands[f"land-{code}"].get_facecolor() for code in ("FRA", "BRA"))
    assert red > blue
    assert blue2 > red2
    assert min(lands["land-FJI"].get_facecolor()) > 0.9
    assert "no clear direction: 1 states" in figures.describe(figure)


def test_movers_shown_are_the_furthest_either_way() -> None:
    table = pd.DataFrame({"name": list("ABCDEF"), "mean": [0.3, 0.1, -0.2, 0.2, -0.1, 0.0]})
    assert "".join(movers.most_moved(table, 2)["name"]) == "ADEC"
    assert "".join(movers.most_moved(table, 1)["name"]) == "AC"
    # Only two go down, so that a third that goes up takes the row left over.
    assert "".join(movers.most_moved(table, 3)["name"]) == "ADBEC"
    assert "".join(movers.most_moved(table[table["mean"] > 0], 1)["name"]) == "AD"
    assert "".join(movers.most_moved(table[table["mean"] == 0], 1)["name"]) == "F"


def test_terms_shown_are_the_largest_and_the_total() -> None:
    table = pd.DataFrame(
        [
            ("CHN", "gaps", 0.1),
            ("USA", "gaps", -0.9),
            ("CHN", "trust", 0.5),
            ("CHN", "price", 0.004),
            ("CHN", "total", 0.604),
        ],
        columns=["donor", "term", "value"],
    )
    assert terms.terms_shown(table) == ["gaps", "trust", "total"]
    with pytest.raises(ValueError, match="every term is zero"):
        figures.explain_terms(table.assign(value=0.0))


def test_terms_have_words_for_all_the_model_names() -> None:
    from hedgerow.runs.explain import explain

    found = explain("baseline-2022-25", "KEN", "2022-06", runs=1).table
    assert set(found["term"]) <= set(LABELS)


@pytest.mark.parametrize(
    ("values", "sign", "expected"),
    [
        ((331.4, 169.0, 762.0), False, "331 (169 to 762)"),
        ((81.1, -1060.0, 1279.0), True, "+80 (−1,060 to +1,280)"),
        ((-2.96, -88.1, 56.94), True, "−3.0 (−88.1 to +56.9)"),
        ((0.0049, 5.7e-6, 0.0095), True, "+0.00490 (+0.00001 to +0.00950)"),
        ((0.49, 5.7e-6, 0.95), True, "+0.490 (just above 0 to +0.950)"),
        ((0.0, 0.0, 0.0), True, "0 (0 to 0)"),
    ],
)
def test_a_number_and_its_interval_share_their_places(values, sign, expected) -> None:
    assert with_interval(values, sign=sign) == expected


def test_amounts_are_scaled_for_readers() -> None:
    rows = amounts()
    numbers, unit = spending.sized(rows[rows["item"] == "Spent"])
    assert unit == "US$ million"
    assert numbers["value"].tolist() == [420.0, 840.0]
    numbers, unit = spending.sized(rows[rows["item"] == "Officers trained"])
    assert (unit, numbers["value"].max()) == ("people", 114000.0)


@pytest.mark.parametrize("name", ["map_difference", "who_moves", "alignment_by_region", "explain_terms", "costs"])
@pytest.mark.parametrize("table", [pd.DataFrame(), pd.DataFrame({"donor": ["CHN"]})])
def test_what_lacks_columns_is_refused(name: str, table: pd.DataFrame) -> None:
    title = {"title": "None"} if name == "map_difference" else {}
    with pytest.raises(ValueError, match="lacks the columns"):
        getattr(figures, name)(table, **title)


def test_tables_of_a_run_fit_the_figures() -> None:
    run = hedgerow.run(hedgerow.load("baseline-2022-25", months=3), runs=1)
    regions, whole = tables.region_bands(run), tables.alignment_bands(run)
    where = run.table("panel")["recipient"].astype(str).unique()
    states = countries().loc[where, "region"].value_counts()
    # With one run, the mean over all states is that of the regions, weighted by their states.
    weighted = regions["median"] * regions["region"].map(states) / states.sum()
    joined = weighted.groupby([regions["donor"], regions["month"]]).sum()
    expected = whole.set_index(["donor", "month"])["median"]
    pd.testing.assert_series_equal(joined, expected, check_names=False, rtol=1e-5)
    change = tables.region_bands(run, change=True)
    assert (change.loc[change["month"] == change["month"].min(), "median"] == 0).all()
    spent = tables.costs(run)
    assert spent["item"].unique().tolist() == ["Spent", "Officers trained", "Equipment given"]
    assert spent["value"].iloc[0] == run.outcomes["spent_usd_CHN"].iloc[0]
    for figure in (
        figures.alignment_by_region(change, names=run.donor_names, change=True),
        figures.costs(spent, names=run.donor_names),
    ):
        assert "China" in figures.describe(figure)


def test_changes_of_cost_come_from_the_pairs_of_runs() -> None:
    one = hedgerow.load("baseline-2022-25", months=2)
    found = hedgerow.compare(one, one, runs=2)
    table = tables.cost_changes(found, next(iter(found.variants)))
    assert len(table) == 6
    assert (table[["value", "low", "high"]] == 0).all(axis=None)
    assert figures.costs(table, change=True).axes
