"""Messages go out as each chose, say nothing of the matter, and fail where somebody sees it."""

import json
import smtplib
from contextlib import nullcontext
from datetime import date, timedelta
from typing import ClassVar

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from siweb.cli.operation import messages
from siweb.jobs.functions import JOB_FUNCTIONS
from siweb.jobs.send_messages import SEND_MESSAGES, ask_to_send
from siweb.jobs.worker import run_next_job
from siweb.messages.choice import Choice, channel_of, choose
from siweb.messages.gateways.choose import gateways_of
from siweb.messages.gateways.gateway import Channel, SendingFailed
from siweb.messages.gateways.outbox import Outbox
from siweb.messages.gateways.smtp import SmtpGateway
from siweb.messages.kinds.benefits import BENEFIT_SUSPENDED
from siweb.messages.kinds.bills import BILL_ISSUED
from siweb.messages.notify import notify
from siweb.messages.tables.delivery import DeliveryState, MessageDelivery
from siweb.messages.tables.message import Message
from siweb.queue.job import Job, JobState
from siweb.settings import SettingError, Settings
from tests.conftest import NOW
from tests.sign_in import sign_in

REGION = "310000"


class Sent:
    """A gateway that keeps what it got, or fails as it is told."""

    def __init__(self, failure=None):
        self.failure = failure
        self.got = []

    def send(self, outgoing):
        self.got.append(outgoing)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def tell(session, person):
    person.email, person.mobile = "wang@example.org", "13800001234"
    session.commit()

    def tell(at=NOW, kind=BENEFIT_SUSPENDED, **more):
        given = {"region_code": REGION, "subject": ("benefit", 4321), "at": at} | more
        notify(session, kind, given.pop("reader", person).id, **given)
        session.commit()

    return tell


@pytest.fixture
def work(session, sessions):
    """Let a worker of an office with these gateways do what there is to do."""

    def work(at=NOW, **gateways):
        outbox = Outbox(
            {Channel(name): gateway for name, gateway in gateways.items()},
            "https://office.example.org",
        )
        asked = ask_to_send(sessions, at=at)
        while run_next_job(sessions, "worker", outbox=outbox):
            pass
        session.expire_all()
        return asked

    return work


def deliveries(session):
    rows = session.scalars(select(MessageDelivery).order_by(MessageDelivery.channel)).all()
    return [(row.channel.value, row.state.value, row.attempts) for row in rows]


def test_what_is_sent_says_that_something_waits_and_where(session, person, tell, work):
    tell()
    mail = Sent()

    assert work(email=mail)

    (sent,) = mail.got
    assert sent.address == "wang@example.org"
    assert sent.subject == "社会保险经办机构有一条消息等您查看"
    assert "https://office.example.org" in sent.text
    assert person.id_number not in sent.text + sent.subject
    assert "4321" not in sent.text + sent.subject + sent.key
    assert deliveries(session) == [("email", "delivered", 1)]
    assert not work(at=NOW + timedelta(hours=1), email=mail)


def test_a_person_is_told_in_their_language_by_what_they_chose(session, person, tell, work, acting):
    choose(session, person.id, Choice("en", "sms"), actor=acting, at=NOW)
    tell()
    mail, texts = Sent(), Sent()

    work(email=mail, sms=texts)

    assert not mail.got
    (sent,) = texts.got
    assert (sent.address, sent.text.split(":")[0]) == (
        "13800001234",
        "A message waits for you at the social insurance office. Sign in to read it",
    )


def test_who_looks_alone_gets_nothing_and_the_inbox_has_it(session, person, tell, work, acting):
    choose(session, person.id, Choice("en", "inbox"), actor=acting, at=NOW)
    tell()
    mail = Sent()

    work(email=mail)

    assert not mail.got
    assert session.scalars(select(Message.carried_at)).one() == NOW
    assert deliveries(session) == []


@pytest.mark.parametrize(
    ("chosen", "addresses", "channels", "expected"),
    [
        (None, "em", "es", Channel.EMAIL),
        (None, "m", "es", Channel.SMS),
        ("sms", "em", "es", Channel.SMS),
        ("sms", "em", "e", Channel.EMAIL),
        ("email", "em", "s", Channel.SMS),
        ("email", "", "es", None),
        ("inbox", "em", "es", None),
        (None, "em", "", None),
    ],
)
def test_the_other_way_is_taken_where_one_is_closed(chosen, addresses, channels, expected):
    named = {"e": Channel.EMAIL, "s": Channel.SMS}

    assert expected == channel_of(
        chosen,
        email="a@example.org" if "e" in addresses else None,
        mobile="138" if "m" in addresses else None,
        channels=[named[letter] for letter in channels],
    )


def test_a_dead_gateway_is_tried_again_and_then_failed_for_all_to_see(
    session, person, tell, work, client, time_machine_at
):
    tell()
    dead, at = Sent(SendingFailed("connection")), NOW
    for attempts in range(1, 7):
        with time_machine_at(at):
            work(at=at, email=dead)
        state = "failed" if attempts == 6 else "queued"
        assert deliveries(session) == [("email", state, attempts)]
        at += timedelta(hours=6)

    assert session.scalars(select(MessageDelivery.failure)).one() == "connection"
    sign_in(client, session, person)
    page = client.get("/messages/benefit_suspended/benefit-4321/2026-11-24")
    assert "未能发出" in page.text


def test_a_server_that_fails_three_times_is_left_alone(session, tell, work):
    for number in range(5):
        tell(subject=("benefit", number))
    dead = Sent(SendingFailed("connection"))

    work(email=dead)

    assert len(dead.got) == 3


def test_an_address_that_does_not_exist_is_not_tried_again(session, tell, work):
    tell()

    work(email=Sent(SendingFailed("address", is_final=True)))

    assert deliveries(session) == [("email", "failed", 1)]


def test_what_is_old_when_a_gateway_comes_stays_in_the_inbox(session, tell, work):
    tell(at=NOW - timedelta(days=4))
    mail = Sent()

    work(email=mail)

    assert not mail.got
    assert session.scalars(select(Message.carried_at)).one() == NOW


def test_the_dead_are_sent_nothing(session, person, tell, work):
    tell()
    person.died_on = date(2026, 11, 1)
    session.commit()
    mail = Sent()

    work(email=mail)

    assert not mail.got


def test_an_employer_is_told_at_its_own_address(session, employer, tell, work):
    employer.email = "office@example.org"
    tell(kind=BILL_ISSUED, reader=employer)
    mail = Sent()

    work(email=mail)

    assert [sent.address for sent in mail.got] == ["office@example.org"]


@pytest.mark.parametrize(("phone", "sent"), [("021-12345678", 0), ("13800005678", 1)])
def test_no_text_message_goes_to_a_landline(session, employer, tell, work, phone, sent):
    employer.handler_phone = phone
    tell(kind=BILL_ISSUED, reader=employer)
    texts = Sent()

    work(sms=texts)

    assert len(texts.got) == sent


def test_the_job_is_asked_for_once_a_minute(session, sessions, tell):
    tell()

    assert ask_to_send(sessions, at=NOW)
    assert not ask_to_send(sessions, at=NOW + timedelta(minutes=2))
    session.scalars(select(Job)).one().state = JobState.FAILED
    session.commit()
    assert not ask_to_send(sessions, at=NOW + timedelta(seconds=50))
    assert ask_to_send(sessions, at=NOW + timedelta(minutes=1))
    assert SEND_MESSAGES in JOB_FUNCTIONS


def test_text_messages_are_written_into_files(session, tell, work, tmp_path):
    tell()
    gateways = gateways_of(Settings(var_dir=tmp_path, sms_gateway="file"))

    work(sms=gateways[Channel.SMS])

    (file,) = (tmp_path / "sms").iterdir()
    assert json.loads(file.read_text("utf-8"))["address"] == "13800001234"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"sms_gateway": "telegraph"}, "SIWEB_SMS_GATEWAY"),
        ({"sms_gateway": "no.such.module:Class"}, "SIWEB_SMS_GATEWAY"),
        ({"smtp_host": "mail", "smtp_sender": "a@b.c", "smtp_security": "x"}, "SMTP_SECURITY"),
        ({"smtp_host": "mail"}, "SIWEB_SMTP_SENDER"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(values, named):
    with pytest.raises(SettingError, match=named):
        gateways_of(Settings(**values))


def test_a_class_of_the_offices_own_is_a_gateway():
    name = "siweb.messages.gateways.sms_file:SmsFiles"

    assert Channel.SMS in gateways_of(Settings(sms_gateway=name))
    assert not gateways_of(Settings())


@pytest.mark.parametrize(
    ("raised", "code", "is_final"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"")}), "address", True),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"")}), "address", False),
        (smtplib.SMTPServerDisconnected(), "server", False),
        (ConnectionRefusedError(), "connection", False),
        (TimeoutError(), "connection", False),
    ],
)
def test_what_a_mail_server_answers(monkeypatch, tell, session, work, raised, code, is_final):
    def refuse(*_args, **_values):
        raise raised

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    tell()

    work(email=SmtpGateway("mail", 587, "office@example.org"))

    delivery = session.scalars(select(MessageDelivery)).one()
    assert delivery.failure == code
    assert delivery.state is (DeliveryState.FAILED if is_final else DeliveryState.QUEUED)


def test_a_mail_is_signed_in_for_and_written_as_one(monkeypatch, tell, work):
    class Server:
        done: ClassVar[list] = []

        def __init__(self, *where, **_values):
            self.done.append(where)

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

        def starttls(self, **_values):
            self.done.append("starttls")

        def login(self, *who):
            self.done.append(who)

        def send_message(self, mail):
            self.done.append((mail["To"], mail["From"], mail["Auto-Submitted"]))

    monkeypatch.setattr(smtplib, "SMTP", Server)
    tell()

    work(email=SmtpGateway("mail", 587, "office@example.org", user="siweb", password="secret"))

    assert Server.done == [
        ("mail", 587),
        "starttls",
        ("siweb", "secret"),
        ("wang@example.org", "office@example.org", "auto-generated"),
    ]


def test_whoever_runs_the_office_sees_what_failed(session, tell, work, monkeypatch, tmp_path):
    tell()
    work(email=Sent(SendingFailed("address", is_final=True)))
    monkeypatch.setattr(messages, "command_settings", lambda: Settings(var_dir=tmp_path))
    monkeypatch.setattr(messages, "command_sessions", lambda: lambda: nullcontext(session))

    shown = CliRunner().invoke(messages.messages)

    assert "Gateways: none" in shown.output
    assert "email failed (address): 1" in shown.output
