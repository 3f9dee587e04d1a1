#!/usr/bin/env python3
"""Tests that the gate can fail: on bad reports, and when a program dies in mid-run.

    test_gate.py DIR          DIR has the suite and the programs, built
"""

import os
import sys
import tempfile
import unittest
from pathlib import Path

import play
from report import CLOSE_OVERTAKES, INFORMATIONAL, Report, is_compression
from run import Tally, test

directory = Path(sys.argv.pop(1)).absolute()
CASES = play.all_cases(directory / "suite")

# A program that kills itself in mid-run, as the suite's log shows that it is there.
DYING = """#!/bin/sh
(
  until grep -q 'case ID 5.1 ' {log} || ! kill -0 $$; do sleep 0.05; done
  kill -KILL $$
) >/dev/null 2>&1 &
exec {program} "$@"
"""


def plain_outcome(case):
    if case in INFORMATIONAL:
        return "INFORMATIONAL", "INFORMATIONAL"
    return "UNIMPLEMENTED" if is_compression(case) else "OK", "OK"


def made_report(changes):
    """A report where all is well but for these outcomes by case; None takes one out."""
    outcomes = {case: plain_outcome(case) for case in CASES} | changes
    results = {
        case: {"behavior": outcome[0], "behaviorClose": outcome[1]}
        for case, outcome in outcomes.items()
        if outcome
    }
    return Report(results, CASES)


class Judging(unittest.TestCase):
    def failures(self, rule, **changes):
        changes = {name.replace("_", ".").lstrip("c"): how for name, how in changes.items()}
        return made_report(changes).failures(rule)

    def test_the_suite_has_all_cases(self):
        self.assertEqual(len(CASES), 517)
        self.assertEqual(len([case for case in CASES if is_compression(case)]), 216)

    def test_all_well(self):
        self.assertEqual(self.failures("default"), [])
        self.assertEqual(self.failures("opt-in"), [])

    def test_overtaking_close(self):
        report = made_report({case: ("NON-STRICT", "OK") for case in CLOSE_OVERTAKES})
        self.assertEqual(report.failures("default"), [])
        self.assertEqual(set(report.failures("opt-in")), CLOSE_OVERTAKES)
        self.assertIn("288 OK, 10 NON-STRICT, 3 INFORMATIONAL", report.figures())

    def test_non_strict_elsewhere(self):
        self.assertEqual(self.failures("default", c6_4_1=("NON-STRICT", "OK")), ["6.4.1"])

    def test_failed_case(self):
        self.assertEqual(self.failures("default", c3_2=("FAILED", "OK")), ["3.2"])

    def test_bad_closing(self):
        for closing in ("WRONG CODE", "UNCLEAN", "FAILED", "FAILED BY CLIENT"):
            self.assertEqual(self.failures("default", c7_1_1=("OK", closing)), ["7.1.1"])
            self.assertEqual(self.failures("default", c3_2=("NON-STRICT", closing)), ["3.2"])

    def test_unimplemented_elsewhere(self):
        self.assertEqual(self.failures("default", c1_1_1=("UNIMPLEMENTED", "OK")), ["1.1.1"])

    def test_missing_case(self):
        self.assertEqual(self.failures("default", c10_1_1=None), ["10.1.1"])
        self.assertIn("1 FAILED", made_report({"10.1.1": None}).figures())

    def test_no_report(self):
        self.assertEqual(len(Report({}, CASES).failures("default")), len(CASES))


class Dying(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.run_directory = Path(self.place.name) / "run"

    def dying(self, name):
        script = Path(self.place.name) / "dying"
        log = self.run_directory / "wstest.log"
        script.write_text(DYING.format(log=log, program=directory / name))
        os.chmod(script, 0o755)
        return str(script)

    def play(self, role, program):
        report, broken = test(role, program, directory / "suite", CASES, self.run_directory)
        tally = Tally()
        tally.add(report, "default", broken)
        return report, broken, tally

    def test_server(self):
        report, broken, tally = self.play("server", self.dying("echoserv"))
        self.assertEqual(broken, ["  FAILED: the server ended with status -9"])
        self.assertEqual(report.outcome("1.1.1"), ("OK", "OK"))
        self.assertEqual(report.outcome("10.1.1"), ("MISSING", None))
        self.assertGreater(tally.failed, 100)

    def test_client(self):
        report, broken, tally = self.play("client", self.dying("client"))
        self.assertEqual(broken, ["  FAILED: dying ended with status -9"])
        self.assertEqual(len(report.with_behavior("MISSING")), len(CASES))
        self.assertGreater(tally.failed, 100)

    def test_no_program(self):
        _, broken, tally = self.play("server", "/bin/false")
        self.assertEqual(broken, ["  FAILED: /bin/false does not listen"])
        self.assertGreater(tally.failed, 100)

    def test_older_report_is_not_judged(self):
        self.run_directory.mkdir()
        (self.run_directory / "index.json").write_text('{"echo": {"1.1.1": {}}}')
        report, _, _ = self.play("server", "/bin/false")
        self.assertEqual(report.results, {})


if __name__ == "__main__":
    unittest.main()
