#!/bin/bash
# Checks that nothing in the library can panic: a release build has no trace of
# core's panic functions, no call of abort (which the panic handler is), and
# nothing of the unwinder.
#
#   check-no-panic.sh LIB.so       whose symbol table is not stripped
#   check-no-panic.sh --self-test  that panics put into a copy of the crate are
#                                  found; builds it once for each
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${CARGO:=cargo}" "${CARGO_FLAGS=--locked}" "${NM:=nm}" "${READELF:=readelf}"
passed=0
failed=0

# Both of Rust's manglings write a path as length and name of each part:
# core::panicking is 4core9panicking.
panic_symbols='9panicking|5slice5index.*fail|13unwrap_failed|13expect_failed|slice_error_fail'
panic_symbols+='|19panic_const|rust_begin_unwind|rust_panic|5alloc5alloc|5alloc7raw_vec'
panic_symbols+='|handle_alloc_error|__rust_alloc|__rg_oom|3std3sys|3std10sys_common'
unwinder_symbols='_Unwind_[A-Za-z]*'
abort_symbols='abort|__assert_fail|__stack_chk_fail|raise'

result() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1" >&2
  fi
}

# Fails if a line of $2 has the extended regular expression $1 in it; shows it.
nothing_like() {
  ! grep -E "$1" "$2" >&2
}

check_library() {
  local library=$1 work
  work=$(mktemp -d)
  "$NM" --format=posix "$library" >"$work/symbols" 2>"$work/errors"
  "$NM" --dynamic --undefined-only --format=posix "$library" | cut -d' ' -f1 |
    cut -d@ -f1 >"$work/imports"
  "$READELF" --dynamic --wide "$library" | grep NEEDED >"$work/needed"

  # Without these, the absence of others would say nothing.
  grep -qE '^_(ZN|R).*5wslay.* [tT] ' "$work/symbols" && grep -qx malloc "$work/imports"
  result "$library has a symbol table with Rust functions, and imports malloc" $?
  nothing_like "$panic_symbols" "$work/symbols"
  result 'no function that panics' $?
  nothing_like "^($abort_symbols)\$" "$work/imports"
  result 'no import of abort' $?
  nothing_like "^($unwinder_symbols)\$" "$work/imports" &&
    nothing_like 'libgcc_s|libunwind' "$work/needed"
  result 'no unwinder' $?
  echo "$library: $(grep -c ' [tT] ' "$work/symbols") functions," \
    "imports $(tr '\n' ' ' <"$work/imports")"
  rm -rf "$work"
}

# Puts the Rust line $2 into a copy of the crate, and expects the check to find it, or,
# if $3 is "clean", not to.
plant() {
  local name=$1 line=$2 expected=${3:-found} copy=$scratch/crate
  "$here/planted-crate.sh" "$copy" "$line" || exit
  # shellcheck disable=SC2086 # one word a flag
  (cd "$copy" && CARGO_TARGET_DIR=$scratch/target \
    "$CARGO" rustc -q --release --lib --crate-type cdylib,staticlib $CARGO_FLAGS) || exit
  "$here/check-no-panic.sh" "$scratch/target/release/libwslay.so" >"$scratch/output" 2>&1
  local status=$?
  sed 's/^/    /' "$scratch/output"
  if [ "$expected" = clean ]; then
    [ $status -eq 0 ]
  else
    [ $status -ne 0 ]
  fi
  result "self-test: $name is $expected" $?
}

self_test() {
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  plant 'an unchanged copy' '' clean
  plant 'a panic' 'if rsv == 77 { panic!("{rsv}") }'
  plant 'an index out of bounds' 'if rsv == [1_u8, 2, 3][rsv as usize] { return }'
  plant 'an unwrap' 'if u32::from(rsv) == char::from_digit(rsv.into(), 10).unwrap() as u32 { return }'
  plant 'an abort' 'if rsv == 77 { unsafe { libc::abort() } }'
}

case ${1:?usage: check-no-panic.sh LIB.so | --self-test} in
--self-test) self_test ;;
*)
  [ -r "$1" ] || {
    echo "$1: no such library" >&2
    exit 2
  }
  check_library "$1"
  ;;
esac
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
