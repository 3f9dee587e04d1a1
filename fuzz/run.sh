#!/bin/bash
# Replays the seeds of each fuzz target, then fuzzes it for SECONDS_EACH seconds from the
# seeds and what earlier runs found, and prints how often it was executed. Fails if
# something was found. Arguments: targets, by default all of Cargo.toml.
#
#   run.sh --self-test   that a fault planted in the library is found
set -u
cd "$(dirname "$0")/.." || exit 1
: "${SECONDS_EACH:=15}" "${CARGO_FUZZ:=cargo-fuzz}" "${BUILDDIR:=build}"
export RUSTUP_TOOLCHAIN="${NIGHTLY:-nightly}"
# The sanitizers' build is kept apart from the library's.
unset CARGO_TARGET_DIR
logs=$(mkdir -p "$BUILDDIR/fuzz" && cd "$BUILDDIR/fuzz" && pwd)
passed=0
failed=0

# The longest input, where another than 1024 bytes is worth it.
declare -A max_len=([event_recv]=8192 [event_operations]=2048 [header]=32 [accept_key]=64
  [server_handshake]=4096 [client_handshake]=4096)

result() {
  if [ "$2" -eq 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s; the end of %s:\n' "$1" "$3"
    grep -v '^#' "$3" | tail -n 60
  fi
}

# Runs target $1 on the folders and with the options that follow.
run() {
  "$CARGO_FUZZ" run "$@" -max_len="${max_len[$1]:-1024}" -malloc_limit_mb=64 -timeout=10 \
    -print_final_stats=1
}

executions() {
  sed -n 's/^stat::number_of_executed_units: *//p' "$1"
}

fuzz() {
  local target=$1 log=$logs/$1.log
  run "$target" "fuzz/seeds/$target" -- -runs=0 >"$log" 2>&1
  result "$target: its seeds" $? "$log"
  mkdir -p "fuzz/corpus/$target"
  run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
    -max_total_time="$SECONDS_EACH" >"$log" 2>&1
  result "$target: fuzzing" $? "$log"
  printf '%-17s %4d seeds, %10d executions\n' "$target" \
    "$(find "fuzz/seeds/$target" -type f | wc -l)" "$(executions "$log")"
}

# The seeds of event_recv must reveal an overflow in a copy of the library.
self_test() {
  local copy=$logs/planted log=$logs/planted.log
  scripts/planted-crate.sh "$copy" \
    'if rsv != 0 { unsafe { libc::malloc(8).cast::<u8>().add(8).write_volatile(rsv) } }' || exit
  cp -r fuzz "$copy/"
  (cd "$copy" && CARGO_TARGET_DIR=$logs/planted-target run event_recv fuzz/seeds/event_recv -- \
    -runs=0) >"$log" 2>&1
  [ $? -ne 0 ] && grep -q 'heap-buffer-overflow' "$log"
  result 'self-test: a planted overflow is found' $? "$log"
}

if [ "${1:-}" = --self-test ]; then
  self_test
else
  "$CARGO_FUZZ" build || exit
  [ $# -gt 0 ] || mapfile -t targets < <("$CARGO_FUZZ" list)
  for target in "${@:-${targets[@]}}"; do
    fuzz "$target"
  done
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
