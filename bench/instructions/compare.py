#!/usr/bin/env python3
"""Compares counts of instructions with the baseline, case by case.

    compare.py OURS.tsv BASELINE.tsv [THEIRS.tsv]

Prints a table, with the counts of another library beside it if those are given. Fails
where a message takes over LIMIT more instructions than in the baseline.
"""

import pathlib
import sys

LIMIT = 0.05
ANEW = "make instructions-baseline"


def read(path):
    """The environment that the counts were taken in, and the counts."""
    first, _, *rows = pathlib.Path(path).read_text().splitlines()
    counts = dict(row.split("\t") for row in rows)
    return first.lstrip("# "), {case: float(count) for case, count in counts.items()}


def judge(ours, baseline):
    """What is wrong with a case, or nothing."""
    if baseline is None:
        return f"not in the baseline: {ANEW}"
    if ours is None:
        return "in the baseline, but not measured"
    if ours > baseline * (1 + LIMIT):
        return f"over {LIMIT:.0%} more than the baseline"
    return ""


def row(case, ours, baseline, theirs, verdict):
    def number(count):
        return "-" if count is None else f"{count:.1f}"

    both = ours is not None and baseline
    change = f"{ours / baseline - 1:+.1%}" if both else "-"
    cells = f"{case:<28} {number(ours):>11} {number(baseline):>11} {change:>8}"
    if theirs is not None:
        ratio = f"{theirs.get(case) / ours:.1f}" if ours and case in theirs else "-"
        cells += f" {number(theirs.get(case)):>11} {ratio:>6}"
    return f"{cells}  {verdict}".rstrip()


def main():
    ours_from, ours = read(sys.argv[1])
    baseline_from, baseline = read(sys.argv[2])
    theirs = read(sys.argv[3])[1] if len(sys.argv) > 3 else None

    heading = f"{'instructions a message':<28} {'ours':>11} {'baseline':>11} {'change':>8}"
    print(heading + (f" {'packaged':>11} {'ratio':>6}" if theirs is not None else ""))
    failed = 0
    faster = 0
    cases = [*ours, *(case for case in baseline if case not in ours)]
    for case in cases:
        verdict = judge(ours.get(case), baseline.get(case))
        failed += bool(verdict)
        faster += not verdict and ours[case] < baseline[case] * (1 - LIMIT)
        print(row(case, ours.get(case), baseline.get(case), theirs, verdict))
    if ours_from != baseline_from:
        print(f"These counts are with {ours_from}; the baseline is with {baseline_from}.")
        print(f"If that alone is why they differ: {ANEW}")
    if faster:
        print(f"{faster} cases take over {LIMIT:.0%} less than the baseline: {ANEW}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
