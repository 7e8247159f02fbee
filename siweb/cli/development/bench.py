"""siweb bench: measure this office on this machine."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from siweb.cli.development.bench_table import table

if TYPE_CHECKING:
    from siweb.bench.pages import Measured, Speed

# Each command imports what it measures with: the levy's memory is not that of the pages' as well.
as_json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group()
def bench() -> None:
    """Measure how fast things are here."""


bench.add_command(table)


@bench.command()
@click.option("--people", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=20_000, help="For one person.")
@as_json_option
def calculation(people: int, rounds: int, as_json: bool) -> None:
    """Ten amounts for one person, with and without steps; for many people beside a Decimal loop."""
    from siweb.bench.calculation import measure_many, measure_one_person, measure_packs

    packs = measure_packs()
    person = measure_one_person(rounds)
    many = measure_many(people)
    loop = many[0].seconds
    if as_json:
        found = {
            "one_person_microseconds": {name: round(value, 1) for name, value in person.items()},
            "packs_milliseconds": round(packs, 1),
            "people": people,
            "runs": [
                {
                    "name": each.name,
                    "seconds": round(each.seconds, 3),
                    "times_the_loop": round(loop / each.seconds, 1),
                }
                for each in many
            ],
            "exact": True,
        }
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(f"All parameter packs read and checked: {packs:.0f} ms")
    click.echo("Ten amounts of one person:")
    click.echo(f"  computed              {person['compute']:8.1f} µs")
    click.echo(f"  computed with steps   {person['explain']:8.1f} µs")
    click.echo(f"Ten amounts of each of {people:,} people, equal to the fen:")
    for each in many:
        ratio = loop / each.seconds
        click.echo(f"  {each.name:<22}{each.seconds:8.2f} s   {ratio:5.1f} times the loop's speed")


@bench.command()
@click.option("--people", type=click.IntRange(min=10), default=100_000, show_default=True)
@click.option("--seconds", type=float, default=2.0, show_default=True, help="For each round.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@as_json_option
def pages(people: int, seconds: float, rounds: int, as_json: bool) -> None:
    """The signed-in record page and a wizard step, beside a bare Flask "hello".

    On the demonstration data copied up to so many people, in a folder that is removed afterwards
    (100,000 people take 3 GB of it and two minutes).
    """
    from siweb.bench.pages import measure_pages

    found = measure_pages(people, seconds=seconds, rounds=rounds)
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=2))
        return
    office = found.office
    click.echo(
        f"{office.people:,} people, {office.records:,} contribution records, made in "
        f"{office.seconds:.0f} s; the record page has {found.bytes_of_record:,} bytes"
    )
    for title, speeds in (
        ("Called in one process:", found.in_process),
        ("Served by one process of the same server, one visitor at a time:", found.one_visitor),
        ("Served by one process, four visitors at once:", found.four_visitors),
        ("Served by a process for each core, four visitors for each:", found.every_core),
    ):
        click.echo(title)
        for each in speeds:
            click.echo(
                f"  {each.name:<14}{each.rate:8,.0f} requests/s   p50 {each.p50 * 1000:6.2f} ms   "
                f"p95 {each.p95 * 1000:6.2f} ms   {each.share * 100:5.1f} % of the bare one"
            )


@bench.command()
@click.option("--small", type=click.IntRange(min=100), default=10_000, show_default=True)
@click.option("--large", type=click.IntRange(min=100), default=1_000_000, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=200, show_default=True)
@as_json_option
def years(small: int, large: int, rounds: int, as_json: bool) -> None:
    """The pages of somebody with thirty years of records, in a small region and a large one.

    Beside a million others a page may take a fifth longer than beside ten thousand, and eight
    statements at most.
    """
    from siweb.bench.years import measure_years

    found = measure_years(small, large, rounds=rounds)
    if as_json:
        click.echo(json.dumps([{**asdict(each), "growth": each.growth} for each in found]))
        return
    for each in found:
        click.echo(
            f"  {each.page:<22}{each.statements:3} statements  {each.small:6.2f} ms beside "
            f"{small:,}  {each.large:6.2f} ms beside {large:,}  {each.growth:5.2f} of it"
        )


@bench.command()
@click.option("--people", type=click.IntRange(min=100), default=1_000_000, show_default=True)
@click.option("--months", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--url", help="An empty PostgreSQL database; a new SQLite file when left out.")
@as_json_option
def levy(people: int, months: int, url: str | None, as_json: bool) -> None:
    """A levy with its bills, beside the barest writing of its finished rows.

    That is INSERT … SELECT of the records, bills and lines into tables without a key.
    """
    from siweb.bench.levy import measure_levy

    found = measure_levy(people, url, months=months)
    if as_json:
        _echo_json(found, share=found.share_of_bare, last_beside_first=found.last_beside_first)
        return
    room = "unknown" if found.bytes_a_record is None else f"{found.bytes_a_record:,.0f}"
    click.echo(
        f"{found.people:,} insured, {found.rows:,} rows written, {found.database}\n"
        f"  levy          {found.levy_seconds:8.1f} s  {found.rows / found.levy_seconds:10,.0f} "
        f"rows/s  {found.share_of_bare * 100:5.1f} % of the heap\n"
        f"  heap          {found.bare_seconds:8.1f} s  {found.rows / found.bare_seconds:10,.0f} "
        f"rows/s\n"
        f"  books proved  {found.check_seconds:8.1f} s\n"
        f"  bytes a record, keys and indexes with it: {room}\n"
        f"  peak of this process {found.peak_megabytes:,.0f} MB"
    )
    if months > 1:
        click.echo(
            f"  {months} months: the last at {found.last_beside_first:.2f} of the first's rate "
            f"({found.month_seconds[0]:.1f} s, then {found.month_seconds[-1]:.1f} s)"
        )


@bench.command("check")
@click.option("--people", type=click.IntRange(min=100), default=200_000, show_default=True)
@click.option("--url", help="An empty PostgreSQL database; a new SQLite file when left out.")
@as_json_option
def check_(people: int, url: str | None, as_json: bool) -> None:
    """`siweb check` of an open month, beside one scan that adds up the same records.

    With the statistics that the levy leaves, and without any. Forgetting them takes a database
    user who may write PostgreSQL's own tables.
    """
    from siweb.bench.check import measure_check

    found = measure_check(people, url)
    if as_json:
        _echo_json(found, scans=found.scans, bare_scans=found.bare_scans)
        return
    click.echo(f"{found.people:,} insured, {found.records:,} records, {found.database}")
    for name, check, scan, scans in (
        ("with statistics", found.check_seconds, found.scan_seconds, found.scans),
        ("without", found.bare_check_seconds, found.bare_scan_seconds, found.bare_scans),
    ):
        click.echo(f"  {name:<18}{check:8.2f} s  {scan:8.2f} s for the scan  {scans:6.1f} scans")


@bench.command()
@click.option("--writers", type=click.IntRange(min=2), default=8, show_default=True)
@click.option("--seconds", type=float, default=5.0, show_default=True, help="For each round.")
@click.option("--commit", type=float, default=5.0, show_default=True, help="Milliseconds of each.")
@click.option("--url", help="An empty PostgreSQL database; a new SQLite file when left out.")
@as_json_option
def activity(writers: int, seconds: float, commit: float, url: str | None, as_json: bool) -> None:
    """Lines of the activity log by one writer, then by several, while a sealer seals them.

    SQLite has one writer at a time, whatever it writes: several are no faster there.
    """
    from siweb.bench.activity import measure_activity

    found = measure_activity(writers, seconds, commit, url)
    if as_json:
        _echo_json(found, ratio=found.ratio)
        return
    click.echo(
        f"Activity log, {commit:g} ms for each commit, {found.database}: {found.lines:,} lines, "
        "each in the chain\n"
        f"  1 writer     {found.alone:10,.0f} lines/s\n"
        f"  {found.writers} writers    {found.many:10,.0f} lines/s  {found.ratio:5.1f} times one\n"
        f"  left to seal after the last line: {found.seconds_to_seal_the_rest:.2f} s"
    )


@bench.command()
@click.option("--rows", type=click.IntRange(min=100), default=100_000, show_default=True)
@click.option("--url", help="An empty PostgreSQL database; a new SQLite file when left out.")
@as_json_option
def filings(rows: int, url: str | None, as_json: bool) -> None:
    """A long sheet: upload to draft, draft to the register, beside merely reading it."""
    from siweb.bench.filings import measure_filings

    found = measure_filings(rows, url)
    if as_json:
        _echo_json(found, applied_a_second=found.rows / found.apply_seconds)
        return

    def line(name: str, seconds: float) -> str:
        return f"  {name:<22}{seconds:8.1f} s  {found.rows / seconds:10,.0f} rows/s"

    total = found.draft_seconds + found.apply_seconds
    click.echo(
        f"{found.rows:,} rows of XLSX ({found.megabytes_of_file:.1f} MB), {found.database}: "
        f"{found.applied:,} applied, {found.refused:,} refused\n"
        + line("upload to draft", found.draft_seconds)
        + f"  {found.draft_seconds / total * 100:5.1f} % of the whole\n"
        + line("  reading alone", found.reading_seconds)
        + "\n"
        + line("draft to applied", found.apply_seconds)
        + f"  {found.apply_seconds / total * 100:5.1f} % of the whole\n"
        + line("openpyxl merely reads", found.openpyxl_seconds)
        + f"\n  peak of the worker {found.peak_megabytes:,.0f} MB, "
        f"of the process that reads {found.reader_megabytes:,.0f} MB"
    )


@bench.command()
@click.option("--papers", type=click.IntRange(min=10), default=400, show_default=True)
@click.option("--processes", type=click.IntRange(min=1), default=2, show_default=True)
@click.option(
    "--keep",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder in which some of the papers stay.",
)
@as_json_option
def papers(papers: int, processes: int, keep: Path | None, as_json: bool) -> None:
    """Papers a second in worker processes: signed, set as PDF/A-3a and PDF/UA-1, packed.

    Receipts, a year's statement, two years month by month, in both languages; no two are alike.
    """
    from siweb.bench.papers import measure_papers

    found = measure_papers(papers, processes, keep)
    if as_json:
        _echo_json(found, rate=found.rate)
        return
    click.echo(
        f"{found.papers:,} papers in {found.processes} processes: {found.rate:,.1f} a second, "
        f"p50 {found.p50 * 1000:.1f} ms, p95 {found.p95 * 1000:.1f} ms; the largest has "
        f"{found.largest_bytes:,} bytes; {found.proved} were read again and prove themselves"
    )


@bench.command()
@click.option("--connections", type=click.IntRange(min=1), default=1_000, show_default=True)
@click.option("--times", type=click.IntRange(min=1), default=20, show_default=True)
def slow(connections: int, times: int) -> None:
    """Pages alone, and while slow visitors in great number, readers and writers, hold on.

    Against the real server, without a proxy, on an empty office in a folder that is removed.
    """
    from siweb.bench.slow import measure_slow

    found = measure_slow(connections, times)
    if found.connections < connections:
        click.echo(f"This process may open files for {found.connections:,} connections only.")
    for title, pages in (
        ("Alone:", found.alone),
        (f"While {found.connections:,} slow connections are held:", found.meanwhile),
    ):
        click.echo(title)
        for page in pages:
            statuses = ", ".join(str(status) for status in sorted(page.statuses))
            half, last = page.seconds[len(page.seconds) // 2], page.seconds[-1]
            click.echo(
                f"  {page.path:<10} {statuses}   p50 {half * 1000:8.1f} ms   "
                f"slowest {last * 1000:8.1f} ms"
            )


def _echo_json(found: Any, **derived: float) -> None:
    values: dict[str, Any] = asdict(found) if is_dataclass(found) else found._asdict()  # type: ignore[arg-type]
    click.echo(json.dumps({**values, **derived}, indent=2))


def _as_json(found: Measured) -> dict[str, Any]:
    def rows(speeds: list[Speed]) -> list[dict[str, Any]]:
        return [
            {
                "name": each.name,
                "requests_a_second": round(each.rate),
                "p50_milliseconds": round(each.p50 * 1000, 3),
                "p95_milliseconds": round(each.p95 * 1000, 3),
                "share_of_bare": round(each.share, 4),
            }
            for each in speeds
        ]

    return {
        "people": found.office.people,
        "records": found.office.records,
        "record_page_bytes": found.bytes_of_record,
        "in_process": rows(found.in_process),
        "one_visitor": rows(found.one_visitor),
        "four_visitors": rows(found.four_visitors),
        "every_core": rows(found.every_core),
    }
