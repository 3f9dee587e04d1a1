#!/bin/bash
# Installs the library into a staging directory and runs tests on what is there.
#
#   run.sh WORKDIR GROUP...      a GROUP is a file GROUP.sh beside this one
#
# Each function test_* of a group is one test: it runs in a subshell, under -e,
# in an empty directory of its own. The last line is "N passed, N failed".
set -u

here=$(cd "$(dirname "$0")" && pwd)
source_root=$(dirname "$here")
mkdir -p "$1"
work=$(cd "$1" && pwd)
shift
: "${MAKE:=make}" "${CC:=cc}"

# The place the installed files believe in, and where they really are: that the
# tree still works under `root` shows that it can be moved.
prefix=/opt/wslay
stage=$work/stage
root=$stage$prefix
warnings="-std=c99 -Wall -Wextra -pedantic -Werror"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source_root/Cargo.toml")
soversion=${WSLAY_SOVERSION:?set by the Makefile}
: "${BUILDDIR:?set by the Makefile}"

# Not the settings of the make that runs the tests: only those named here.
make_target() {
  env -u MAKEFLAGS -u LIBDIR -u INCLUDEDIR -u PKGCONFIGDIR -u CMAKEDIR -u MANDIR \
    "$MAKE" --no-print-directory -C "$source_root" PREFIX=$prefix \
    SOVERSION="$soversion" BUILDDIR="$BUILDDIR" "$@"
}

# The manual pages, one for each function.
manual_pages=$(sed 's|.*|./share/man/man3/&.3|' "$source_root/capi-tests/symbols.txt"
  printf './share/man/%s\n' man3/wslay_event_callbacks.3 man7/wslay.7 man7/wslayx.7)

# The files of an installation whose libraries go to $1.
expected_files() {
  # shellcheck disable=SC2086 # one word a page
  printf '%s\n' ./include/wslay/{wslay,wslayver,wslayx}.h \
    "./$1"/libwslay.{a,so,so."$soversion",so."$soversion.${version#*.}"} \
    "./$1"/cmake/wslay/wslay-config{,-version}.cmake \
    "./$1"/pkgconfig/libwslay.pc $manual_pages | sort
}

installed_files() {
  (cd "$1" && find . ! -type d | sort)
}

# Compiles with $CC: words of `warnings` and of the arguments are flags.
compile() {
  # shellcheck disable=SC2086
  $CC $warnings "$@"
}

expect() {
  [ "$2" = "$3" ] || {
    printf '%s: expected\n%s\nbut it is\n%s\n' "$1" "$2" "$3"
    return 1
  }
}

# For a command that has to fail: after `!`, -e would not see that it does not.
refused() {
  if "$@"; then
    echo "should have failed: $*"
    return 1
  fi
}

# pkg-config for the moved tree.
pkg() {
  PKG_CONFIG_SYSROOT_DIR=$stage PKG_CONFIG_LIBDIR=$root/lib/pkgconfig pkg-config "$@"
}

needs_libwslay() {
  readelf -d "$1" | grep -q "NEEDED.*\[libwslay.so.$soversion\]"
}

run_test() {
  local dir=$work/$1 log=$work/$1.log
  rm -rf "$dir"
  mkdir -p "$dir"
  # Not in an `if`, where -e would be off.
  (
    set -e
    cd "$dir"
    "$1"
  ) >"$log" 2>&1
  local status=$?
  if [ $status -eq 0 ]; then
    echo "ok $1"
    passed=$((passed + 1))
  else
    sed 's/^/  /' "$log"
    echo "FAILED $1"
    failed=$((failed + 1))
  fi
}

rm -rf "$stage"
make_target install DESTDIR="$stage" >"$work/install.log" 2>&1 || {
  cat "$work/install.log"
  exit 1
}
# shellcheck source=install-tests/loopback.sh
. "$here/loopback.sh"
for group; do
  # shellcheck source=/dev/null
  . "$here/$group.sh"
done

passed=0
failed=0
for name in $(compgen -A function test_); do
  run_test "$name"
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
