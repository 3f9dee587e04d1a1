#!/bin/sh
# Checks what a built library exports and needs.
#
#   check-symbols.sh LIB.so [SONAME]   exports symbols.txt and nothing else,
#                                      needs libc alone, carries that SONAME,
#                                      and is small once it is stripped
#   check-symbols.sh LIB.a             defines symbols.txt, and no other global
#                                      symbol that starts with wslay
#   check-symbols.sh --self-test       that libraries which break this are found
set -eu
LC_ALL=C
export LC_ALL

here=$(dirname "$0")
library=${1:?usage: check-symbols.sh LIB.so|LIB.a [SONAME] | --self-test}
soname=${2:-}
[ "$library" = --self-test ] || [ -r "$library" ] || {
  echo "$library: no such library" >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
  echo "$library: $*" >&2
  failed=1
}

most_bytes=100000

compare_with_list() {
  diff -u "$here/symbols.txt" "$1" >"$work/diff" && return
  complain "global symbols differ from symbols.txt"
  sed 's/^/  /' "$work/diff" >&2
}

dynamic_entries() {
  readelf --dynamic --wide "$library" | sed -n "s/.*($1).*\[\(.*\)\].*/\1/p"
}

check_shared() {
  nm --dynamic --defined-only --format=posix "$library" | cut -d' ' -f1 |
    sort >"$work/exported"
  compare_with_list "$work/exported"

  dynamic_entries NEEDED >"$work/needed"
  grep -qx 'libc\.so\.6' "$work/needed" || complain "does not need libc.so.6"
  others=$(grep -vx -e 'libc\.so\.6' -e 'ld-linux.*\.so\.[0-9]*' \
    "$work/needed" || true)
  [ -z "$others" ] || complain "needs more than libc:" "$others"

  found=$(dynamic_entries SONAME)
  [ -z "$soname" ] || [ "$found" = "$soname" ] ||
    complain "SONAME is '$found', not '$soname'"

  strip --strip-unneeded -o "$work/stripped" "$library"
  size=$(wc -c <"$work/stripped")
  echo "$library: $size bytes when stripped"
  [ "$size" -le $most_bytes ] || complain "more than $most_bytes bytes"
}

check_static() {
  # readelf tells the visibility, which nm does not: a hidden symbol could not
  # be reached from a shared library that this one is linked into.
  readelf --symbols --wide "$library" |
    awk '($5 == "GLOBAL" || $5 == "WEAK") && $7 != "UND" && $8 ~ /^wslay/ {
           print $8 ($6 == "DEFAULT" ? "" : " " $6) }' |
    sort >"$work/exported"
  compare_with_list "$work/exported"
}

# A library of stubs with the functions on standard input; the rest are flags.
stub_library() {
  sed 's/.*/void &(void) {}/' >"$work/stub.c"
  ${CC:-cc} -shared -fPIC -Wl,--no-as-needed -o "$work/libstub.so" "$work/stub.c" "$@"
}

# The stub library must be $1 (fine, or at fault), for SONAME libwslay.so.1.
expect() {
  verdict='at fault'
  "$0" "$work/libstub.so" libwslay.so.1 >"$work/output" 2>&1 && verdict=fine
  [ "$verdict" = "$1" ] || {
    failed=1
    echo "self-test: $2 is $verdict" >&2
  }
}

self_test() {
  soname=-Wl,-soname,libwslay.so.1
  stub_library $soname <"$here/symbols.txt"
  expect fine 'a library as it should be'
  sed 1d "$here/symbols.txt" | stub_library $soname
  expect 'at fault' 'a missing function'
  { cat "$here/symbols.txt" && echo wslay_surplus; } | stub_library $soname
  expect 'at fault' 'a surplus function'
  stub_library -Wl,-soname,libwslay.so.2 <"$here/symbols.txt"
  expect 'at fault' 'another SONAME'
  stub_library $soname -lm <"$here/symbols.txt"
  expect 'at fault' 'the need of libm'
}

case $library in
--self-test) self_test ;;
*.a) check_static ;;
*) check_shared ;;
esac
[ $failed -ne 0 ] || [ "$library" = --self-test ] ||
  echo "$library: the $(wc -l <"$here/symbols.txt") functions of symbols.txt and no other"
exit $failed
