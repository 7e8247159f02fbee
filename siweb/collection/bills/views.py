"""The pages of bills: an employer's, and those of a person who pays alone."""

from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from siweb import clock
from siweb.audit.record import record_activity
from siweb.auth.access import acting, acting_for, actor, signed_in, visitor
from siweb.collection.bills.facts import due_facts
from siweb.collection.bills.find import Payer, find_bill, load_bill, load_bills
from siweb.collection.bills.forms import PayDayForm
from siweb.collection.bills.labels import KINDS, PAYMENT_KINDS, STATES, TONES
from siweb.collection.bills.notice import MOST_PEOPLE, give_bill
from siweb.collection.bills.people import all_people, load_people
from siweb.collection.bills.sheet import write_bill
from siweb.collection.payments.bank_reference import printed
from siweb.collection.posting.behind_bill import behind_bill
from siweb.collection.tables.bill import Bill
from siweb.documents.secret import document_secret
from siweb.documents.spreadsheets.sheet import MEDIA_TYPE, as_download, pieces
from siweb.documents.tables.document import Document
from siweb.documents.views import paper_answer
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.numbers.money import capital_numerals
from siweb.web.database import db_session, write_session, writes
from siweb.web.htmx import render_page
from siweb.web.language.labels import template_labels
from siweb.web.paging import page_asked, search_asked

blueprint = Blueprint("bills", __name__)


# The templates name the states and kinds of bills.
template_labels(
    blueprint,
    bill_words={
        "kinds": KINDS,
        "states": STATES,
        "tones": TONES,
        "payments": PAYMENT_KINDS,
        "printed": printed,
        "capitals": capital_numerals,
        "due_facts": due_facts,
    },
)


@blueprint.get("/employer/<uscc>/bills")
@acting_for("viewer")
def show_bills() -> str:
    return _bills(_employer(), "collection/bills/bills.html")


@blueprint.get("/bills")
@signed_in
def show_own_bills() -> str:
    return _bills(_own(), "collection/bills/own_bills.html")


@blueprint.get("/employer/<uscc>/bills/<int:number>")
@acting_for("viewer")
def show_bill(number: int) -> tuple[str, int]:
    return _page(_bill(_employer(), number), "collection/bills/bill.html")


@blueprint.get("/bills/<int:number>")
@signed_in
def show_own_bill(number: int) -> tuple[str, int]:
    return _page(_bill(_own(), number), "collection/bills/own_bill.html")


@blueprint.get("/employer/<uscc>/bills/<int:number>/people")
@acting_for("viewer")
def show_people(number: int) -> str:
    bill = _bill(_employer(), number)
    query = search_asked()
    page = page_asked()
    return render_page(
        "collection/bills/people.html",
        "collection/bills/_people.html",
        bill=bill,
        found=load_people(db_session(), behind_bill(bill), query, page),
    )


@blueprint.get("/employer/<uscc>/bills/<int:number>.pdf")
@acting_for("viewer")
@writes
def send_paper(number: int) -> AnyResponse:
    return bill_paper(_bill(_employer(), number))


@blueprint.get("/bills/<int:number>.pdf")
@signed_in
@writes
def send_own_paper(number: int) -> AnyResponse:
    return bill_paper(_bill(_own(), number))


@blueprint.get("/employer/<uscc>/bills/<int:number>.xlsx")
@acting_for("viewer")
@writes
def send_sheet(number: int) -> Response:
    return _sheet(_bill(_employer(), number), acting().name)


@blueprint.get("/bills/<int:number>.xlsx")
@signed_in
@writes
def send_own_sheet(number: int) -> Response:
    return _sheet(_bill(_own(), number), visitor().name)


def _employer() -> Payer:
    return Payer(employer_id=acting().employer_id)


def _own() -> Payer:
    return Payer(person_id=visitor().person_id)


def _bill(payer: Payer, number: int) -> Bill:
    found = find_bill(db_session(), payer, number)
    if found is None:
        abort(404)
    return found


def _bills(payer: Payer, template: str) -> str:
    page = page_asked()
    bills, has_more = load_bills(
        db_session(), payer, packs=packs_in_force(db_session()), on=clock.today(), page=page
    )
    return render_template(template, bills=bills, has_more=has_more, page=page)


def _page(bill: Bill, template: str) -> tuple[str, int]:
    whole = load_bill(db_session(), bill, packs=packs_in_force(db_session()), on=clock.today())
    form = PayDayForm(request.args if "on" in request.args else None)
    later = whole.on(form.on.data) if "on" in request.args and form.validate() else None
    page = render_template(
        template, whole=whole, form=form, later=later, account=_account(), on=clock.today()
    )
    return page, 422 if form.errors else 200


def _account() -> str:
    """Return the account that bills name, as the office's settings write it."""
    return str(current_app.extensions["siweb_settings"].payment_account)


def bill_paper(bill: Bill) -> AnyResponse:
    """Issue the paper as the bill stands, and send it; asked for again it is the same one."""
    with write_session() as writer:
        mine = writer.get_one(Bill, bill.id)
        listed = mine.employer_id is not None and mine.headcount <= MOST_PEOPLE
        issued = give_bill(
            writer,
            load_bill(writer, mine, packs=packs_in_force(writer), on=clock.today()),
            load_people(writer, behind_bill(mine), most=MOST_PEOPLE).people if listed else [],
            _account(),
            actor=actor(),
            at=clock.now(),
            secret=document_secret(),
        )
        document = writer.get_one(Document, issued.document_id)
        writer.commit()
        return paper_answer(document)


def _sheet(bill: Bill, payer_name: str) -> Response:
    # Noted before it is sent: the numbers are out even if sending breaks off.
    with write_session() as writer:
        record_activity(
            writer,
            "bill.exported",
            actor=actor(),
            at=clock.now(),
            subject=("bill", bill.id),
        )
        writer.commit()
    session = db_session()
    whole = load_bill(session, bill, packs=packs_in_force(session), on=clock.today())
    file = write_bill(whole, payer_name, all_people(session, behind_bill(bill)))
    return Response(
        pieces(file), mimetype=MEDIA_TYPE, headers=as_download(f"{bill.bank_reference}.xlsx")
    )
