#!/bin/bash
# Runs each fuzz target for SECONDS_EACH seconds, from its seeds and what earlier runs found,
# and prints how often it was executed. Fails if one found something. Arguments: targets, by
# default all.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${SECONDS_EACH:=60}" "${CARGO_FUZZ:=cargo-fuzz}" "${BUILDDIR:=build}"
export RUSTUP_TOOLCHAIN="${NIGHTLY:-nightly}"
# The sanitizers' build is kept apart from the library's.
unset CARGO_TARGET_DIR

declare -A max_len=([event_recv]=8192 [event_operations]=2048 [frame_api]=1024 [header]=32 [accept_key]=64
  [server_handshake]=4096 [client_handshake]=4096)
[ $# -gt 0 ] || set -- event_recv event_operations frame_api header accept_key \
  server_handshake client_handshake
logs=$BUILDDIR/fuzz
mkdir -p "$logs"
failed=0

"$CARGO_FUZZ" build || exit 1
for target in "$@"; do
  log=$logs/$target.log
  mkdir -p "fuzz/corpus/$target"
  "$CARGO_FUZZ" run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
    -max_total_time="$SECONDS_EACH" -max_len="${max_len[$target]:-1024}" -malloc_limit_mb=64 \
    -timeout=10 -print_final_stats=1 >"$log" 2>&1
  status=$?
  count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [ $status -eq 0 ]; then
    printf '%-17s ok       %10d executions\n' "$target" "$count"
  else
    failed=1
    printf '%-17s FAILED   %10d executions; the end of %s:\n' "$target" "${count:-0}" "$log"
    grep -v '^#' "$log" | tail -n 60
  fi
done
exit $failed
