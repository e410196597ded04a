"""What a reader may count on in every figure: names, legends, readable type, no overlap."""

import itertools
import json
from importlib.resources import files

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from hedgerow.report import figures, geometry, layout, maps, style

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
    return maps.alignment_map(values, places=PLACES, **{**options, **changes})


def draw_time(donors: int = 2, months: int = 120, spread: float = 0.02) -> Figure:
    codes = [*NAMES, *(f"D{i:02d}" for i in range(20))][:donors]
    tables = []
    for i, code in enumerate(codes):
        median = 0.3 + spread * i + np.linspace(0, 0.1, months)
        when = pd.date_range("2025-01-01", periods=months, freq="MS")
        tables.append(
            pd.DataFrame({"donor": code, "month": when, "median": median})
            .assign(low=median - 0.05, high=median + 0.05)
        )  # fmt: skip
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


CASES = {
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
    "partners without a record": lambda: figures.meetings_by_partner(
        partner_tables()[0], pd.DataFrame()
    ),
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
    found = list(figure.texts)
    for axes in figure.axes:
        found += [axes.title, *axes.texts]
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
    assert all(axes.get_legend() for axes in figure.axes if axes.axison != has_map)
    assert any(axes.get_xlabel() for axes in plots)
    named = [axes.get_ylabel() or [t.get_text() for t in axes.get_yticklabels()] for axes in plots]
    assert has_map or all(named)


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
    assert min(np.hypot(*(a - b)) for a, b in pairs) >= maps.DOT / 72 * axes.figure.dpi


def test_map_colours_sides_and_omits_antarctica() -> None:
    values = pd.DataFrame({"iso3": ["FRA", "BRA"], "value": [-0.5, 0.5]})
    axes = maps.alignment_map(values, title="Two", places=PLACES).axes[0]
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
        maps.alignment_map(values, title="None", places=PLACES)


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
    topology["objects"]["countries"]["geometries"][0] = {
        "type": "Polygon", "arcs": [], "properties": {"name": "Nowhere"},
    }  # fmt: skip
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
    first = figures.save(draw_time(), f"{tmp_path}/one.png", svg=True)
    second = figures.save(draw_time(), f"{tmp_path}/v1.5", svg=True)
    assert [path.name for path in second] == ["v1.5.png", "v1.5.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert b"date" not in first[1].read_bytes()[:2000].lower()
