#!/bin/bash
# Formatting and lints of the Rust, C and shell sources. Runs them all, and fails
# if one does.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${CARGO:=cargo}" "${CARGO_FLAGS=--locked}"
passed=0
failed=0

check() {
  if "$@"; then
    passed=$((passed + 1))
  else
    echo "lint: failed: ${*:1:3}" >&2
    failed=$((failed + 1))
  fi
}

c_sources() {
  find autobahn bench capi-tests diff-tests examples-c hostile-peers install-tests -name '*.[ch]'
}

shell_scripts() {
  grep -rlE '^#!/bin/(ba)?sh|^# shellcheck shell=' .ci scripts install-tests \
    autobahn capi-tests diff-tests docs-tests fuzz interop bench --include=run --include='*.sh'
}

check "$CARGO" fmt --check
check "$CARGO" fmt --check --manifest-path bench/peers/Cargo.toml
# shellcheck disable=SC2086 # one word a flag
{
  check "$CARGO" clippy $CARGO_FLAGS --all-targets --features std -- -D warnings
  check "$CARGO" clippy $CARGO_FLAGS -- -D warnings
}
mapfile -t files < <(c_sources)
check clang-format --dry-run -Werror "${files[@]}"
mapfile -t files < <(shell_scripts)
check shellcheck -S warning -x "${files[@]}"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
