#!/bin/bash
# Two threads that drive one context each under ThreadSanitizer, which is in the
# library, in its core and in the program. Then: that races planted in the library and
# in the program are reported.
#
#   check-tsan.sh BUILDDIR INCLUDE
#
# SESSIONS is how many sessions are played.
set -u
scripts=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
build=$(cd "$1" && pwd)
include=$2
: "${MAKE:=make}" "${CLANG:=clang}" "${SESSIONS:=1000}"
passed=0
failed=0
# That of the newer compiler, which is rustc's.
runtime=$(rustc "+${NIGHTLY:-nightly}" --print target-libdir)/librustc-nightly_rt.tsan.a

# Plays $2 sessions on the library in $build/$1; built in $build/$3 with the flags $4.
play() {
  "$MAKE" -s -C "$scripts/../capi-tests/threads" check BUILDDIR="$build/$3" CC="$CLANG" \
    CFLAGS="-O1 -g $4" SANITIZE=-fsanitize=thread SANITIZER_RUNTIME="$runtime" \
    CPPFLAGS="-I$include" \
    LIBWSLAY_A="$build/$1/libwslay.a" SESSIONS="$2" >"$build/$3.log" 2>&1
}

result() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    echo "passed: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: $1: the end of $3:" >&2
    tail -n 40 "$3" >&2
  fi
}

must_report() {
  ! play "$2" 20 "$3" "$4" && grep -q 'WARNING: ThreadSanitizer: data race' "$build/$3.log"
  result "self-test: $1 is reported" $? "$build/$3.log"
}

"$scripts/sanitized-library.sh" thread "$build/library" || exit
play library "$SESSIONS" threads ''
result "$SESSIONS sessions of two threads without a report" $? "$build/threads.log"

must_report 'a race planted in the program' library planted-program -DPLANTED_RACE
"$scripts/planted-crate.sh" "$build/planted-crate" \
  'static mut CALLS: u8 = 0; unsafe { (&raw mut CALLS).write_volatile((&raw const CALLS).read_volatile() ^ rsv) }' &&
  "$scripts/sanitized-library.sh" thread "$build/planted" "$build/planted-crate" || exit
must_report 'a race planted in the library' planted planted-library ''
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
