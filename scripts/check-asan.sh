#!/bin/bash
# The C tests and the sessions without memory under AddressSanitizer and
# LeakSanitizer, which are in the library, in its core and in the tests, and under
# UndefinedBehaviorSanitizer, which is in the tests. Then: that faults planted in the
# library and in the tests are reported.
#
#   check-asan.sh BUILDDIR INCLUDE
set -u
scripts=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
build=$(cd "$1" && pwd)
include=$2
: "${MAKE:=make}" "${CLANG:=clang}"
passed=0
failed=0
c_flags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'

# Runs the C tests in directory $1 on the library in $2; the rest are make's arguments.
run_tests() {
  "$MAKE" -s -C "$1" BUILDDIR="$build/${1##*/}" CC="$CLANG" CFLAGS="$c_flags" \
    CPPFLAGS="-I$include" LIBWSLAY_A="$2/libwslay.a" "${@:3}" >"$log" 2>&1
}

# Runs them all, and adds up what they count.
check() {
  local status good bad
  log=$build/${1##*/}.log
  run_tests "$1" "$build/library" "$2"
  status=$?
  read -r good bad < <(awk -v status=$status -f "$scripts/count-results.awk" "$log")
  [ "$bad" -eq 0 ] || grep -E 'ERROR: |runtime error|SUMMARY|FAILED' "$log" || tail -n 30 "$log"
  echo "${1##*/} under the sanitizers: $good passed, $bad failed"
  passed=$((passed + good))
  failed=$((failed + bad))
}

# The tests in directory $2 must fail, on the library in $3, with a report like $1.
must_report() {
  log=$build/planted.log
  if ! run_tests "$2" "$3" check-static FILTER='c3_*' && grep -qE "$1" "$log"; then
    passed=$((passed + 1))
    echo "planted: $1 is reported"
  else
    failed=$((failed + 1))
    echo "FAILED: planted: no report of $1:" >&2
    tail -n 30 "$log" >&2
  fi
}

plant_in_library() {
  "$scripts/planted-crate.sh" "$build/planted-crate" "$2" &&
    "$scripts/sanitized-library.sh" address "$build/planted" "$build/planted-crate" || exit
  must_report "$1" "$tests" "$build/planted"
}

plant_in_tests() {
  local copy=$build/planted-tests
  rm -rf "$copy"
  cp -r "$tests" "$copy"
  sed -i "s/^static void c3_.*{/&\n$2/" "$copy/test_context.c"
  ! cmp -s "$copy/test_context.c" "$tests/test_context.c" || exit
  must_report "$1" "$copy" "$build/library"
}

tests=$(cd "$scripts/../capi-tests" && pwd)
"$scripts/sanitized-library.sh" address "$build/library" || exit
check "$tests" check-static
check "$tests/nomem" check

plant_in_library 'heap-buffer-overflow' \
  'unsafe { libc::malloc(8).cast::<u8>().add(8).write_volatile(rsv) }'
plant_in_library 'heap-use-after-free' \
  'unsafe { let p = libc::malloc(8); libc::free(p); p.cast::<u8>().write_volatile(rsv) }'
plant_in_library 'detected memory leaks' \
  'unsafe { libc::malloc(8).cast::<u8>().write_volatile(rsv) }'
plant_in_tests 'signed integer overflow' \
  'volatile int planted = 0x7fffffff; ++planted;'
plant_in_tests 'stack-buffer-overflow' \
  'char planted[4] = ""; volatile size_t size = 5; assert_null(memchr(planted, 1, size));'
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
