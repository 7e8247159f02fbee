"""siweb serve and siweb demo."""

import os
import signal
import socket
import threading
from multiprocessing import get_context, parent_process

import click
from sqlalchemy import Engine

from siweb import clock
from siweb.cli.operation.database import bring_up, take_over_log
from siweb.cli.operation.seed import fill, show_progress
from siweb.cli.operation.worker import work_for
from siweb.cli.settings import (
    command_files,
    command_settings,
    require_current_schema,
    require_public_url,
)
from siweb.db.engine import make_engine, make_sessions
from siweb.db.reference_code import grouped
from siweb.demo.plan import Plan, day_with_figures
from siweb.demo.sign_ins import make_set_up_codes, read_sign_ins
from siweb.rules.parameters.load import load_packs
from siweb.settings import Settings
from siweb.web.serving.server import CannotListen, listen
from siweb.web.serving.server import serve as serve_app


@click.command()
def serve() -> None:
    """Serve the office on the address of the settings."""
    settings = command_settings()
    require_public_url(settings)
    require_current_schema(settings)
    # An object store that does not answer is told here, before anybody is let in.
    command_files(settings)
    with _listening(settings) as sock:
        click.echo(f"siweb listens on http://{settings.host}:{settings.port}")
        _serve(settings, sock)


@click.command()
def demo() -> None:
    """Make a demonstration office when there is none, print its sign-ins and serve it."""
    os.environ.setdefault("SIWEB_DEMO", "true")
    os.environ.setdefault("SIWEB_PAYMENT_GATEWAY", "demonstration")
    os.environ.setdefault("SIWEB_PAYMENT_ACCOUNT", "示范银行 6222 0000 0000 0000")
    settings = command_settings()
    # Before anything is made: a second demonstration in the same folder would write into the first.
    with _listening(settings) as sock:
        engine = make_engine(settings.engine_url)
        bring_up(settings, engine)
        take_over_log(settings, engine)
        plan = Plan(day_with_figures(load_packs(), clock.today()))
        fill(engine, settings, plan, show_progress)
        codes = _set_up_codes(settings, engine)
        engine.dispose()
        click.echo(f"\n  siweb demonstration office: http://{settings.host}:{settings.port}\n")
        for kept in read_sign_ins(settings.var_dir):
            labels = f"{kept['label_en']} · {kept['label_zh_Hans']}"
            click.echo(f"  {kept['id_number']}  {kept['password']}  {labels}")
        for number, code in codes:
            click.echo(f"  {number}  {grouped(code)}  To set up the second factor · 双重验证启用码")
        click.echo("\n  Stop it with Ctrl-C.\n")
        # Spawned, not forked: what this process opened is its own.
        get_context("spawn").Process(target=_work, args=(settings,), daemon=True).start()
        _serve(settings, sock)


def _set_up_codes(settings: Settings, engine: Engine) -> list[tuple[str, str]]:
    """Return codes for the second factor, in a demonstration that was told to ask for one."""
    if not settings.asks_second_factor:
        return []
    with make_sessions(engine)() as session:
        codes = make_set_up_codes(session, key=settings.signing_key(), at=clock.now())
        session.commit()
    return codes


def _listening(settings: Settings) -> socket.socket:
    try:
        return listen(settings)
    except CannotListen as error:
        raise click.ClickException(str(error)) from error


def _work(settings: Settings) -> None:
    """Run background jobs as long as the process that serves is there."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_stop_with_parent, args=(stop,), daemon=True).start()
    work_for(settings, stop)


def _serve(settings: Settings, sock: socket.socket) -> None:
    serve_app("siweb.app:create_front", settings, sock)


def _stop_with_parent(stop: threading.Event) -> None:
    serving = parent_process()
    if serving is not None:
        serving.join()
        stop.set()
