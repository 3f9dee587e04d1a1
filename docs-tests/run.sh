#!/bin/bash
# Checks what the documents show: that the links within the repository lead somewhere,
# that files and make targets which they name are there, that the tutorial's listings are
# whole programs, which compile without a warning and do what the tutorial says, and that
# the commands of migrating.md work.
#
#   run.sh WORK INCLUDE LIB    with directories of the headers and of libwslay.so; the
#                              programs go to WORK
#
# PACKAGED has the include and lib directories of the distribution's wslay.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
: "${CC:=cc}" "${MAKE:=make}" "${CLIENT:?is the command-line client of the examples}"
: "${PACKAGED:?is the unpacked wslay of the distribution}"
passed=0
failed=0
[ $# -eq 3 ] || {
  echo 'usage: run.sh WORK INCLUDE LIB' >&2
  exit 2
}
work=$1
include=$2
lib=$3

result() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1" >&2
  fi
}

# Writes the listings of document $1 to directory $2, and prints their names.
extract() {
  rm -rf "$2"
  mkdir -p "$2"
  awk -v to="$2" -f "$here/listings.awk" "$1"
}

compile() {
  "$CC" -std=c99 -Wall -Wextra -pedantic -Werror -O1 -g -I"$include" -o "${1%.c}" "$1" \
    -L"$lib" -Wl,-rpath,"$lib" -lwslay
}

# Prints the links of document $1 into the repository that lead nowhere.
broken_links() {
  grep -oE '\]\([^)]*\)' "$1" | sed 's/^](//; s/)$//' | grep -v '^https\?:' |
    while IFS='#' read -r path anchor; do
      target=$(dirname "$1")/$path
      [ -n "$path" ] || target=$1
      if [ ! -e "$target" ]; then
        echo "$1: $path"
      elif [ -n "$anchor" ] && ! headings "$target" | grep -qxF -e "$anchor"; then
        echo "$1: #$anchor"
      fi
    done
}

# The anchors that a document's headings have on GitHub.
headings() {
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# make without the settings of the make that runs this.
plain_make() {
  env -u MAKEFLAGS -u MAKELEVEL -u BUILDDIR -u LIBDIR -u INCLUDEDIR -u DESTDIR "$MAKE" "$@"
}

# Prints the make targets in document $1 that do not exist.
unknown_targets() {
  awk -f "$here/code.awk" "$1" | sed -nE 's/^ *(sudo )?make ([^#;&|]*).*/\2/p' |
    sed -E 's/-C +[^ ]+//; s/"[^"]*"//g' | tr ' ' '\n' | grep -xE '[a-z][a-z0-9-]*' |
    grep -vxF -f "$work/targets"
}

# Prints the files and directories in document $1 that do not exist. Only paths below a
# directory of the sources are looked at.
missing_files() {
  awk -f "$here/code.awk" "$1" | tr ' ' '\n' | grep -xE '[a-z][a-z-]*/[A-Za-z0-9_./-]+' |
    sed 's/[.,]$//' | grep -vE '^(build|target)/' |
    while read -r path; do
      [ ! -d "$root/${path%%/*}" ] || [ -e "$root/$path" ] || echo "$path"
    done
}

mkdir -p "$work"
plain_make -C "$root" -pqr help | sed -n 's/^\([a-z][a-z0-9-]*\):.*/\1/p' >"$work/targets"

for document in "$root"/*.md "$root"/docs/*.md "$root"/*/README.md; do
  broken=$(
    broken_links "$document"
    unknown_targets "$document"
    missing_files "$document"
  )
  [ -z "$broken" ]
  result "what $document names is there: $broken" $?
done
for path in $(grep -oE '>src/[^<]*<' "$root/docs/architecture.svg" | tr -d '<>'); do
  [ -e "$root/$path" ]
  result "the picture's $path is there" $?
done

listings=$(extract "$root/docs/tutorial.md" "$work/tutorial")
[ "$(echo "$listings" | wc -l)" -ge 3 ]
result 'the tutorial has at least three programs' $?
for name in $listings; do
  compile "$work/tutorial/$name"
  result "$name compiles" $?
  diff <(clang-format --style="file:$root/.clang-format" "$work/tutorial/$name") "$work/tutorial/$name" >&2
  result "$name is formatted" $?
done

# Shows that a listing with a mistake would be found.
sed 's/wslay_event_recv(ctx)/wslay_event_receive(ctx)/' "$root/docs/tutorial.md" >"$work/mistaken.md"
extract "$work/mistaken.md" "$work/mistaken" >"$work/names"
! compile "$work/mistaken/echo.c" 2>"$work/mistaken/errors"
result 'self-test: a misspelt function is found' $?
echo 'see [this](no-such-file.md) and [that](#no-such-heading)' >"$work/mistaken.md"
[ "$(broken_links "$work/mistaken.md" | wc -l)" = 2 ]
result 'self-test: a broken link is found' $?
printf '`make check` or `make\ncheck-nothing`,\n\n    make no-such # and more\n' >"$work/mistaken.md"
[ "$(unknown_targets "$work/mistaken.md" | tr '\n' ' ')" = 'check-nothing no-such ' ]
result 'self-test: an unknown target is found' $?
echo 'in `src/lib.rs` and `src/no-such.rs`' >"$work/mistaken.md"
[ "$(missing_files "$work/mistaken.md")" = src/no-such.rs ]
result 'self-test: a missing file is found' $?

"$here/try_tutorial.py" "$work/tutorial" "$CLIENT"
result 'the programs do what the tutorial says' $?

# Runs the commands of document $1 where a program is that uses the distribution's wslay.
run_commands() {
  local place=$work/commands
  rm -rf "$place"
  mkdir -p "$place/home"
  cp "$root/install-tests/echo_in_memory.c" "$place/program.c"
  "$CC" -I"$PACKAGED/include" -o "$place/program" "$place/program.c" -L"$PACKAGED/lib" \
    -Wl,--enable-new-dtags,-rpath,"$PACKAGED/lib" -lwslay || return
  awk -f "$here/commands.awk" "$1" >"$place/commands.sh"
  [ -s "$place/commands.sh" ] && (
    cd "$place" || exit
    env -u MAKEFLAGS -u MAKELEVEL -u BUILDDIR -u LIBDIR -u INCLUDEDIR -u DESTDIR \
      HOME="$place/home" CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" \
      WSLAY="$root" bash -exu -o pipefail commands.sh >log 2>&1 || {
      tail -n 20 log >&2
      exit 1
    }
  )
}

sed 's/^ldd .*/& no-such/' "$root/docs/migrating.md" >"$work/mistaken.md"
! run_commands "$work/mistaken.md" 2>"$work/mistaken/errors"
result 'self-test: a command that fails is found' $?
run_commands "$root/docs/migrating.md"
result 'the commands of migrating.md work' $?
[ -z "$(find "$work/commands/home" -type f)" ]
result 'they leave nothing behind' $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
