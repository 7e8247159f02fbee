"""What two people do with signs: take a list in, stop a benefit for a sentence, let it go on."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone
from siweb.registry.tables.benefit import PAYING
from siweb.registry.tables.person import Person
from siweb.reviews.tables.sign import Sign, SignList
from siweb.signs.examine import ExaminationRefused
from siweb.signs.find import TAKE_IN_KIND
from siweb.signs.labels import EXAMINATIONS, KINDS, REFUSALS, VERDICTS
from siweb.signs.match import Verdict
from siweb.signs.stop import announce_stop, resume
from siweb.signs.take_in import SignsRefused, take_in
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import count, day, month


def _list_of(session: Session, task: Task) -> SignList:
    found = session.get(SignList, task.change["list_id"])
    if found is None:
        raise SignsRefused("signs_gone")
    return found


def _of_list(_session: Session, _task: Task) -> Subject:
    # As with other lists of everybody: rows about whoever hands it in are counted.
    return Subject(frozenset(), insurances=PAYING)


def _would_take_in(_session: Session, task: Task) -> list[Difference]:
    change = task.change
    lines = [
        Difference(_("File"), "—", f"{change['source']} · {change['file_name']}"),
        *(
            Difference(VERDICTS[verdict], "—", count(change["counts"][verdict.value]))
            for verdict in Verdict
            if change["counts"].get(verdict.value)
        ),
    ]
    if change["own_rows"]:
        lines.append(
            Difference(
                _("Rows about who handed it in or their relatives"), "—", count(change["own_rows"])
            )
        )
    return lines


def _take_in(session: Session, task: Task, doing: Doing) -> None:
    listed = _list_of(session, task)
    try:
        with doing.files.opened(session, FileKind.SIGNS, listed.file_digest) as file:
            take_in(
                session,
                listed,
                file,
                packs=doing.packs,
                on=doing.on,
                actor=doing.actor,
                at=doing.at,
            )
    except FileGone as gone:
        raise SignsRefused("signs_gone") from gone
    except SheetRefused as refused:
        raise SignsRefused("signs_unreadable") from refused


def _sign_of(session: Session, task: Task) -> Sign:
    return session.get_one(Sign, task.change["sign_id"])


def _of_sign(session: Session, task: Task) -> Subject:
    sign = _sign_of(session, task)
    region, persons = frozenset({sign.region_code}), frozenset({sign.person_id})
    return Subject(region, persons, insurances=PAYING)


def _page(task: Task) -> str:
    return url_for("sign_desk.examine", sign_id=task.change["sign_id"])


def _would_stop(session: Session, task: Task) -> list[Difference]:
    sign = _sign_of(session, task)
    name = session.get_one(Person, sign.person_id).name
    return [
        Difference(KINDS[sign.kind], "—", f"{name} · {day(sign.seen_on)}"),
        Difference(_("Benefits"), _("paid"), _("stop with the month after the notice was served")),
    ]


def _stop(session: Session, task: Task, doing: Doing) -> None:
    sign = _sign_of(session, task)
    announce_stop(session, sign, words=task.because, actor=doing.actor, at=doing.at)


def _would_resume(session: Session, task: Task) -> list[Difference]:
    name = session.get_one(Person, _sign_of(session, task).person_id).name
    paid = _("paid from %(month)s", month=month(task.change["from_month"]))
    return [Difference(_("Benefits"), _("stopped"), f"{name} · {paid}")]


def _resume(session: Session, task: Task, doing: Doing) -> None:
    sign, from_month = _sign_of(session, task), task.change["from_month"]
    resume(session, sign, from_month, on=doing.on, actor=doing.actor, at=doing.at)


TAKE_IN = TwoPersonAction(
    TAKE_IN_KIND,
    _l("Take in a list of signs"),
    Function.REVIEW,
    _would_take_in,
    _of_list,
    _take_in,
    {SignsRefused: REFUSALS},
    lambda task: url_for("sign_desk.show_list", list_id=task.change["list_id"]),
)
STOP = TwoPersonAction(
    "signs.stop",
    _l("Stop a benefit for a prison sentence"),
    Function.REVIEW,
    _would_stop,
    _of_sign,
    _stop,
    {ExaminationRefused: EXAMINATIONS},
    _page,
)
RESUME = TwoPersonAction(
    "signs.resume",
    _l("Let a benefit go on after a release"),
    Function.REVIEW,
    _would_resume,
    _of_sign,
    _resume,
    {ExaminationRefused: EXAMINATIONS},
    _page,
)
