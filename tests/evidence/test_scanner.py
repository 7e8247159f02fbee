"""The virus scanner is asked about every scan; one that is silent lets nothing through."""

import socket
import struct
import sys
import threading

import pytest

from siweb.evidence.scan_refused import ScanRefused
from siweb.evidence.scanning.scanner import VirusScanner
from siweb.settings import SettingError, Settings
from tests.evidence.scans import pdf


class Clamd(threading.Thread):
    """As much of clamd as INSTREAM takes; finds what says EICAR."""

    def __init__(self, family, address, *, answers=True):
        super().__init__(daemon=True)
        self.answers, self.received = answers, []
        self.server = socket.socket(family)
        self.server.bind(address)
        self.server.listen()
        self.start()

    def run(self):
        while True:
            try:
                line, _from = self.server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack(">I", stream.read(4))[0]:
                    content += stream.read(length)
                self.received.append(content)
                if self.answers:
                    found = b"Eicar-Test FOUND" if b"EICAR" in content else b"OK"
                    line.sendall(b"stream: " + found + b"\0")


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, tmp_path):
    if request.param == "unix":
        path = str(tmp_path / "clamd.ctl")
        server, address = Clamd(socket.AF_UNIX, path), f"unix:{path}"
    else:
        server = Clamd(socket.AF_INET, ("127.0.0.1", 0))
        address = f"tcp:127.0.0.1:{server.server.getsockname()[1]}"
    yield server, VirusScanner.of(Settings(scanner=address))
    server.server.close()


def code_of(scanner, content):
    try:
        scanner.require_clean(content)
    except ScanRefused as refused:
        return refused.code
    return None


def test_clamd_is_sent_the_whole_file_and_its_word_counts(clamd):
    server, scanner = clamd
    long = pdf(1, extra=b"x" * 200_000)

    assert code_of(scanner, long) is None
    assert code_of(scanner, b"EICAR") == "infected"
    assert server.received == [long, b"EICAR"]


def test_a_clamd_that_says_nothing_lets_nothing_through(clamd):
    server, scanner = clamd
    server.answers = False

    assert code_of(scanner, pdf()) == "not_scanned"


def test_no_scanner_where_one_is_set_lets_nothing_through(tmp_path):
    nobody = VirusScanner.of(Settings(scanner=f"unix:{tmp_path / 'nobody.ctl'}"))

    assert code_of(nobody, pdf()) == "not_scanned"
    assert code_of(VirusScanner.of(Settings()), pdf()) is None


@pytest.mark.parametrize(("ends_with", "code"), [(0, None), (1, "infected"), (2, "not_scanned")])
def test_a_command_says_it_by_how_it_ends(ends_with, code):
    program = f"import sys; sys.exit({ends_with} if sys.stdin.read() == 'file' else 3)"
    scanner = VirusScanner("command", f'{sys.executable} -c "{program}"')

    assert code_of(scanner, b"file") == code


@pytest.mark.parametrize(
    "wrong", ["clamd", "unix:", "unix:relative", "tcp:host", "tcp:host:x", "command: ", "http:x"]
)
def test_a_setting_that_names_no_scanner_is_refused_at_the_start(wrong):
    with pytest.raises(SettingError, match="SIWEB_SCANNER must be unix:"):
        VirusScanner.of(Settings(scanner=wrong))
