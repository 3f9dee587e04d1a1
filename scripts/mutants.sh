#!/bin/bash
# Puts faults into the protocol core, one by one (cargo-mutants, .cargo/mutants.toml),
# and runs the Rust tests on each. Fails if the tests let 3 % of them or more pass,
# not counting those that scripts/equivalent-mutants.txt says change nothing.
#
#   mutants.sh BUILDDIR [cargo-mutants' arguments]
#
# MUTANTS_SHARD=k/n takes an nth of the mutants, the kth (from 0); "all" takes all.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$1
shift
: "${CARGO_MUTANTS:=cargo-mutants}" "${MUTANTS_SHARD:=0/24}"
equivalent=scripts/equivalent-mutants.txt
# The tests are built for every mutant in a directory of cargo-mutants' own.
unset CARGO_TARGET_DIR
[ "$MUTANTS_SHARD" = all ] || set -- --shard "$MUTANTS_SHARD" --sharding round-robin "$@"
rm -rf "$build/mutants.out"
mkdir -p "$build"
"$CARGO_MUTANTS" mutants --output "$build" --cargo-arg=--locked --colors never --no-times "$@"
status=$?
# 2: some survived; 3: some took too long, which is noticed.
case $status in
0 | 2 | 3) ;;
*) exit $status ;;
esac

# Without line and column, which every change above moves.
names() {
  sed -E 's/^([^:]*):[0-9]+:[0-9]+:/\1:/' "$build/mutants.out/$1.txt"
}
count() {
  wc -l <"$build/mutants.out/$1.txt"
}

survivors=$(names missed | grep -vxFf <(grep -vE '^(#|$)' "$equivalent") | sort)
survived=0
[ -z "$survivors" ] || survived=$(wc -l <<<"$survivors")
equivalents=$(($(count missed) - survived))
caught=$(($(count caught) + $(count timeout)))
[ $((caught + survived)) -gt 0 ] || {
  echo 'mutants: none was built' >&2
  exit 1
}
[ -z "$survivors" ] || printf 'survived: %s\n' "${survivors//$'\n'/$'\n'survived: }"
echo "mutants, shard $MUTANTS_SHARD: $caught caught, $survived survived ($(awk \
  -v s="$survived" -v c="$caught" 'BEGIN { printf "%.1f", 100 * s / (s + c) }') %)," \
  "$equivalents equivalent, $(count unviable) do not build"
[ $((100 * survived)) -lt $((3 * (caught + survived))) ]
verdict=$?
echo "$caught passed, $((verdict ? survived : 0)) failed"
exit $verdict
