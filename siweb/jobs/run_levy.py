"""The job that works a levy through, a batch at a time."""

from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.collection.levy.bare.month import LEVY_TABLES, part_of_run
from siweb.collection.levy.employers import employers_done
from siweb.collection.levy.issue import end_levy
from siweb.collection.levy.run import compute_batches
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.db.claim import ClaimedElsewhere
from siweb.db.statistics import collect_after
from siweb.jobs.context import JobContext, JobLost
from siweb.registry.packs.in_force import packs_in_force


def run_levy(context: JobContext) -> None:
    """Work a run through and end it; one that was killed goes on where it was.

    :raises JobLost: when another process works on the run.
    """
    actor = Actor(context.job.owner_account_id, None, Channel.JOB)
    with context.sessions() as session:
        run = session.get_one(LevyRun, int(context.job.arguments["levy_run_id"]))
        if run.state is not LevyState.COMPUTING:
            return
        done, employers = employers_done(session, run)
        # Not taken back: reading the run anew would begin the transaction of the first batch.
        session.commit()
        context.report("computing", done, employers)
        try:
            _work_through(context, session, run, actor)
        except ClaimedElsewhere as claimed:
            # Whoever takes the job up again goes on where the other came to, or finds it ended.
            raise JobLost(context.job.reference) from claimed


def _work_through(context: JobContext, session: Session, run: LevyRun, actor: Actor) -> None:
    # Once as a rule: a month that somebody wrote to meanwhile is worked through again.
    while run.state is LevyState.COMPUTING:
        for _batch in compute_batches(session, run, at=clock.now()):
            done, employers = employers_done(session, run)
            counted = {"records": run.totals["records"], "fen": run.totals["total_fen"]}
            session.commit()
            context.report("computing", done, employers, **counted)
        end_levy(
            session,
            run,
            packs=packs_in_force(session),
            actor=actor,
            at=clock.now(),
            order=context.order,
        )
        session.commit()
    part = part_of_run(session, run)
    collect_after(session, run.totals["records"], *LEVY_TABLES, part=part, committed=True)
    session.commit()
