#!/bin/bash
# Shows that the load generator passes a right echo server and finds a faulty one, and
# that our server sends each batch with one call.
#
#   self-test.sh PROGRAMS LIBRARY_DIR      PROGRAMS has server and load
set -u
here=$(dirname "$0")
programs=$1
library=$2
passed=0
failed=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT

result() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    echo "passed: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: $1" >&2
  fi
}

# Loads a server, started by the rest of the arguments, with $1, and stops it. What
# both print goes to $output; the status is the load generator's.
load() {
  local how=$1 pid port status
  shift
  "$@" >"$output" &
  pid=$!
  for ((i = 0; i < 100 && $(wc -l <"$output") == 0; i++)); do
    sleep 0.05
  done
  port=$(awk '{ print $4; exit }' "$output")
  # shellcheck disable=SC2086 # one word an argument
  "$programs/load" "$port" $pid $how >>"$output" 2>&1
  status=$?
  kill $pid 2>/dev/null
  wait $pid
  return $status
}

finds() {
  ! load '1 4 16 0.6' "$here/faulty-server.py" "$1" && grep -q "$2" "$output"
  result "the fault is found: $1" $?
}

load '1 4 16 0.6' "$here/faulty-server.py" none
result 'a right server passes' $?
finds byte 'differs from what was sent'
finds surplus "not the echoes' lengths"
finds missing 'no echo'
finds hang-up 'recv'

load '10 16 125 0.3' env LD_LIBRARY_PATH="$library" "$programs/server" &&
  awk '$1 == "messages" && $2 > 0 && $6 <= $8 { good = 1 } END { exit !good }' "$output"
result 'our server sends a batch with one call' $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
