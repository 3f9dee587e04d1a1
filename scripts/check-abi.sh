#!/bin/bash
# Compares the library's ABI with that of the distribution's wslay, by abidiff
# (Debian package abigail-tools):
#
# - the two libraries. Neither carries debug information, so this compares symbols
#   only: which functions there are, their kind, binding and version.
# - the two headers' types, as the debug information of two small libraries that
#   take the address of every function: parameters, structs, enums, callbacks.
#
#   check-abi.sh PACKAGED LIB.so INCLUDE      PACKAGED: see fetch-packaged-wslay.sh
#   check-abi.sh --self-test PACKAGED LIB.so INCLUDE
#                                             that differences are found
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
: "${ABIDIFF:=abidiff}" "${CC:=cc}" "${NM:=nm}"
passed=0
failed=0

self_test=0
if [ "${1:-}" = --self-test ]; then
  self_test=1
  shift
fi
[ $# -eq 3 ] || {
  echo 'usage: check-abi.sh [--self-test] PACKAGED LIB.so INCLUDE' >&2
  exit 2
}
packaged=$1
library=$2
include=$3
command -v "$ABIDIFF" >/dev/null || {
  echo 'check-abi: abidiff is missing (Debian package abigail-tools)' >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What may differ: the packaged library exports helpers of its own, which its header
# does not declare; ours has what upstream added since, and the
# extensions.
cat >"$work/suppressions" <<'end'
[suppress_function]
  change_kind = deleted-function
  symbol_name_regexp = ^wslay_(queue_[a-z_]+|stack_[a-z_]+|byteswap64)$

[suppress_function]
  change_kind = added-function
  symbol_name_regexp = ^(wslay_event_write|wslay_frame_write|wslayx_[a-z_]+)$
end

result() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    echo "passed: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: $1" >&2
  fi
}

# Exit status 0 if nothing but the above differs. Every other is a difference, or that
# abidiff could not compare.
compare() {
  "$ABIDIFF" --suppressions "$work/suppressions" "$1" "$2" >"$work/report" 2>&1
  local status=$?
  [ $status -eq 0 ] || cat "$work/report"
  return $status
}

exported() {
  "$NM" --dynamic --defined-only --format=posix "$1" | cut -d' ' -f1 | sort
}

# The functions of both libraries, which both headers declare.
common_functions() {
  comm -12 <(exported "$packaged/lib/libwslay.so") "$here/../capi-tests/symbols.txt"
}

# A library $2 whose debug information describes what the header under $1 declares.
types_library() {
  {
    echo '#include <wslay/wslay.h>'
    common_functions | sed 's/.*/__typeof__(\&&) address_of_& = \&&;/'
    printf 'enum %s *the_%s;\n' wslay_error errors wslay_status_code codes \
      wslay_io_flags flags wslay_opcode opcodes
  } >"$work/types.c"
  "$CC" -g -fPIC -shared -I"$1" -o "$2" "$work/types.c" || exit
}

check() {
  compare "$packaged/lib/libwslay.so" "$library"
  result 'symbols, as the packaged library has them' $?
  types_library "$packaged/include" "$work/libpackaged-types.so"
  types_library "$include" "$work/libour-types.so"
  compare "$work/libpackaged-types.so" "$work/libour-types.so"
  result 'types, as the packaged header has them' $?
}

# Bit 2 of abidiff's status says that the ABIs differ; bits 0 and 1, that it could not
# compare.
must_differ() {
  compare "$2" "$3" >/dev/null
  [ $(($? & 7)) -eq 4 ]
  result "self-test: $1 is found" $?
}

# A library that exports the functions named on standard input.
stub_library() {
  sed 's/.*/void &(void) {}/' >"$work/stub.c"
  "$CC" -fPIC -shared -Wl,-soname,"${2:-libwslay.so.1}" -o "$1" "$work/stub.c" || exit
}

# A copy of our header in which sed changed something.
changed_header() {
  rm -rf "$work/changed"
  cp -r "$include" "$work/changed"
  sed -i "$1" "$work/changed/wslay/wslay.h"
  ! cmp -s "$include/wslay/wslay.h" "$work/changed/wslay/wslay.h" || exit
  types_library "$work/changed" "$work/libchanged-types.so"
}

run_self_test() {
  exported "$library" | stub_library "$work/libsame.so"
  compare "$packaged/lib/libwslay.so" "$work/libsame.so"
  result 'self-test: the same functions are no difference' $?
  exported "$library" | grep -v '^wslay_event_recv$' | stub_library "$work/libless.so"
  must_differ 'a missing function' "$packaged/lib/libwslay.so" "$work/libless.so"
  { exported "$library" && echo wslay_surplus; } | stub_library "$work/libmore.so"
  must_differ 'a surplus function' "$packaged/lib/libwslay.so" "$work/libmore.so"
  exported "$library" | stub_library "$work/libsoname.so" libwslay.so.7
  must_differ 'another SONAME' "$packaged/lib/libwslay.so" "$work/libsoname.so"

  types_library "$packaged/include" "$work/libpackaged-types.so"
  changed_header 's/size_t msg_length;/uint32_t msg_length;/'
  must_differ 'another type of a struct member' "$work/libpackaged-types.so" "$work/libchanged-types.so"
  changed_header 's/WSLAY_ERR_NOMEM = -500/WSLAY_ERR_NOMEM = -501/'
  must_differ 'another value in an enum' "$work/libpackaged-types.so" "$work/libchanged-types.so"
  changed_header 's/uint16_t status_code,/uint32_t status_code,/'
  must_differ 'another type of a parameter' "$work/libpackaged-types.so" "$work/libchanged-types.so"
}

if [ $self_test = 1 ]; then
  run_self_test
else
  check
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
