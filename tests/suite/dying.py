"""Processes that are to die: one imports everything, and each is a fork of it.

Importing the office takes seconds, and what is tested begins only then.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager

# It has one thread and no connection, so that a fork of it is as good as a new process.
_SERVES = """
import json, os, sys, traceback
{imports}
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            exec(json.loads(line), {{"__name__": "__main__"}})
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


# Dies by SIGKILL as a function of a module, by the name it has here, has been called so often.
_DIES = """
import itertools, os, signal
calls, real = itertools.count(1), {module}.{name}
def dying(*given, **named):
    # Counted as it begins: two threads may be in it at once.
    call = next(calls)
    done = real(*given, **named)
    if call == {at_call}:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
{module}.{name} = dying
"""


def dies_after(module, name, at_call):
    """Return the lines of a piece of Python that let it die once a function has been called."""
    return _DIES.format(module=module, name=name, at_call=at_call)


class Nursery:
    """Runs a piece of Python in a process of its own, and says how it ended."""

    def __init__(self, process, errors):
        self._process, self._errors = process, errors

    def run(self, code):
        """Return the exit code, negative for a signal, and what was written to stderr."""
        self._errors.seek(0, 2)
        before = self._errors.tell()
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        ended = int(self._process.stdout.readline())
        self._errors.seek(before)
        return ended, self._errors.read()


@contextmanager
def make_nursery(*modules):
    """A process that has these modules imported."""
    code = _SERVES.format(imports="".join(f"import {module}\n" for module in modules))
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as process,
    ):  # fmt: skip
        yield Nursery(process, errors)
        process.stdin.close()
