#!/usr/bin/env python3
"""Runs Autobahn's test suite against echo servers and clients, and judges its reports.

    run.py --suite DIR --reports DIR [--runs N] ROLE-RULE[-NAME]=PROGRAM...

ROLE is server or client; the suite plays the other one. RULE is one of report.py's. A
server is started as `PROGRAM 0` and prints its port; a client as `PROGRAM PORT AGENT`.
What each run leaves, its report too, stays under --reports. The last line is
"N passed, N failed, N skipped", in cases; skipped are those about compression.
"""

import argparse
import itertools
import sys
import time
from pathlib import Path

import play
from report import Report, RULES, is_compression


def test(role, program, suite, cases, directory):
    """Returns the report, and a list of what broke, whatever the report says."""
    broken = []
    try:
        play.play(role, program, suite, directory)
    except play.Broken as error:
        broken.append(f"  FAILED: {error}")
    return Report(play.read_results(directory), cases), broken


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, report, rule, broken):
        failed = len(report.failures(rule))
        skipped = sum(is_compression(case) for case in report.with_behavior("UNIMPLEMENTED"))
        self.failed += failed + len(broken)
        self.skipped += skipped
        self.passed += len(report.cases) - failed - skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def describe(name, report, rule, seconds):
    yield f"{name:<21} {report.figures()} ({seconds:.0f} s)"
    if non_strict := report.with_behavior("NON-STRICT"):
        yield f"  NON-STRICT: {' '.join(non_strict)}"
    if missing := report.with_behavior("MISSING"):
        yield f"  {len(missing)} cases are missing from {missing[0]} to {missing[-1]}"
    for case in report.failures(rule):
        if case not in missing:
            behavior, closing = report.outcome(case)
            yield f"  FAILED {case}: {behavior}, its closing: {closing}"


def parse_program(word):
    name, program = word.split("=", 1)
    for role, rule in itertools.product(play.ROLES, RULES):
        if f"{name}-".startswith(f"{role}-{rule}-"):
            return name, role, rule, program
    raise ValueError(word)


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--suite", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument(
        "programs", type=parse_program, nargs="+", metavar="ROLE-RULE[-NAME]=PROGRAM"
    )
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    cases = play.all_cases(arguments.suite)
    tally = Tally()
    for run in range(1, arguments.runs + 1):
        for name, role, rule, program in arguments.programs:
            directory = arguments.reports.absolute() / f"{name}-{run}"
            started = time.monotonic()
            report, broken = test(role, program, arguments.suite, cases, directory)
            tally.add(report, rule, broken)
            seconds = time.monotonic() - started
            for line in [*describe(directory.name, report, rule, seconds), *broken]:
                print(line, flush=True)
    print(f"reports: {arguments.reports}")
    print(tally)
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
