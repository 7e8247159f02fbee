"""`siweb packs`: check, show, diff, new, schema, import."""

import json
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import text

from siweb.db.engine import make_engine
from siweb.rules.parameters import load
from tests.migrated import lay_schema
from tests.rules.packs import limits, pack_text

BEIJING = load.SHIPPED / "beijing.toml"


@pytest.fixture
def write(tmp_path):
    def to(name, *rows, **head):
        path = tmp_path / f"{name}.toml"
        path.write_text(pack_text(*rows, **head), "utf-8")
        return path

    return to


def test_the_shipped_packs_are_sound(run):
    found = run("packs", "check")

    assert found.exit_code == 0
    assert found.stdout.startswith("7 packs with ")


def test_every_problem_is_named_and_the_exit_code_is_one(run, write, tmp_path):
    write("a", limits(base_floor='"30000"'))
    write("b", limits(base_flor='"1"'), region="330100")

    found = run("packs", "check", tmp_path)

    assert found.exit_code == 1
    assert found.stderr.splitlines() == [
        "a.toml, limits, employee pension 2025-07: base_floor 30000.00 is above base_ceiling 25000.00",
        "b.toml, limits row 1, base_flor: is not known; did you mean base_floor?",
        "Error: 2 problems.",
    ]


def test_doubts_are_named_beside_the_problems(run, write, tmp_path):
    write("a", limits(average_wage='"8000"', notice='"某人社发〔2026〕1号"'))
    write("b", limits(base_floor="true"), region="330100")

    found = run("packs", "check", tmp_path)

    assert found.exit_code == 1
    assert found.stderr.splitlines()[1:] == [
        ("a.toml, limits, employee pension 2025-07: published on 2025-06-30, before the year of "
         "its number (2026) (doubtful)"),
        ("a.toml, limits, employee pension 2025-07: base_ceiling 25000.00 is not 3 x average_wage "
         "(24000.00) (doubtful)"),
        ("a.toml, limits, employee pension 2025-07: base_floor 5000.00 is not 40 to 60 % of "
         "average_wage (doubtful)"),
        "Error: 1 problem, 3 doubts.",
    ]  # fmt: skip


def test_a_single_file_can_be_checked(run, write):
    assert run("packs", "check", write("a", limits())).stdout == (
        "1 pack with 1 row: nothing is wrong.\n"
    )


def test_show_says_what_holds_and_what_is_inherited(run):
    lines = run("packs", "show", "110000", "--month", "2025-08").stdout.splitlines()

    assert (
        "  employee pension base_floor 7162.00, base_ceiling 35811.00, average_wage 11937.00"
        "  [from 2025-07; 京人社发〔2025〕11号, 2025-09-18, official]"
    ) in lines
    assert (
        "  daily_rate 0.05%, capped no, day_count through_payment, rounding half_up_fen"
        "  [from 2011-07; 社会保险法第八十六条, 2010-10-28, official, from CN]"
    ) in lines


def test_show_as_known_on_a_day(run):
    shown = run("packs", "show", "110000", "--month", "2025-08", "--as-of", "2025-09-17").stdout

    assert "base_floor 6821.00" in shown
    assert "base_floor 7162.00" not in shown


def test_show_warns_of_demonstration_figures(run):
    last = run("packs", "show", "CN", "--month", "2026-08").stdout.splitlines()[-1]

    assert last == "Some of it is for demonstration: check your local notice."


def test_show_names_what_is_provisional(run):
    june, july = (
        [line for line in run("packs", "show", "440100", "--month", month).stdout.splitlines()
         if "employee pension base_floor" in line]
        for month in ("2026-06", "2026-07")
    )  # fmt: skip

    assert "secondary]" in june[0]
    assert "secondary; provisional since 2026-07, until the notice]" in july[0]


def test_show_as_json(run):
    rows = json.loads(run("packs", "show", "110000", "--month", "2025-08", "--json").stdout)

    limit = next(row for row in rows if row["table"] == "limits")
    assert limit["series"] == {"scheme": "employee", "insurance": "maternity"}
    assert limit["values"]["base_floor"] == "7162.00"
    assert (limit["region"], limit["effective_to"], limit["published_on"]) == (
        "110000", None, "2025-09-18"
    )  # fmt: skip
    assert (limit["note"], limit["stale_since"]) == ("", None)
    later = json.loads(run("packs", "show", "330100", "--month", "2026-08", "--json").stdout)
    assert {row["stale_since"] for row in later if row["table"] == "limits"} == {"2026-01"}


def test_show_of_own_packs_inherits_the_shipped_nation(run, write):
    path = write("a", limits(effective_to='"2026-06"'))

    shown = run("packs", "show", "320100", "--month", "2025-08", "--packs", path).stdout

    assert "[2025-07 to 2026-06; notice, 2025-06-30, official]" in shown
    assert "from CN]" in shown


def test_show_of_an_unknown_region_names_the_known_ones(run):
    found = run("packs", "show", "999999")

    assert found.exit_code == 2
    assert "There is no pack for 999999; there is CN, 110000, 310000," in found.stderr


def test_diff_of_two_versions(run, write):
    old = write("old", limits(), limits(insurance='"medical"'))
    new = write("new", limits(base_floor='"5001"', average_wage='"9"', effective_to='"2026-06"'),
                limits(effective_from='"2026-07"', published_on="2026-06-30"))  # fmt: skip

    assert run("packs", "diff", old, new).stdout.splitlines() == [
        "- limits.employee.medical from 2025-07, published 2025-06-30: base_floor 5000.00, base_ceiling 25000.00",
        "~ limits.employee.pension from 2025-07, published 2025-06-30: base_floor 5000.00 -> 5001.00, average_wage - -> 9.00, effective_to - -> 2026-06",
        "+ limits.employee.pension from 2026-07, published 2026-06-30: base_floor 5000.00, base_ceiling 25000.00",
    ]


def test_diff_of_folders_names_the_region(run, tmp_path):
    (tmp_path / BEIJING.name).write_text(BEIJING.read_text("utf-8"), "utf-8")

    lines = run("packs", "diff", load.SHIPPED, tmp_path).stdout.splitlines()

    assert {line[:8] for line in lines if "limits" in line} >= {"310000 -", "440300 -"}
    assert not [line for line in lines if line.startswith("110000")]


def test_diff_of_the_same_finds_nothing(run):
    assert run("packs", "diff", BEIJING, BEIJING).stdout == "No row differs.\n"


def test_diff_of_a_broken_pack_names_the_problem(run, write):
    found = run("packs", "diff", BEIJING, write("a", limits(base_floor="true")))

    assert found.exit_code == 1
    assert "a.toml, limits row 1, base_floor" in found.stderr


def assert_only_placeholders(checked):
    """A skeleton can be read in full; what is left to do is to replace its placeholders."""
    *doubts, last = checked.stderr.splitlines()
    assert checked.exit_code == 1
    assert last == f"Error: 0 problems, {len(doubts)} doubts."
    assert {doubt.split(": ", 1)[1] for doubt in doubts} == {
        "the notice 'PLACEHOLDER: name or number of the notice' is a placeholder (doubtful)"
    }


def test_a_new_pack_passes_the_check(run, tmp_path):
    path = tmp_path / "nanjing.toml"

    made = run(
        "packs", "new", "320100", "--name-zh", "南京市", "--name-en", "Nanjing", "--to", path
    )
    checked = run("packs", "check", tmp_path)
    shown = run("packs", "show", "320100", "--month", "2026-08", "--packs", path)

    assert (made.exit_code, shown.exit_code) == (0, 0)
    assert_only_placeholders(checked)
    assert 'name_zh = "南京市"' in path.read_text("utf-8")


def test_a_new_pack_passes_the_check_with_every_comment_taken_away(run, tmp_path):
    lines = run("packs", "new", "320100").stdout.split("# What follows is inherited.")
    rows = [line for line in lines[1].splitlines() if line.startswith(("# [[", "# ")) and
            (" = " in line or "[[" in line)]  # fmt: skip
    path = tmp_path / "nanjing.toml"
    path.write_text(lines[0] + "\n".join(line.removeprefix("# ") for line in rows), "utf-8")

    found = run("packs", "check", path)

    assert_only_placeholders(found)
    assert path.read_text("utf-8").count("[[") > 15


def test_a_new_pack_overwrites_nothing_and_wants_a_code(run, write):
    path = write("a")

    assert run("packs", "new", "320100", "--to", path).exit_code == 2
    assert run("packs", "new", "3201").exit_code == 2
    assert path.read_text("utf-8") == pack_text()


@pytest.mark.parametrize("name", ['引"号', "反\\斜", "O’Brien [x] # = '"])
def test_a_new_pack_takes_any_name(run, tmp_path, name):
    path = tmp_path / "city.toml"

    run("packs", "new", "320100", "--name-zh", name, "--name-en", name, "--to", path)

    assert_only_placeholders(run("packs", "check", path))
    assert tomllib.loads(path.read_text("utf-8"))["name_zh"] == name


def test_a_new_pack_wants_a_name_and_a_place(run, tmp_path):
    unnamed = run("packs", "new", "320100", "--name-en", "a\nb")
    nowhere = run("packs", "new", "320100", "--to", tmp_path / "none" / "a.toml")

    assert (unnamed.exit_code, nowhere.exit_code) == (2, 1)
    assert "'a\\nb' is not a name." in unnamed.stderr
    assert nowhere.stderr.endswith("a.toml cannot be written (No such file or directory).\n")


def test_an_empty_folder_is_named(run, tmp_path):
    found = run("packs", "check", tmp_path)

    assert found.exit_code == 1
    assert "there is no pack (*.toml) in this folder" in found.stderr


def test_a_region_comes_once_however_its_packs_are_named(run, write, tmp_path):
    first = write("a", limits())
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.toml").write_text(pack_text(limits()), "utf-8")

    for deed in ("check", "import"):
        found = run("packs", deed, first, tmp_path / "more")
        assert found.exit_code == 1
        assert "b.toml, region: 320100 has a pack already: a.toml" in found.stderr


def test_the_schema_in_the_package_is_the_one_printed(run):
    kept = (Path(load.__file__).parent / "pack.schema.json").read_text("utf-8")

    assert run("packs", "schema").stdout == kept


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A migrated database that the command finds by its settings."""
    url = f"sqlite:///{tmp_path / 'office.sqlite3'}"
    monkeypatch.setenv("SIWEB_DATABASE_URL", url)
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(url)
    lay_schema(engine)
    yield engine
    engine.dispose()


def count(engine):
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM parameter_pack"))


def test_import_puts_packs_in_force(run, write, office):
    path = write("a", limits())

    assert run("packs", "import", path).stdout == "320100: in force; 1 row added, 0 rewritten.\n"
    assert run("packs", "import", path).stdout == "320100: the same pack is in force already.\n"
    assert count(office) == 1


def test_a_dry_run_changes_nothing(run, write, office):
    found = run("packs", "import", write("a", limits()), "--dry-run")

    assert found.stdout.splitlines()[-1] == "Nothing was changed."
    assert count(office) == 0


def test_import_refuses_to_rewrite_unless_told(run, write, office):
    run("packs", "import", write("a", limits()))
    changed = write("a", limits(base_floor='"5001"'))

    refused = run("packs", "import", changed)
    allowed = run("packs", "import", changed, "--rewrite")

    assert refused.exit_code == 1
    assert "base_floor 5000.00 -> 5001.00" in refused.stderr
    assert "320100: this rewrites what was known." in refused.stderr
    assert allowed.stdout == "320100: in force; 0 rows added, 1 rewritten.\n"


def test_import_of_a_broken_pack_stores_nothing(run, write, office):
    found = run("packs", "import", write("a", limits(base_floor="1.5")), BEIJING)

    assert found.exit_code == 1
    assert count(office) == 0
