"""siweb signs: another office's list of deaths, sentences, visits or journeys, checked by two."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.access_log.note import AccessNotNoted, Viewer, note_access
from siweb.audit.access_log.reason import Function as ShownTo
from siweb.audit.access_log.reason import Reason
from siweb.audit.actor import Actor, Channel
from siweb.audit.record import record_activity
from siweb.auth.tables.appointment import Function
from siweb.bring_in.labels import file_text
from siweb.cli.counted import counted
from siweb.cli.office.operator import because_of, operator_of, with_operator
from siweb.cli.settings import command_access_log, command_files, command_sessions
from siweb.desk.checking.sentences import why
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.sheets.headings import folded
from siweb.filings.uploads.assign_columns import Offered
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.tables.benefit import PAYING
from siweb.reviews.tables.sign import SignKind, SignList
from siweb.rules.errors import Refusal
from siweb.signs.actions import TAKE_IN
from siweb.signs.columns import COLUMNS, Assigning, assigning, headings_of, missing, twice
from siweb.signs.find import earlier_headings
from siweb.signs.hand_in import hand_in
from siweb.signs.labels import VERDICTS, explained
from siweb.signs.propose import propose_list
from siweb.signs.take_in import Trial, try_list
from siweb.tasks.two_person_action import Doing
from siweb.web.language.locale import office_language

assert schema.metadata.tables
_NAMES = [column.name for column in COLUMNS]


@click.group("signs")
def signs() -> None:
    """Take in other offices' lists of deaths, sentences, medical visits and journeys."""
    click.get_current_context().with_resource(office_language("en"))


@signs.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--region", "region_code", required=True, help="The region that it is about.")
@click.option(
    "--office",
    required=True,
    help="The office that it comes from, always the same way: its columns are remembered by it.",
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in SignKind]),
    help="What it says of everybody in it, where no column says it.",
)
@click.option(
    "--column",
    "named",
    multiple=True,
    metavar="NAME=COLUMN",
    help=f"Which column is which, by letter or heading: {', '.join(_NAMES)}.",
)
@click.option("--heading-row", type=click.IntRange(0), help="The row of the headings, 0 for none.")
@click.option("--dry-run", is_flag=True, help="Say what each row comes to; keep nothing.")
@click.option("--because", default="", help="The letter that it came with: office, number, date.")
@with_operator
def import_list(
    file: Path,
    region_code: str,
    office: str,
    kind: str | None,
    named: tuple[str, ...],
    *,
    heading_row: int | None,
    dry_run: bool,
    because: str,
    operator: str,
) -> None:
    """Hand in FILE, another office's list: CSV or a spreadsheet.

    It waits for a second person (siweb tasks). Nothing in it stops a benefit: what may end one
    waits until somebody has looked at it.
    """
    rests_on = "" if dry_run else because_of(because, "Name in --because the letter it came with")
    files = command_files()
    with command_sessions()() as session:
        listed = _new_list(session, region_code, office.strip(), file.name, kind)
        actor = operator_of(
            session, operator, Function.REVIEW, region_code=region_code, insurances=PAYING
        )
        doing = Doing(actor, clock.now(), packs_in_force(session), files)
        try:
            listed.layout = _layout(session, listed, file, named, heading_row)
            trial = _tried(session, listed, file, doing)
            if dry_run:
                _note_dry_run(session, file, trial, doing)
                answer = "A dry run: nothing was changed."
            else:
                reference = _send(session, listed, file, trial, rests_on, doing)
                answer = f"Waits for a second person: siweb tasks approve {reference}"
        except SheetRefused as refused:
            raise click.ClickException(file_text(refused)) from refused
        except Refusal as refused:
            if refused.code != "signs_nothing":
                raise click.ClickException(why(refused, TAKE_IN)) from refused
            session.rollback()
            answer = why(refused, TAKE_IN)
        session.commit()
        click.echo(answer)


def _new_list(
    session: Session, region_code: str, office: str, file_name: str, kind: str | None
) -> SignList:
    """Return what is told of a list, which is in no table before it is sent."""
    if region_code not in {region.code for region in hosted_regions(session)}:
        raise click.UsageError("This office does not work for that region: siweb region open.")
    if not 0 < len(office) <= 100:  # noqa: PLR2004 - the list's column
        raise click.UsageError("Name the office in 1 to 100 characters.")
    return SignList(
        region_code=region_code,
        source=office,
        file_name=file_name,
        kind=None if kind is None else SignKind(kind),
    )


def _layout(
    session: Session,
    listed: SignList,
    file: Path,
    named: Sequence[str],
    heading_row: int | None,
) -> dict[str, object]:
    """Return which column is which: as named, else as in the office's last list, else as found.

    :raises click.UsageError: for a column that the list has not, or when one that is needed lacks.
    """
    earlier = earlier_headings(session, listed)
    chosen = assigning(file, {}, earlier, heading_row=heading_row)
    places = dict(chosen.places)
    if listed.kind is not None:
        # The whole list says it: a column that seems to say it again is left alone.
        places.pop("kind", None)
    for each in named:
        name, _sign, column = each.partition("=")
        if name not in _NAMES:
            raise click.UsageError(f"--column takes: {', '.join(_NAMES)}.")
        places[name] = _place(column, chosen)
    layout: dict[str, object] = {"heading_row": chosen.heading_row, "columns": places}
    if lacking := missing(layout, listed.kind):
        raise click.UsageError(
            f"Say with --column which column is: {', '.join(lacking)}. {_has(chosen)}"
        )
    if twice(layout):
        raise click.UsageError("One column was named twice.")
    return layout | {"headings": headings_of(chosen, layout)}


def _place(column: str, chosen: Assigning) -> int:
    for offered in chosen.offered:
        if column.upper() == offered.letters or folded(column) == folded(offered.heading):
            return offered.place
    raise click.UsageError(f"The list has no column {column!r}. {_has(chosen)}")


def _has(chosen: Assigning) -> str:
    return f"It has: {', '.join(map(_shown_column, chosen.offered)) or 'none'}."


def _shown_column(offered: Offered) -> str:
    return f"{offered.letters} {offered.heading}".strip()


def _tried(session: Session, listed: SignList, file: Path, doing: Doing) -> Trial:
    """Say what each row comes to, after noting whose data that shows."""
    trial = try_list(
        session,
        listed,
        file,
        packs=doing.packs,
        on=doing.on,
        own_person_id=doing.actor.person_id,
    )
    _note_shown(trial, listed.region_code, doing)
    for match in trial.shown:
        # The number of the row and no name: a terminal's output is kept by who knows what.
        click.echo(f"Row {match.row.number}: {VERDICTS[match.verdict]}. {explained(match)}")
    if more := trial.rows - len(trial.shown):
        click.echo(f"... and {counted(more, 'row')} more")
    for verdict, words in VERDICTS.items():
        if number := trial.counts[verdict]:
            click.echo(f"{words}: {number}")
    return trial


def _note_shown(trial: Trial, region_code: str, doing: Doing) -> None:
    """Tell the people of the rows shown who saw whether they draw a benefit, as the page does.

    :raises click.ClickException: when it cannot be noted; nothing is shown then.
    """
    actor: Actor = doing.actor
    assert actor.account_id is not None
    assert actor.person_id is not None
    viewer = Viewer(
        actor.account_id,
        actor.person_id,
        ShownTo.STAFF,
        Channel.COMMAND,
        region_code=region_code,
    )
    people = [match.person_id for match in trial.shown if match.person_id is not None]
    try:
        note_access(command_access_log(), people, viewer, Reason.CERTIFICATION, at=doing.at)
    except AccessNotNoted as error:
        raise click.ClickException(
            "Whose data are shown cannot be noted just now, so nothing is shown. Try again."
        ) from error


def _note_dry_run(session: Session, file: Path, trial: Trial, doing: Doing) -> None:
    """Keep that somebody compared a list with the register: nothing else is left of a dry run."""
    record_activity(
        session,
        "sign_list.tried",
        actor=doing.actor,
        at=doing.at,
        subject=("sign_file", sha256(file.read_bytes()).hexdigest()),
        facts={verdict.value: number for verdict, number in trial.counts.items()},
    )


def _send(
    session: Session, tried: SignList, file: Path, trial: Trial, paper: str, doing: Doing
) -> str:
    with file.open("rb") as source:
        listed = hand_in(
            session,
            doing.files,
            source,
            file_name=tried.file_name,
            region_code=tried.region_code,
            office=tried.source,
            kind=tried.kind,
            actor=doing.actor,
            at=doing.at,
        )
    listed.layout = tried.layout
    return propose_list(session, listed, trial, paper, doing).reference
