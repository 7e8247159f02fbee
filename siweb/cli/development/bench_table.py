"""siweb bench table: every bar of the ledger in one run."""

import click

from siweb.bench.table import HEADING, BenchFailed, Sizes, measure_all


@click.command()
@click.option("--people", type=click.IntRange(min=100), default=1_000_000, show_default=True)
@click.option("--months", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--check-people", type=click.IntRange(min=100), default=1_000_000, show_default=True)
@click.option("--rows", type=click.IntRange(min=100), default=100_000, show_default=True)
@click.option("--page-people", type=click.IntRange(min=10), default=100_000, show_default=True)
@click.option("--seconds", type=float, default=2.0, show_default=True, help="For each round.")
@click.option("--url", help="A PostgreSQL server where databases may be made; none when left out.")
def table(
    people: int,
    months: int,
    check_people: int,
    rows: int,
    page_people: int,
    seconds: float,
    url: str | None,
) -> None:
    """Every bar: levy, check, list, activity and pages, with what binds and what is hoped for.

    The sizes that bind take an hour and 20 GB; smaller ones show where a change goes.
    """
    sizes = Sizes(people, months, check_people, rows, page_people, seconds, url)
    bars = []
    try:
        for bar in measure_all(sizes):
            click.echo(str(bar), err=True)
            bars.append(bar)
    except BenchFailed as failed:
        raise click.ClickException(str(failed)) from failed
    click.echo(HEADING)
    for bar in bars:
        click.echo(str(bar))
    binding = [bar for bar in bars if bar.binding is not None]
    reached = sum(bar.is_reached for bar in binding)
    click.echo(f"{reached} of {len(binding)} reached.")
