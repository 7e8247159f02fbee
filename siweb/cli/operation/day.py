"""siweb day."""

import click
from sqlalchemy.orm import Session, sessionmaker

from siweb import clock, schema
from siweb.audit.form_key import forget_form_keys
from siweb.backup.retention import backup_folder, backups_in
from siweb.bring_in.forget import forget_files
from siweb.cli.counted import are, counted
from siweb.cli.settings import command_files, command_sessions, command_settings
from siweb.db.statistics import collect_statistics
from siweb.desk.reviews.campaigns.employers import keep_results_of_employers
from siweb.documents.proof.journal.forget import forget_journal
from siweb.documents.proof.journal.line import journal_folder
from siweb.evidence.drafts import forget_drafts
from siweb.files.store import FileStore
from siweb.filings.drafts.import_sheet import forget_uploads
from siweb.jobs.in_portions import let_others_in
from siweb.jobs.reminders import REMINDERS
from siweb.ledgers.benefits.hold import hold_months
from siweb.ledgers.close_years import close_years
from siweb.notes.forget import forget_notes
from siweb.pensions.withdrawal.withdraw import end_withdrawn
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import BenefitState
from siweb.reviews.begin.progress import keep_results
from siweb.reviews.benefits.move import move_benefits
from siweb.reviews.objections.answer import pass_on_unanswered
from siweb.rules.parameters.pack_set import PackSet
from siweb.settings import Settings
from siweb.signs.forget import forget_signs
from siweb.signs.stop import stop_served

assert schema.metadata.tables


@click.command()
def day() -> None:
    """Do what a new day brings: benefits become due, unanswered objections go to the agency.

    The months of suspended benefits are kept, to be paid when their recipients are certified.

    People and employers are told of reviews that open, and 60, 30 and 7 days before a last day: of
    a review, a certification, a mandate, a bill of who pays alone, a deferral, a remedy. When a
    campaign is over, how many sent nothing is counted for good.

    On PostgreSQL the months of a year that is over for long become one part of their table.
    Lists that employers uploaded three months ago are deleted; the filings stay. The keys of
    forms that were sent a month ago are deleted as well, and an old system's files that were
    handed in then and did not come in, and scans whose forms were not sent within two days.
    Files of other offices' lists go after a month, what came to nothing in them after three years.
    Notes of staff for their colleagues go after three years.
    Of the journal of papers goes what is older than 400 days and than every backup.
    What lies in a shared folder or an object store and belongs to nothing is removed there.

    Run it once a day, for example by cron; running it again changes nothing.
    """
    settings = command_settings()
    sessions = command_sessions()
    _forget_files(sessions, command_files(settings))
    _forget_journal(settings)
    with sessions() as session:
        packs = packs_in_force(session)
        moved, stopped, held = _move_benefits(session, packs)
        notified = _notify(session, packs)
        counted_for_good = keep_results(session, on=clock.today(), at=clock.now())
        counted_for_good += keep_results_of_employers(session, on=clock.today(), at=clock.now())
        let_others_in(session)
        passed_on = 0
        while number := pass_on_unanswered(session, on=clock.today(), at=clock.now()):
            let_others_in(session)
            passed_on += number
        for _closed in close_years(session, on=clock.today()):
            let_others_in(session)
        _tidy(session)
    for state, number in moved.items():
        click.echo(f"{counted(number, 'benefit')} {are(number)} {state.value} now.")
    if stopped:
        click.echo(f"{counted(stopped, 'benefit')} stopped for a sentence, as was served.")
    if counted_for_good:
        click.echo(f"Counted what {counted(counted_for_good, 'campaign')} came to.")
    click.echo(f"Held back {counted(held, 'month')} of suspended benefits.")
    click.echo(f"Told people and employers: {counted(notified, 'message')}.")
    click.echo(
        f"{counted(passed_on, 'review')} went on to the agency without the employer's answer."
    )


def _move_benefits(session: Session, packs: PackSet) -> tuple[dict[BenefitState, int], int, int]:
    """Let benefits become what they are today; return how many did, stopped, and wait held back.

    Each part is whole by itself and changes nothing the second time: others write in between.
    """
    moved = move_benefits(session, packs=packs, on=clock.today(), at=clock.now())
    let_others_in(session)
    stopped = stop_served(session, on=clock.today(), at=clock.now())
    let_others_in(session)
    if ended := end_withdrawn(session, on=clock.today(), at=clock.now()):
        click.echo(f"{counted(ended, 'benefit')} ended that were not due, as was served.")
    let_others_in(session)
    held = hold_months(session, on=clock.today(), at=clock.now())
    let_others_in(session)
    return moved, stopped, held


def _notify(session: Session, packs: PackSet) -> int:
    """Tell people and employers what comes and what came; return how many."""
    notified = 0
    for reminder in REMINDERS:
        notified += reminder.tell(session, packs, clock.today(), clock.now())
        let_others_in(session)
    return notified


def _tidy(session: Session) -> None:
    session.commit()
    forget_form_keys(session, at=clock.now())
    forget_notes(session, at=clock.now())
    # After what goes: what grew since yesterday is planned for today.
    collect_statistics(session)
    session.commit()


def _forget_journal(settings: Settings) -> None:
    # The newest comes first; without any nothing was kept for longer than the journal is.
    backups = backups_in(backup_folder(settings))
    oldest = backups[-1].made_at if backups else None
    if gone := forget_journal(journal_folder(settings), at=clock.now(), oldest_backup=oldest):
        click.echo(f"Deleted {counted(gone, 'month')} of the journal of papers.")


def _forget_files(sessions: sessionmaker[Session], files: FileStore) -> None:
    with sessions.begin() as session:
        forgotten = forget_uploads(session, files, at=clock.now())
        forget_files(session, files, at=clock.now())
        forget_drafts(session, files, at=clock.now())
        forget_signs(session, files, at=clock.now())
    click.echo(f"Deleted {counted(forgotten, 'uploaded list')} of three months ago.")
    if orphans := files.remove_orphans(sessions, at=clock.now()):
        click.echo(f"Removed {counted(orphans, 'stored file')} that nothing refers to.")
