"""The nginx example: forms work behind it on any port, without Referer too.

Where nginx is installed, it runs with the example as it stands; its words are held either way.
"""

import os
import re
import shutil
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from socketserver import ThreadingMixIn
from urllib.parse import urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from siweb.app import create_app
from tests.architecture.sources import ROOT
from tests.cli.operation.test_server import free_port

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
HEADER = re.compile(r"proxy_set_header (\S+) (\S+);")
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
PUBLIC = "office.example.org"
# What nginx puts for its variables when a browser asks for https://office.example.org:8443.
VARIABLES = {
    "$http_host": f"{PUBLIC}:8443",
    "$scheme": "https",
    "$remote_addr": "203.0.113.9",
    # Not in the example, and wrong on another port than the usual one.
    "$host": PUBLIC,
}


@pytest.fixture(scope="module")
def example():
    return (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


@pytest.fixture
def office(settings):
    return create_app(
        replace(settings, public_url=f"https://{PUBLIC}:8443", https=True, trusted_proxies=1)
    )


def test_a_form_comes_back_to_the_port_it_was_sent_from(office, example):
    """The example's headers, as nginx fills them in, around a browser that sends no Referer."""
    passed = {name: VARIABLES[value] for name, value in HEADER.findall(example)}
    browser = office.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    cookie = {}

    def ask(method, path, **typed):
        answer = browser.open(
            path, method=method, data=typed, headers={**passed, **cookie}, buffered=True
        )
        if kept := answer.headers.get("Set-Cookie"):
            cookie["Cookie"] = kept.partition(";")[0]
        return answer

    token = TOKEN.search(ask("GET", "/sign-in").text)[1]
    sent = ask("POST", "/sign-in", id_number="x", password="x", csrf_token=token)
    away = ask("GET", "/account")

    assert sent.status_code == 422
    assert away.status_code == 303
    assert away.location.startswith("/")
    assert "proxy_pass http://127.0.0.1:8000;" in example
    assert "client_max_body_size 64m;" in example


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_given):
        """Print nothing."""


@pytest.fixture
def proxied(office, example, tmp_path):
    """The port of nginx, with the example as it stands but for the port of the office."""
    if NGINX is None:
        missing = "no nginx on this machine: install nginx-light"
        (pytest.fail if os.environ.get("SIWEB_TEST_ALL") else pytest.skip)(missing)
    behind, port = free_port(), free_port()
    server = make_server("127.0.0.1", behind, office, _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    block = example.replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    configuration = tmp_path / "nginx.conf"
    places = "".join(
        f"{name}_temp_path {tmp_path / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"daemon off;\npid {tmp_path / 'pid'};\nevents {{}}\nhttp {{\naccess_log off;\n{places}"
        f"server {{\nlisten 127.0.0.1:{port};\n{block}\n}}\n}}\n"
    )
    log = tmp_path / "error.log"
    process = subprocess.Popen([NGINX, "-e", str(log), "-p", str(tmp_path), "-c", configuration])
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)
        server.shutdown()
        server.server_close()


def test_forms_work_through_nginx_itself(proxied):
    cookie = {}

    def ask(method, path, body=None):
        connection = HTTPConnection("127.0.0.1", proxied, timeout=60)
        # A browser names the port; the office must not take it for another site.
        headers = {"Host": f"{PUBLIC}:{proxied}", "Accept-Language": "en", **cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{PUBLIC}:{proxied}"
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            if kept := answer.headers.get("Set-Cookie"):
                cookie["Cookie"] = kept.partition(";")[0]
            return answer.status, answer.read().decode("utf-8", "replace")

    until = time.monotonic() + 60
    while True:
        try:
            _status, page = ask("GET", "/sign-in")
        except ConnectionRefusedError:
            assert time.monotonic() < until
        else:
            break
    form = {"id_number": "1101", "password": "x"}
    token = TOKEN.search(page)[1]

    sent, _page = ask("POST", "/sign-in", urlencode(form | {"csrf_token": token}))
    lost, page = ask("POST", "/sign-in", urlencode(form))

    assert sent == 422
    # Its token gone, the form comes back with what was typed: this site sent it.
    assert lost == 400
    assert 'value="1101"' in page
