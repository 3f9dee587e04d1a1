#!/bin/sh
# Generates the C headers from the Rust sources, and puts them into include/wslay;
# with --check, only compares them with what is there.
set -eu
cd "$(dirname "$0")/.."
: "${CARGO:=cargo}" "${CARGO_FLAGS=--locked}"

# A new directory each time makes cargo run build.rs again.
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT
# shellcheck disable=SC2086 # one word a flag
WSLAY_HEADER_DIR=$generated "$CARGO" check $CARGO_FLAGS --features headers

if [ "${1:-}" != --check ]; then
  install -m 644 "$generated"/*.h include/wslay
elif ! diff -ru include/wslay "$generated"; then
  echo "include/wslay is stale: run make headers" >&2
  exit 1
fi
