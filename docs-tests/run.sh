#!/bin/bash
# Checks what the documents show: that the links within the repository lead somewhere,
# and that the tutorial's listings are whole programs, which compile without a warning
# and do what the tutorial says.
#
#   run.sh WORK INCLUDE LIB    with directories of the headers and of libwslay.so; the
#                              programs go to WORK
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$here/..
: "${CC:=cc}" "${CLIENT:?is the command-line client of the examples}"
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

for document in "$root"/*.md "$root"/docs/*.md; do
  broken=$(broken_links "$document")
  [ -z "$broken" ]
  result "links of $document: $broken" $?
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

"$here/try_tutorial.py" "$work/tutorial" "$CLIENT"
result 'the programs do what the tutorial says' $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
