#!/usr/bin/env python3
"""Counts the instructions a message takes, under callgrind, case by case.

    measure.py PROGRAM LIBRARY_DIR OUTPUT_DIR [--preload LIBRARY.so] [CASE ...]

PROGRAM is the program that plays the cases; LIBRARY_DIR has the libwslay.so that it
loads. Prints a table (TSV) of all cases or of those named. What callgrind wrote for a
case stays in OUTPUT_DIR/CASE.out, for callgrind_annotate.

What the program itself executes is left out: the count is the library's own and what
libc does for it.
"""

import argparse
import concurrent.futures
import os
import pathlib
import platform
import subprocess
import sys


# callgrind counts each step of `rep movsb` as an instruction, that is each byte: with
# these, memcpy and memset use vector instructions whatever the length.
TUNABLES = ":".join(
    f"glibc.cpu.x86_{name}_threshold=0x8000000"
    for name in ("rep_movsb", "rep_stosb", "non_temporal")
)


def environment():
    """What the counts depend on beside the library's sources."""
    rustc = subprocess.check_output(["rustc", "--version"], text=True).split()[1]
    valgrind = subprocess.check_output(["valgrind", "--version"], text=True).strip()
    # libc, and so the counts, follow the processor that valgrind shows: one with
    # AVX2 where the machine has it, and never one with AVX-512.
    cpu = pathlib.Path("/proc/cpuinfo").read_text().split()
    return [
        f"rustc {rustc.split('-')[0]}",
        " ".join(platform.libc_ver()),
        valgrind.replace("-", " "),
        f"{platform.machine()} {'with' if 'avx2' in cpu else 'without'} AVX2",
    ]


def instructions(callgrind_output, program):
    """The instructions executed outside of `program`."""
    total = 0
    in_library = False
    lines = iter(callgrind_output.read_text().splitlines())
    for line in lines:
        if line.startswith("ob="):
            in_library = pathlib.Path(line[3:]).name != program.name
        elif line.startswith("calls="):
            next(lines)  # what the callee took: it has lines of its own
        elif line[:1].isdigit() and in_library:
            total += int(line.split()[1])
    return total


def measure(case, program, library_dir, output_dir, preload):
    output = output_dir / f"{case}.out"
    valgrind = [
        "valgrind",
        "--quiet",
        "--tool=callgrind",
        "--collect-atstart=no",
        "--compress-strings=no",
        "--compress-pos=no",
        f"--callgrind-out-file={output}",
    ]
    variables = {
        "PATH": os.environ["PATH"],
        "LD_LIBRARY_PATH": str(library_dir),
        "GLIBC_TUNABLES": TUNABLES,
    }
    if preload:
        variables["LD_PRELOAD"] = str(preload)
    run = subprocess.run(
        [*valgrind, program, case], env=variables, text=True, capture_output=True
    )
    if run.returncode != 0:
        sys.exit(f"measure: {case} failed:\n{run.stdout}{run.stderr}")
    return instructions(output, program) / int(run.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("library_dir", type=pathlib.Path)
    parser.add_argument("output_dir", type=pathlib.Path)
    parser.add_argument("--preload", type=pathlib.Path)
    parser.add_argument("cases", nargs="*")
    arguments = parser.parse_intermixed_args()
    program = arguments.program.resolve()
    library_dir = arguments.library_dir.resolve()
    output_dir = arguments.output_dir.resolve()
    output_dir.mkdir(parents=True, exist_ok=True)
    cases = arguments.cases or subprocess.check_output(
        [program, "--list"], env={"LD_LIBRARY_PATH": str(library_dir)}, text=True
    ).split()
    print("#", ", ".join(environment()))
    print("case", "instructions", sep="\t")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = pool.map(
            lambda case: measure(
                case, program, library_dir, output_dir, arguments.preload
            ),
            cases,
        )
        for case, count in zip(cases, counts):
            print(case, f"{count:.1f}", sep="\t", flush=True)


if __name__ == "__main__":
    main()
