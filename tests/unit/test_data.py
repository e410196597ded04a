"""The shipped country table, borders, facts, panel and map."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from hedgerow.data import load
from hedgerow.data.build import build

# Blanks in the source tables, counted there and not here.
BLANKS = {
    "gdp_usd": 2,
    "polyarchy": 24,
    "liberal_democracy": 24,
    "regime_class": 26,
    "political_terror": 3,
    "civil_liberties": 25,
    "conflict_deaths_per_100k": 3,
    "homicides_per_100k": 10,
    "political_stability": 6,
    "rule_of_law": 6,
    "control_of_corruption": 6,
    "government_effectiveness": 6,
    "un_ideal_point": 6,
    "us_aid_usd": 9,
    "us_military_aid_usd": 59,
    "us_troops": 18,
    "trade_china_musd": 7,
    "trade_us_musd": 2,
    "fdi_china_musd": 1,
    "fdi_us_musd": 11,
    "china_influence_capacity": 26,
}
BLANK_POLYARCHY = "AND ATG BHS BLZ BRN COK DMA FSM GRD KIR KNA LCA LIE MCO MHL NIU NRU PLW SMR TON TUV VAT VCT WSM"
WITHOUT_SHAPE = (
    "AND ATG BHR BRB COK COM CPV DMA FSM GRD KIR KNA LCA LIE MCO MDV MHL MLT MUS NIU NRU PLW SGP "
    "SMR STP SYC TON TUV VAT VCT WSM XKX"
)
MAP_NAMES = {
    "BIH": "Bosnia and Herz.",
    "CAF": "Central African Rep.",
    "CIV": "Côte d'Ivoire",
    "COD": "Dem. Rep. Congo",
    "COG": "Congo",
    "DOM": "Dominican Rep.",
    "GNQ": "Eq. Guinea",
    "MKD": "Macedonia",
    "SLB": "Solomon Is.",
    "SSD": "S. Sudan",
    "SWZ": "eSwatini",
    "TUR": "Turkey",
    "USA": "United States of America",
}
PACKAGE = Path(load.__file__).parent


@pytest.fixture
def table() -> pd.DataFrame:
    return load.countries()


def shapes() -> dict[str, str]:
    features = json.loads(load.world_map_path().read_text(encoding="utf-8"))["objects"]
    return {
        feature["id"]: feature["properties"]["name"] for feature in features["countries"]["geometries"] if "id" in feature
    }


def test_there_are_199_states_with_unique_sorted_codes(table: pd.DataFrame) -> None:
    assert len(table) == 199
    assert table.index.is_unique
    assert table.index.is_monotonic_increasing
    assert table["name"].is_unique
    assert {"CHN", "USA", "NAM", "XKX"} <= set(table.index)


def test_the_united_nations_has_193_members(table: pd.DataFrame) -> None:
    outside = set(table.index[table["un_member"] == 0])
    assert outside == {"XKX", "TWN", "PSE", "VAT", "COK", "NIU"}


def test_no_cell_is_blank_except_kosovos_missing_iso_number(table: pd.DataFrame) -> None:
    assert not table.isna().any(axis=None)
    assert list(table.index[table["iso_numeric"] == ""]) == ["XKX"]
    assert table["iso_numeric"].drop("XKX").str.fullmatch(r"\d{3}").all()
    assert table["iso_numeric"].is_unique


def test_imputed_cells_are_exactly_the_blanks_of_the_source() -> None:
    filled = load.imputed()
    assert filled["column"].value_counts().to_dict() == BLANKS
    assert not filled.duplicated(["iso3", "column"]).any()
    polyarchy = filled.loc[filled["column"] == "polyarchy", "iso3"]
    assert list(polyarchy) == BLANK_POLYARCHY.split()


def test_imputed_values_are_those_of_the_table(table: pd.DataFrame) -> None:
    for row in load.imputed().itertuples():
        assert table[row.column][row.iso3] == row.value


def test_observed_values_are_untouched(table: pd.DataFrame) -> None:
    assert table["polyarchy"]["AFG"] == 0.144
    assert table["us_aid_usd"]["CAN"] == -9188470
    assert table["population"]["CHN"] == 1412360000
    assert table["imputed"]["DEU"] == ""


@pytest.mark.parametrize(
    ("iso3", "column", "value"),
    [
        ("CHN", "regime_class", 0),  # polyarchy 0.077 is observed: a closed autocracy
        ("LUX", "us_aid_usd", 0),
        ("MHL", "us_troops", 0),
        ("CHN", "us_military_aid_usd", 0),
        ("CHN", "trade_china_musd", 0),
        ("USA", "trade_china_musd", 688280),
        ("CHN", "trade_us_musd", 582400),
    ],
)
def test_known_fillings(table: pd.DataFrame, iso3: str, column: str, value: float) -> None:
    assert table[column][iso3] == value
    assert column in table["imputed"][iso3].split(";")


def test_a_small_island_is_filled_from_small_neighbours(table: pd.DataFrame) -> None:
    islands = table["polyarchy"][["FJI", "SLB", "VUT"]]
    assert table["polyarchy"]["FSM"] == pytest.approx(islands.median())


def test_a_state_in_conflict_is_filled_from_states_in_conflict(table: pd.DataFrame) -> None:
    assert table["intrastate_conflict"]["SDN"] > 0
    assert table["political_stability"]["SDN"] < -1


def test_values_stay_in_range(table: pd.DataFrame) -> None:
    shares = ["polyarchy", "liberal_democracy", "civil_liberties", "china_influence_capacity"]
    assert table[shares].stack().between(0, 1).all()
    assert table["political_terror"].between(1, 5).all()
    assert table["regime_class"].isin([0, 1, 2, 3]).all()
    assert table["intrastate_conflict"].isin([0, 1, 2]).all()
    flags = table.loc[:, "asean":"recognises_taiwan"]
    assert flags.isin([0, 1]).all(axis=None)
    assert (table[["population", "gdp_usd"]] > 0).all(axis=None)
    assert table["lat"].between(-90, 90).all()
    assert table["lon"].between(-180, 180).all()


def test_a_caller_cannot_change_the_shared_table(table: pd.DataFrame) -> None:
    table.loc["CHN", "population"] = 0
    assert load.countries()["population"]["CHN"] > 0


def test_borders_are_unordered_pairs_of_known_states(table: pd.DataFrame) -> None:
    pairs = load.borders()
    assert len(pairs) == 553
    assert pairs["kind"].value_counts().to_dict() == {"land": 316, "sea": 237}
    assert set(pairs["iso3_a"]) | set(pairs["iso3_b"]) <= set(table.index)
    assert (pairs["iso3_a"] < pairs["iso3_b"]).all()
    assert not pairs.duplicated(["iso3_a", "iso3_b"]).any()


def test_there_are_254_facts_and_the_totals_are_known() -> None:
    facts = load.facts()
    assert len(facts) == 254
    assert facts.index.is_unique
    assert float(facts["value"]["B153"]) == 201


def test_the_panel_covers_every_state_and_year(table: pd.DataFrame) -> None:
    panel = load.panel()
    assert len(panel) == 199 * 12
    assert not panel.duplicated(["iso3", "year"]).any()
    assert set(panel["iso3"]) == set(table.index)
    assert set(panel["year"]) == set(range(2010, 2022))
    assert panel["polyarchy"].isna().sum() == 289


def test_map_shapes_carry_the_name_of_the_state_they_join(table: pd.DataFrame) -> None:
    names = shapes()
    joined = table[table["iso_numeric"].isin(names)]
    assert len(joined) == 167
    for iso3, row in joined.iterrows():
        assert names[row["iso_numeric"]] == MAP_NAMES.get(str(iso3), row["name"])


def test_states_without_a_shape_are_the_known_small_ones(table: pd.DataFrame) -> None:
    without = table.index[~table["iso_numeric"].isin(shapes())]
    assert list(without) == WITHOUT_SHAPE.split()


def test_sources_describe_every_column(table: pd.DataFrame) -> None:
    sources = (PACKAGE / "SOURCES.md").read_text(encoding="utf-8")
    assert [column for column in table.columns if f"`{column}`" not in sources] == []
    for column, count in BLANKS.items():
        row = next(line for line in sources.splitlines() if line.startswith(f"| `{column}` |"))
        assert f"| {count}:" in row, column


def test_building_from_the_restored_source_gives_the_shipped_table(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    text = pd.read_csv(PACKAGE / "countries.csv", dtype=str, keep_default_na=False)
    for row, names in text["imputed"].items():
        for column in filter(None, names.split(";")):
            text.loc[row, column] = ""
    text.drop(columns=["imputed", "iso_numeric"]).to_csv(source / "countries.csv", index=False)
    for path in PACKAGE.iterdir():
        if path.suffix in {".csv", ".topojson", ".txt"} and path.name != "countries.csv":
            (source / path.name).write_bytes(path.read_bytes())
    build(source, target)
    assert (target / "countries.csv").read_bytes() == (PACKAGE / "countries.csv").read_bytes()


def test_importing_the_package_does_not_import_pandas() -> None:
    code = "import sys, hedgerow.data; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
