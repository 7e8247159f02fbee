"""siweb bench: measure this office on this machine."""

from __future__ import annotations

import json

import click

from siweb.bench.calculation import measure_many, measure_one_person, measure_packs


@click.group()
def bench() -> None:
    """Measure how fast things are here."""


@bench.command()
@click.option("--people", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=20_000, help="For one person.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def calculation(people: int, rounds: int, as_json: bool) -> None:
    """Ten amounts for one person, with and without steps; for many people beside a Decimal loop."""
    packs = measure_packs()
    one = measure_one_person(rounds)
    many = measure_many(people)
    loop = many[0].seconds
    if as_json:
        found = {
            "one_person_microseconds": {name: round(value, 1) for name, value in one.items()},
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
    click.echo(f"  computed              {one['compute']:8.1f} µs")
    click.echo(f"  computed with steps   {one['explain']:8.1f} µs")
    click.echo(f"Ten amounts of each of {people:,} people, equal to the fen:")
    for each in many:
        ratio = loop / each.seconds
        click.echo(f"  {each.name:<22}{each.seconds:8.2f} s   {ratio:5.1f} times the loop's speed")
