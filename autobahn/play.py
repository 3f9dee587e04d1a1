"""Plays Autobahn's test suite against one echo server or client.

What the suite and the program print, and the report, goes to a directory of the run.
The suite's exit status says little: it is 0, too, when the server died. So a Broken is
raised for what can be seen here, and the report has to be judged all the same.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

RUN_SECONDS = 300  # a run takes about 20
STOP_SECONDS = 10
AGENT = "echo"

PRINT_CASES = """
from autobahntestsuite.case import Cases, CaseBasename
for case in Cases:
    print(case.__name__[len(CaseBasename):].replace("_", "."))
"""


class Broken(Exception):
    """A program did not start, or did not go on to its end."""


def all_cases(suite):
    """The names of the cases that the suite has."""
    command = [suite / "bin/python", "-c", PRINT_CASES]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def start(command, log):
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with open(log, "w") as output:
        return subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment
        )


@contextlib.contextmanager
def running(command, log):
    """A program that runs until the block ends."""
    process = start(command, log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run_to_end(command, log):
    name = Path(command[0]).name
    process = start(command, log)
    try:
        status = process.wait(RUN_SECONDS)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.wait()
        raise Broken(f"{name} took more than {RUN_SECONDS} s") from error
    if status != 0:
        raise Broken(f"{name} ended with status {status}")


def wait_for(find, process, name):
    """Returns what `find` returns, as soon as that is true."""
    deadline = time.monotonic() + STOP_SECONDS
    while not (found := find()):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Broken(f"{name} does not listen")
        time.sleep(0.05)
    return found


def printed_port(log):
    """The port, or 0 while the line is not there."""
    line = log.read_text()
    return int(line.split()[-1]) if line.endswith("\n") else 0


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def is_open(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def suite_command(suite, directory, mode, **settings):
    """The command that plays all cases; the report goes to the directory."""
    spec = {"outdir": str(directory), "cases": ["*"], "exclude-cases": []}
    path = directory / "spec.json"
    path.write_text(json.dumps({**spec, "exclude-agent-cases": {}, **settings}, indent=2))
    return [suite / "bin/wstest", "-m", mode, "-s", path, "-u", "0"]


def play_to_server(program, suite, directory):
    log = directory / "server.log"
    with running([program, "0"], log) as server:
        port = wait_for(lambda: printed_port(log), server, program)
        tested = {"agent": AGENT, "url": f"ws://127.0.0.1:{port}"}
        command = suite_command(suite, directory, "fuzzingclient", servers=[tested])
        run_to_end(command, directory / "wstest.log")
        if server.poll() is not None:
            raise Broken(f"the server ended with status {server.returncode}")


def play_to_client(program, suite, directory):
    port = free_port()
    command = suite_command(suite, directory, "fuzzingserver", url=f"ws://127.0.0.1:{port}")
    with running(command, directory / "wstest.log") as fuzzer:
        wait_for(lambda: is_open(port), fuzzer, "wstest")
        run_to_end([program, str(port), AGENT], directory / "client.log")


ROLES = {"server": play_to_server, "client": play_to_client}


def play(role, program, suite, directory):
    """Plays all cases to a program of that role. Nothing older stays in the directory."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    ROLES[role](program, suite, directory)


def read_results(directory):
    """The report's results by case; empty if there is no report."""
    index = directory / "index.json"
    return json.loads(index.read_text()).get(AGENT, {}) if index.exists() else {}
