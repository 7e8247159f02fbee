"""Whoever is slow holds no thread, no page and no more room than is set aside."""

import threading

import pytest

from tests.web.serving.conftest import SMALL, Visit, ask, form

LONG = 300_000


def echo(environ, start_response):
    """Answer with what was sent."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body, environ.get("CONTENT_LENGTH", "none").encode()]


def long_answer(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (b"x" * 10_000 for _part in range(LONG // 10_000))


def never(_environ, _start_response):
    raise AssertionError("no page may be asked for")


def test_the_sign_of_life_asks_no_page(make_front):
    found = ask(make_front(never), Visit(path="/healthz"))

    assert (found.status, found.answer) == (200, b"ok")


def test_a_page_without_a_body_is_answered_at_once(make_front):
    found = ask(make_front(echo), Visit())

    assert (found.status, found.answer) == (200, b"none")
    assert found.headers[b"content-length"] == b"4"


def test_a_body_comes_whole_however_it_was_cut(make_front):
    found = ask(make_front(echo), form(b"ab", b"", b"c"))

    assert found.answer == b"abc3"


def test_a_body_in_chunks_has_a_length_for_the_page(make_front):
    visit = Visit(
        (b"ab", True),
        (b"c", False),
        method="POST",
        headers=[(b"transfer-encoding", b"chunked")],
    )

    assert ask(make_front(echo), visit).answer == b"abc3"


@pytest.mark.parametrize("parts", [(b"a=", None), (None,)])
def test_a_body_that_stops_coming_is_given_up_without_a_page(make_front, parts):
    front = make_front(never)

    found = ask(front, form(*parts, length=100))

    assert found.status == 408
    assert found.headers[b"connection"] == b"close"
    assert front.budget.bytes_in_use == 0


def test_a_body_that_trickles_is_given_up(make_front):
    front = make_front(never, grace_seconds=0.0, slowest_bytes_per_second=1)

    assert ask(front, form(b"a", None, length=100)).status == 408


def test_many_halves_of_a_form_leave_the_pages_answering(make_front):
    front = make_front(echo, idle_seconds=0.5, grace_seconds=5.0)
    halves = [form(b"a=", None, length=100) for _number in range(50)]
    quick = form(b"whole")

    ask(front, *halves, quick)

    assert quick.answer == b"whole5"
    assert {half.status for half in halves} == {408}


def test_a_body_as_long_as_allowed_is_taken_in(make_front):
    found = ask(make_front(echo), form(b"x" * SMALL.body_bytes))

    assert found.answer == b"x" * SMALL.body_bytes + b"1000"


def refused(environ, start_response):
    start_response(f"{environ['siweb.refused_body']} No", [])
    return [environ["wsgi.input"].read() + environ["CONTENT_LENGTH"].encode()]


def test_a_longer_one_is_refused_before_it_comes(make_front):
    found = ask(make_front(refused), form(None, length=SMALL.body_bytes + 1))

    assert (found.status, found.answer) == (413, b"0")
    assert found.headers[b"connection"] == b"close"


def test_a_longer_one_in_chunks_is_refused_while_it_comes(make_front):
    visit = Visit(
        (b"x" * SMALL.body_bytes, True),
        (b"x", True),
        None,
        method="POST",
        headers=[(b"transfer-encoding", b"chunked")],
    )

    assert ask(make_front(refused), visit).status == 413


def test_who_is_gone_is_not_answered(make_front):
    visit = form({"type": "http.disconnect"}, length=10)
    visit._body = [{"type": "http.disconnect"}]

    ask(make_front(never), visit)

    assert visit.sent == []


def test_bodies_beyond_the_room_for_all_are_refused(make_front):
    front = make_front(echo, spool_bytes=1_500)
    both = form(b"x" * 900, None, length=1_000), form(b"y" * 900, None, length=1_000)

    ask(front, *both)

    assert sorted(visit.status for visit in both) == [408, 503]
    assert front.budget.bytes_in_use == 0


def test_a_long_answer_is_sent_in_pieces_with_its_length(make_front):
    front = make_front(long_answer)

    found = ask(front, Visit())

    assert found.headers[b"content-length"] == str(LONG).encode()
    assert found.answer == b"x" * LONG
    assert len(found.sent) > 3
    assert front.budget.bytes_in_use == 0


def test_a_reader_that_takes_nothing_is_given_up(make_front):
    front = make_front(long_answer)

    found = ask(front, Visit(takes=2))

    assert len(found.answer) < LONG
    assert front.budget.bytes_in_use == 0


def test_an_answer_beyond_the_room_for_all_says_come_again(make_front):
    front = make_front(long_answer, spool_bytes=LONG - 1)

    found = ask(front, Visit())

    assert found.status == 503
    assert found.headers[b"retry-after"] == b"30"
    assert front.budget.bytes_in_use == 0


def test_so_many_wait_for_a_thread_and_no_more(make_front):
    arrived, go_on = threading.Semaphore(0), threading.Event()

    def slow(_environ, start_response):
        arrived.release()
        go_on.wait(10)
        start_response("200 OK", [])
        return [b"done"]

    front = make_front(slow)
    visits = [Visit() for _number in range(SMALL.waiting + 1)]
    threading.Thread(target=lambda: (arrived.acquire(), go_on.set())).start()

    ask(front, *visits)

    assert sorted(visit.status for visit in visits) == [200, 200, 200, 503]


def test_a_failure_outside_of_the_pages_is_answered_and_says_nothing(make_front, caplog):
    def fail(_environ, _start_response):
        raise ValueError("张伟 11010519491231002X")

    found = ask(make_front(fail), Visit())

    assert found.status == 500
    assert "ValueError" in caplog.text
    assert "张伟" not in caplog.text
    assert "张伟" not in found.answer.decode()


def test_a_page_that_fails_while_it_is_made_leaves_no_room_taken(make_front):
    closed = []

    class Parts:
        def __iter__(self):
            yield b"x" * 100_000
            raise ValueError

        def close(self):
            closed.append(True)

    def fail(_environ, start_response):
        start_response("200 OK", [])
        return Parts()

    front = make_front(fail)

    assert ask(front, Visit()).status == 500
    assert closed == [True]
    assert front.budget.bytes_in_use == 0


def test_a_head_keeps_the_length_of_the_page(make_front):
    def head(_environ, start_response):
        start_response("200 OK", [("Content-Length", "123")])
        return []

    found = ask(make_front(head), Visit(method="HEAD"))

    assert found.headers[b"content-length"] == b"123"


def test_what_is_written_goes_before_what_is_returned(make_front):
    def write(_environ, start_response):
        start_response("200 OK", [])(b"first ")
        return [b"second"]

    assert ask(make_front(write), Visit()).answer == b"first second"
