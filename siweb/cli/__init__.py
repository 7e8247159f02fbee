"""The `siweb` command: a noun or a deed, then its options."""

import click

from siweb.cli.auth import issue_code
from siweb.cli.bench import bench
from siweb.cli.calc import calc
from siweb.cli.database import migrate
from siweb.cli.packs import packs
from siweb.cli.seed import seed
from siweb.cli.server import demo, serve
from siweb.cli.translations import translations


@click.group()
@click.version_option(package_name="siweb")
def main() -> None:
    """Run a social-insurance office."""


for command in (serve, demo, migrate, issue_code, seed, translations, calc, packs, bench):
    main.add_command(command)
