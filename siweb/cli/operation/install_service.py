"""siweb install-service: print or write the units of systemd."""

import os
import sys
from pathlib import Path, PurePosixPath

import click

from siweb.hosting.units import ENVIRONMENT, Place, files_of, started_units

_OWNER_ONLY, _READABLE = 0o600, 0o644


@click.command("install-service")
@click.option("--public-url", required=True, help="What people type: https://office.example.org.")
@click.option("--user", default="siweb", show_default=True, help="Account that it runs as.")
@click.option("--var-dir", default="/var/lib/siweb", show_default=True, help="Its folder.")
@click.option(
    "--proxies", type=click.IntRange(0, 9), default=1, show_default=True, help="In front."
)
@click.option("--program", help="The siweb command; else this one.")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Write them into this folder, such as /etc/systemd/system.",
)
def install_service(
    public_url: str, user: str, var_dir: str, proxies: int, program: str | None, folder: Path | None
) -> None:
    """Print the units of systemd for this office, or write them.

    The server, the worker, and by timers: what a new day brings, the sealing of the books, a
    backup, and once a week the proof of all books. They share the settings in siweb.env.
    """
    if not public_url.startswith(("https://", "http://")):
        raise click.BadParameter("an address begins with https://", param_hint="--public-url")
    place = Place(
        PurePosixPath(program or Path(sys.argv[0]).resolve()),
        public_url,
        user,
        PurePosixPath(var_dir),
        proxies,
        PurePosixPath(folder.resolve() if folder else "/etc/systemd/system") / ENVIRONMENT,
    )
    files = files_of(place)
    if folder is None:
        for name, text in files.items():
            click.echo(f"# {name}\n{text}")
        return
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise click.ClickException(
            f"{', '.join(there)} in {folder} stay as they are: move them away to have them anew."
        )
    for name, text in files.items():
        mode = _OWNER_ONLY if name == ENVIRONMENT else _READABLE
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
    click.echo(f"{len(files)} files are in {folder}. Look through {ENVIRONMENT}, then:")
    click.echo(f"install -d -m 0700 -o {user} {var_dir}")
    click.echo("systemctl daemon-reload")
    click.echo(f"systemctl enable --now {' '.join(started_units())}")
