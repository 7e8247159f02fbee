"""Many made-up insured people, written by the database itself: rows for measuring only."""

from sqlalchemy import Engine, text

REGION = "310000"
_NUMBERS = (
    "WITH RECURSIVE number(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL"
    " SELECT n + 1 FROM number WHERE n < :count) "
)
_INSTANT = "'2025-01-01 00:00:00+00:00'"


def make_insured(engine: Engine, people: int, people_per_employer: int = 50) -> int:
    """Fill an empty database with employees of five insurances; return how many employers.

    Colleagues lie scattered over the register, which is the hardest case for bills, and everybody
    has an older declared base beside the one in force.
    """
    employers = max(1, people // people_per_employer)
    values = {"count": people, "employers": employers, "region": REGION, "yes": True}
    for statement in _statements(engine):
        with engine.begin() as connection:
            wanted = {name: each for name, each in values.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # A database in use knows its tables' sizes.
        connection.execute(text("ANALYZE"))
    return employers


def _statements(engine: Engine) -> tuple[str, ...]:
    """Return what fills the register, in order: region, employers, people, enrolments, bases."""
    instant = _INSTANT if engine.dialect.name == "sqlite" else f"TIMESTAMPTZ {_INSTANT}"
    day = "'2015-01-01'" if engine.dialect.name == "sqlite" else "DATE '2015-01-01'"
    return (
        (
            "INSERT INTO region (code, name_zh, name_en, pinyin, province_zh, province_en,"
            " is_hosted) VALUES (:region, '示范市', 'Shifan', 'shifan', '示范', 'Shifan', :yes)"
        ),
        (
            f"{_NUMBERS} INSERT INTO employer (id, uscc, name, region_code, kind, industry_code,"
            " injury_class, injury_tier_ppm, established_on, status, registered_at)"
            " SELECT n, CAST(910000000000000000 + n AS VARCHAR(18)), '单位', :region,"
            " 'enterprise', 'I65', 1 + n % 8, CASE WHEN n % 3 = 0 THEN 800000 ELSE 1000000 END,"
            f" {day}, 'active', {instant} FROM number WHERE n <= :employers"
        ),
        (
            f"{_NUMBERS} INSERT INTO person (id, id_number, name, sex, born_on, region_code,"
            " retirement_category, deemed_months, registered_at)"
            " SELECT n, CAST(100000000000000000 + n AS VARCHAR(18)), '某人', 'M',"
            f" {day.replace('2015', '1985')}, :region, 'male', 0, {instant} FROM number"
        ),
        (
            f"{_NUMBERS} INSERT INTO enrolment (person_id, region_code, insurance, scheme,"
            " employer_id, from_month)"
            " SELECT n, :region, kind.insurance, 'employee', 1 + (n * 7919) % :employers, '2024-01'"
            " FROM number CROSS JOIN (SELECT 'pension' AS insurance UNION ALL SELECT 'medical'"
            " UNION ALL SELECT 'unemployment' UNION ALL SELECT 'work_injury'"
            " UNION ALL SELECT 'maternity') AS kind ORDER BY n"
        ),
        (
            f"{_NUMBERS} INSERT INTO declared_base (person_id, employer_id, from_month,"
            " declared_base_fen, origin, declared_at)"
            " SELECT n, 1 + (n * 7919) % :employers, base.from_month,"
            " 450000 + base.more + (n * 104729) % 3500000, 'measured',"
            f" {instant} FROM number CROSS JOIN (SELECT '2024-07' AS from_month, 0 AS more"
            " UNION ALL SELECT '2025-07', 31337) AS base ORDER BY n"
        ),
    )
