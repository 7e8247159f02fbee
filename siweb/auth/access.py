"""Who may open a page: every view is marked with exactly one of these, beside its route."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from siweb import clock
from siweb.audit.actor import Actor
from siweb.auth.acting import Acting, find_acting
from siweb.auth.api_tokens import Bearer, find_bearer
from siweb.auth.helping.helped import Helped
from siweb.auth.office_tokens import OfficeBearer, find_office_bearer
from siweb.auth.sign_in.proof import missing_proof
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.auth.staff.duties import Duty, Scope, scope_of
from siweb.auth.staff.subject import Subject, is_own
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.mandate import MandateKind
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import all_keys
from siweb.web.database import db_session
from siweb.web.failures.problems import ApiProblem
from siweb.web.visitor import ask_to_sign_in, who

View = TypeVar("View", bound=Callable[..., Any])
SubjectOf = Callable[..., Subject | None]


class OwnMatter(Forbidden):
    """When staff act on their own record, a relative's, or a firm that they act for."""

    # Which of the worded pages says so (templates/web/error.html).
    worded_as = "own_matter"


def public(view: View) -> View:
    """Mark a page that anyone may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a page for people who signed in; others are sent to sign in and come back here."""

    @wraps(view)
    def guarded(*args: Any, **values: Any) -> Any:
        if who() is None:
            return ask_to_sign_in()
        return view(*args, **values)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return cast("View", guarded)


def duty(
    *functions: Function,
    of: SubjectOf | None = None,
    about: Iterable[Insurance] = (),
    reads: bool = False,
) -> Callable[[View], View]:
    """Mark a page of the desk for staff who hold one of these functions (岗位).

    For others it does not exist, and they prove their second factor first (`sign_in/proof.py`).
    Whoever audits reads every page and sends no form but those that only look something up
    (`reads`).

    `of` finds what the address names: outside the visitor's regions it does not exist, and nobody
    sends a form on their own matter. A page
    without `of` is a list: its view asks `scope()` which regions it may show.

    `about` are the insurances that the page is about, if it is about some: it exists where the
    visitor's agency runs any of them, and `scope()` is that part.
    """
    insurances = frozenset(about)

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if who() is None:
                return ask_to_sign_in()
            audits = (Function.AUDIT,) if reads or request.method in {"GET", "HEAD"} else ()
            held = scope_of(duties(), (*functions, *audits))
            if held is None or (held := held.running(*insurances)).regions == frozenset():
                abort(404)
            # After the function: whoever holds none does not even learn that there is a page here.
            if (missing := missing_proof(visitor())) is not None:
                return missing
            g.scope = held
            if of is not None:
                g.subject = of(db_session(), **values)
                _require(g.subject, held)
            return view(*args, **values)

        named = ",".join(function.value for function in functions)
        guarded.access = f"duty:{named}"  # type: ignore[attr-defined]
        guarded.subject_of = of  # type: ignore[attr-defined]
        guarded.about = insurances  # type: ignore[attr-defined]
        return cast("View", guarded)

    return mark


def acting_for(kind: str) -> Callable[[View], View]:
    """Mark a page of the employer whose code stands in its address, `<uscc>`.

    Only accounts with a mandate of that kind, or of one that may do more, find it. The view asks
    `acting()` for the employer; `url_for` fills in the code of the pages it leads to.
    """
    needed = MandateKind(kind)

    def mark(view: View) -> View:
        @wraps(view)
        # The code ends here: a view gets the employer
        # that was proved and never the one that was typed.
        def guarded(*args: Any, uscc: str, **values: Any) -> Any:
            if who() is None:
                return ask_to_sign_in()
            found = find_acting(db_session(), visitor().account_id, uscc, on=clock.today())
            if found is None or not found.kind.covers(needed):
                abort(404)
            g.acting = found
            return view(*args, **values)

        guarded.access = f"acting_for:{kind}"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return mark


def bearer(scope: str) -> Callable[[View], View]:
    """Mark an address for programs with a token of a scope; sign-ins count for nothing there."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
            on, at = clock.today(), clock.now()
            found: Bearer | OfficeBearer | None = None
            # RFC 9110, 11.1: the name of a scheme is written in any case.
            if kind.casefold() == "bearer" and (secret := secret.strip()):
                session = db_session()
                # An employer's programs ask far more often: another office's are looked for next.
                found = find_bearer(session, secret, on=on, at=at) or find_office_bearer(
                    session, secret, on=on, at=at
                )
            if found is None:
                raise ApiProblem(
                    401,
                    "token",
                    _("Send a token that is in force: Authorization: Bearer siweb_…"),
                    headers={"WWW-Authenticate": "Bearer"},
                )
            # After the token: whoever has none in force is not told what another one may do.
            if scope not in found.scopes:
                detail = _("The token needs the scope “%(scope)s”.", scope=scope)
                raise ApiProblem(403, "scope", detail)
            g.bearer = found
            return view(*args, **values)

        guarded.access = f"bearer:{scope}"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return mark


def token_bearer() -> Bearer:
    """Return the employer's token in use; only in views marked `bearer` with a scope of theirs."""
    return cast("Bearer", g.bearer)


def office_bearer() -> OfficeBearer:
    """Return the other office's token in use; only in views marked `bearer("lists")`."""
    return cast("OfficeBearer", g.bearer)


def _require(subject: Subject | None, held: Scope) -> None:
    # Reading is harmless where one of its insurances is run here; a form may change all of them.
    acts_on_it = request.method not in {"GET", "HEAD"}
    if subject is None or not subject.lies_in(db_session(), held, wholly=acts_on_it):
        abort(404)
    if acts_on_it:
        require_others(subject)


def require_others(subject: Subject) -> None:
    """Refuse what is the visitor's own matter or a relative's, also where only a form names it.

    :raises OwnMatter: for the visitor's own matter, and that of relatives whom they declared.
    """
    me = visitor()
    # Most staff never acted for an employer and are registered once: two statements less.
    account_id = me.account_id if me.has_mandates else None
    if is_own(db_session(), subject, keys=barred(), account_id=account_id):
        raise OwnMatter


def barred() -> list[int]:
    """Return whose matters the visitor does not decide: their own and their relatives'."""
    me = visitor()
    own = all_keys(db_session(), me.person_id) if me.has_other_keys else [me.person_id]
    return [*own, *me.relatives]


def duties() -> tuple[Duty, ...]:
    """Return what the visitor may do at the desk today."""
    return visitor().duties


def may(*functions: Function) -> bool:
    """Return whether the visitor holds any of some functions, wherever that is."""
    return scope_of(duties(), functions) is not None


def may_read(*functions: Function) -> bool:
    """Return whether the visitor may read the pages of any of some functions."""
    return may(*functions, Function.AUDIT)


def runs(*insurances: Insurance) -> bool:
    """Return whether the visitor acts on any of some insurances here.

    Only in views marked `duty`: a page about somebody as a whole shows what lies in the scope.
    """
    return scope().running(*insurances).regions != frozenset()


def insurances_run() -> list[Insurance]:
    """Return which insurances the visitor acts on here; none named when it is every one."""
    found = [each for each in Insurance if runs(each)]
    return [] if len(found) == len(Insurance) else found


def subject() -> Subject:
    """Return what the address names; only in views marked `duty` with `of`."""
    return cast("Subject", g.subject)


def scope() -> Scope:
    """Return the regions in which the visitor acts here; only in views marked `duty`."""
    return cast("Scope", g.scope)


def acting() -> Acting:
    """Return the employer acted for; only in views marked `acting_for`."""
    return cast("Acting", g.acting)


def visitor() -> SignedIn:
    """Return who is signed in; only for views that are not public."""
    return cast("SignedIn", who())


def helped() -> Helped | None:
    """Return the person acted for; None where the visitor acts for themselves."""
    return cast("Helped | None", g.get("helped"))


def whose() -> int:
    """Return whose record, papers and cases this page is about: one's own, or who is helped.

    Every view that a helper may open asks this, and none asks for the visitor's own key.
    """
    found = helped()
    return visitor().person_id if found is None else found.person_id


def actor() -> Actor:
    """Return the signed-in visitor as the acting person, with whom they act for."""
    found, person = visitor().as_actor(), helped()
    if person is not None:
        return replace(found, on_behalf_of_person_id=person.person_id)
    employer: Acting | None = g.get("acting")
    return replace(found, on_behalf_of_employer_id=employer.employer_id) if employer else found
