#!/bin/bash
# Shows that a slower library fails the comparison with the baseline, and that one as
# fast as the baseline passes.
#
#   self-test.sh PROGRAM LIBRARY_DIR INCLUDE WORK_DIR
set -u
here=$(dirname "$0")
program=$1
library=$2
include=$3
work=$4
: "${CC:=cc}"
passed=0
failed=0
mkdir -p "$work"

result() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    echo "passed: self-test: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: self-test: $1" >&2
  fi
}

measure() {
  "$here/measure.py" "$program" "$library" "$work" "$@"
}

# Counts with a slowdown of $1 turns; a turn takes at least two instructions.
measure_slower() {
  "$CC" -O2 -fPIC -shared -D_GNU_SOURCE -DLOOPS="$1" -I"$include" -o "$work/slowdown.so" \
    "$here/slowdown.c" -ldl && measure --preload "$work/slowdown.so" "$case"
}

# Compares $1 with the baseline: the status, and words from its output.
compares() {
  local output status
  output=$("$here/compare.py" "$1" "$work/baseline.tsv")
  status=$?
  [ "$status" = "$2" ] && grep -q "$3" <<<"$output"
}

case=echo-ascii-16384-single
measure $case >"$work/baseline.tsv" || exit
count=$(awk '$1 == "'$case'" { print int($2) }' "$work/baseline.tsv")

measure $case | cmp - "$work/baseline.tsv"
result 'the same count again' $?

measure_slower $((count * 6 / 100)) >"$work/slower.tsv"
compares "$work/slower.tsv" 1 '5% more than the baseline'
result 'a slowdown is found' $?

measure_slower 0 >"$work/hardly.tsv"
compares "$work/hardly.tsv" 0 '^1 passed, 0 failed'
result 'a few instructions more pass' $?

head -n 2 "$work/baseline.tsv" >"$work/none.tsv"
compares "$work/none.tsv" 1 'not measured'
result 'a case that was not measured is found' $?

sed 's/^# rustc [0-9.]*/# rustc 0.0.0/' "$work/baseline.tsv" >"$work/rustc.tsv"
compares "$work/rustc.tsv" 0 'with rustc 0.0.0'
result 'another rustc is named' $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
