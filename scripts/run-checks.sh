#!/bin/bash
# Runs the make targets named, each to its end whatever the others do, and prints
# a table of what passed and failed. Its last line, also kept in
# BUILDDIR/checks/summary, is "N passed, N failed", summed over the targets.
set -u
set -o pipefail
: "${MAKE:=make}" "${BUILDDIR:=build}"
logs=$BUILDDIR/checks
mkdir -p "$logs"
here=$(dirname "$0")

passed=0
failed=0
table=
for target; do
  printf '\n== %s\n' "$target"
  started=$SECONDS
  $MAKE --no-print-directory "$target" 2>&1 | tee "$logs/$target.log"
  status=$?
  read -r good bad < <(awk -v status=$status -f "$here/count-results.awk" "$logs/$target.log")
  passed=$((passed + good))
  failed=$((failed + bad))
  verdict=passed
  [ "$bad" -eq 0 ] || verdict=FAILED
  table+=$(printf '%-16s %-7s %6d passed %5d failed %6d s' \
    "$target" $verdict "$good" "$bad" $((SECONDS - started)))$'\n'
done

printf '\n%s\n' "$table"
echo "$passed passed, $failed failed" | tee "$logs/summary"
[ "$failed" -eq 0 ]
