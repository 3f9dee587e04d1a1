"""Judges a report of Autobahn's test suite.

A rule says what a case may come out as at worst. Whatever is not named here, and a
case that is missing, is a failure.
"""

from collections import Counter

# Whatever they come out as, the suite calls it this.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}

# Data, then what makes the library close: where both come in one read, its Close
# overtakes the echo. In the last three they come byte by byte, so it depends.
CLOSE_OVERTAKES = {
    *("3.2", "3.3", "4.1.3", "4.1.4", "4.2.3", "4.2.4", "5.15"),
    *("3.4", "4.1.5", "4.2.5"),
}

# The rules' names, and the cases that may be NON-STRICT.
RULES = {"default": CLOSE_OVERTAKES, "opt-in": frozenset()}

# The sections about compression, which the library does not offer.
COMPRESSION = {12, 13}

FIGURES = ("OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED")


def case_key(case):
    """Sorts 9.2.1 before 10.1.1."""
    return [int(number) for number in case.split(".")]


def is_compression(case):
    return case_key(case)[0] in COMPRESSION


def allowed_outcomes(case, rule):
    """The pairs of behavior and behaviorClose that a case may have."""
    if case in INFORMATIONAL:
        return {("INFORMATIONAL", "INFORMATIONAL")}
    if is_compression(case):
        return {("UNIMPLEMENTED", "OK")}
    return {("OK", "OK")} | ({("NON-STRICT", "OK")} if case in RULES[rule] else set())


class Report:
    """What a report says of one agent.

    results: from index.json, by case; empty where there is no report.
    cases: the names of all cases that should be in it.
    """

    def __init__(self, results, cases):
        self.results = results
        self.cases = sorted(cases, key=case_key)

    def outcome(self, case):
        result = self.results.get(case, {})
        return result.get("behavior", "MISSING"), result.get("behaviorClose")

    def with_behavior(self, name):
        return [case for case in self.cases if self.outcome(case)[0] == name]

    def failures(self, rule):
        """The cases that came out worse than allowed."""
        return [c for c in self.cases if self.outcome(c) not in allowed_outcomes(c, rule)]

    def figures(self):
        """Counts the outcomes: all that have no name here, and missing ones, are FAILED."""
        counts = Counter(self.outcome(case)[0] for case in self.cases)
        known = [(counts.pop(name, 0), name) for name in FIGURES]
        return ", ".join(f"{count} {name}" for count, name in [*known, (counts.total(), "FAILED")])
