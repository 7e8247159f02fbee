"""Sheets are read by processes of their own: in tests, forks of one that has imported the reader.

Importing it takes longer than reading a small sheet, and some hundred are read. A worker on another
machine (tests/cli/operation/test_machines.py) and one that is killed start theirs as the office does.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from types import SimpleNamespace
from typing import Any, Self

# It waits for each of its children only when told to: until then a number is nobody else's.
_SERVES = """
import json, os, signal, socket, sys
from siweb.documents.spreadsheets.reading import rows_process
from siweb.filings.sheets import reader_main

outputs, answers = socket.socket(fileno=int(sys.argv[1])), os.fdopen(os.dup(1), "w")
for line in sys.stdin:
    deed, given = json.loads(line)
    if deed == "read":
        _sent, (output,), _flags, _address = socket.recv_fds(outputs, 1, 1)
        found = os.fork()
        if found == 0:
            os.dup2(output, 1)
            try:
                module, *words = given
                sys.modules[module].main(*words)
                sys.stdout.flush()
            except BaseException:
                os._exit(1)
            os._exit(0)
        os.close(output)
    elif deed == "kill":
        found = os.kill(given, signal.SIGKILL)
    else:
        found = os.waitpid(given, 0)[1]
    print(json.dumps(found), file=answers, flush=True)
"""


class Readers:
    """The process that has the reader imported, started when the first sheet is read."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = Lock()

    def ask(self, deed: str, given: Any, output: int | None = None) -> Any:
        """Return what it answers; the output of a reading is sent to it."""
        with self._one_at_a_time:
            process = self._process = self._process or self._start()
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps([deed, given]) + "\n")
            process.stdin.flush()
            if output is not None:
                socket.send_fds(self._outputs, [b"."], [output])
            return json.loads(process.stdout.readline())

    def end(self) -> None:
        """End it, whether or not somebody left a reading unfinished."""
        if self._process:
            with self._process as process:
                process.kill()
            self._outputs.close()

    def _start(self) -> subprocess.Popen[str]:
        self._outputs, theirs = socket.socketpair()
        with theirs:
            return subprocess.Popen(
                [sys.executable, "-c", _SERVES, str(theirs.fileno())],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                pass_fds=[theirs.fileno()],
            )  # fmt: skip


class Reading:
    """One reading, as far as the office looks at a process."""

    def __init__(self, readers: Readers, command: Sequence[str]) -> None:
        output, theirs = os.pipe()
        self._readers, self.stdout = readers, os.fdopen(output, "rb")
        self._number = readers.ask("read", command[2:], theirs)
        os.close(theirs)

    def kill(self) -> None:
        self._readers.ask("kill", self._number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stdout.close()
        self._readers.ask("wait", self._number)


@contextmanager
def forked_readers() -> Iterator[SimpleNamespace]:
    """Give what stands in for the module `subprocess` where sheets are read."""
    readers = Readers()
    yield SimpleNamespace(
        Popen=lambda command, **_streams: Reading(readers, command),
        PIPE=subprocess.PIPE,
        DEVNULL=subprocess.DEVNULL,
    )
    readers.end()
