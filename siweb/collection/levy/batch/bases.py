"""The declared bases in force among a batch's people, found as one set."""

from sqlalchemy import CTE, and_, func, or_, select

from siweb.collection.tables.levy_run import LevyEmployer, LevyRun
from siweb.registry.tables.declared_base import DeclaredBase


def bases_in_force(run: LevyRun, month: str, people: tuple[int, int]) -> CTE:
    """Return the base in force of each person at each payer, with the risk of a run's employer.

    Found in one pass over the bases, in the order of their key; of those from the same month the
    one declared last holds. Employers that were not there when the run began are left out.
    """
    base, kept = DeclaredBase, LevyEmployer
    order = (base.from_month, base.base_number)
    later = func.lead(base.base_number).over(
        partition_by=(base.person_id, base.declaring_employer_id), order_by=order
    )
    last = (
        select(base.person_id, base.employer_id, base.declared_base_fen, later.label("later"))
        .where(
            base.person_id.between(*people),
            base.from_month <= month,
            base.withdrawn_at.is_(None),
        )
        .subquery("declared")
    )
    of_run = and_(
        kept.levy_run_id == run.id,
        kept.contribution_month == month,
        kept.employer_id == last.c.employer_id,
    )
    query = (
        select(
            last.c.person_id,
            last.c.employer_id,
            last.c.declared_base_fen,
            kept.injury_class,
            kept.injury_tier_ppm,
        )
        .select_from(last)
        .outerjoin(kept, of_run)
        .where(
            last.c.later.is_(None),
            or_(last.c.employer_id.is_(None), kept.employer_id.is_not(None)),
        )
    )
    return query.cte("bases").prefix_with("MATERIALIZED")
