"""What the office writes by itself is in the language of its settings."""

import threading

import pytest
from flask_babel import gettext, ngettext

from siweb import clock
from siweb.audit.actor import Actor
from siweb.documents.payload import in_both_languages
from siweb.jobs import worker
from siweb.queue.enqueue import enqueue
from siweb.settings import SettingError, Settings
from siweb.web.language.labels import INSURANCES, insurance_name
from siweb.web.language.locale import office_language


@pytest.fixture
def wrote(monkeypatch, session):
    """What a job writes of itself in each place that has words."""
    found = {}

    def write(context):
        found["sentence"] = gettext("Pension insurance")
        found["name"] = insurance_name("pension")
        found["both"] = in_both_languages(INSURANCES["pension"])
        assert ngettext("x", "y", 1) in {"x", "y"}

    monkeypatch.setitem(worker.JOB_FUNCTIONS, "test.write", write)
    enqueue(session, "test.write", {}, actor=Actor(None, None), at=clock.now(), subject=("test", 1))
    session.commit()
    return found


def test_a_job_writes_chinese_where_nobody_said_otherwise(wrote, sessions, tmp_path):
    assert worker.run_next_job(sessions, "w")

    assert wrote["sentence"] == wrote["name"] == "养老保险"


def test_a_job_writes_the_language_of_the_settings(wrote, sessions, tmp_path):
    assert worker.run_next_job(sessions, "w", language="en")

    assert wrote["sentence"] == wrote["name"] == "Pension insurance"


def test_papers_carry_both_languages_whichever_it_is(wrote, sessions, tmp_path):
    assert worker.run_next_job(sessions, "w")

    assert wrote["both"] == {"zh_Hans": "养老保险", "en": "Pension insurance"}


def test_two_threads_each_have_their_language():
    found = {}

    def write(locale):
        with office_language(locale):
            found[locale] = gettext("Pension insurance")

    threads = [threading.Thread(target=write, args=(locale,)) for locale in ("en", "zh_Hans")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {"en": "Pension insurance", "zh_Hans": "养老保险"}


def test_a_language_that_the_office_has_not_is_refused():
    with pytest.raises(SettingError, match="SIWEB_LANGUAGE must be one of zh_Hans, en, not 'de'"):
        Settings.load({"SIWEB_LANGUAGE": "de"})
