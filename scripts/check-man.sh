#!/bin/bash
# Checks the manual pages of man/ against the headers and the library: that mandoc finds
# nothing to complain about; that pages, headers and library have the same functions, with
# the same prototypes; that what the pages quote from the headers is there, and their
# examples compile.
#
#   check-man.sh LIBDIR WORKDIR              LIBDIR holds libwslay.so
#   check-man.sh --self-test LIBDIR WORKDIR  that defects planted in the pages are found
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit
: "${CC:=cc}" "${MANDOC:=mandoc}"
# Those of a C program for a POSIX system.
warnings='-std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -pedantic -Werror -Iinclude'
passed=0
failed=0

self_test=0
if [ "${1:-}" = --self-test ]; then
  self_test=1
  shift
fi
[ $# -eq 2 ] || {
  echo 'usage: check-man.sh [--self-test] LIBDIR WORKDIR' >&2
  exit 2
}
command -v "$MANDOC" >/dev/null || {
  echo 'check-man: mandoc is missing (Debian package mandoc)' >&2
  exit 2
}
libdir=$1
work=$2
rm -rf "$work"
mkdir -p "$work"

# A header without comments, blanks and the names of its callback types.
header_text() {
  "$CC" -fpreprocessed -dD -E -P "$1" | sed -E 's/\(\*[a-z_]+\)/(*)/' | tr -d ' \n\t'
}

# "HEADER PROTOTYPE" for each function that the header include/wslay/$1 declares.
header_prototypes() {
  "$CC" -fpreprocessed -dD -E -P "include/wslay/$1" | grep -v '^#' | tr '\n' ' ' |
    sed 's/extern "C" {//; s/;/;\n/g' | tr -s ' ' | grep -v typedef |
    sed -nE "s|^ *([a-z].* \**wslayx?_[a-z_]+\(.*;)|wslay/$1 \1|p"
}

# The same for the pages given.
page_prototypes() {
  awk '
    function words(skip) {
      sub("^.[A-Z][a-z] *", "")
      gsub("\"", "")
      return $0
    }
    FNR == 1 { header = "" }
    /^\.In / { header = words() }
    /^\.Ft / { type = words() }
    /^\.Fo / { name = words(); arguments = ""; inside = 1 }
    inside && /^\.Fa / { arguments = arguments (arguments == "" ? "" : ", ") words() }
    inside && /^\.Fc/ {
      print header " " type (type ~ /\*$/ ? "" : " ") name "(" (arguments == "" ? "void" : arguments) ");"
      inside = 0
    }' "$@"
}

# The literal blocks of page $1 that are in EXAMPLES ($2 = 1) or not (0), each into a file
# $3.N, without the escapes of mdoc.
literal_blocks() {
  awk -v examples="$2" -v prefix="$3" '
    /^\.Sh / { here = ($2 == "EXAMPLES") }
    /^\.Ed/ { inside = 0 }
    inside { print >(prefix "." blocks) }
    /^\.Bd -literal/ && here == examples { inside = 1; blocks++ }' "$1"
  for block in "$3".[0-9]*; do
    [ ! -f "$block" ] || sed -i 's/\\e/\\/g; s/\\-/-/g; s/\\&//g' "$block"
  done
}

lint_page() {
  # Pages of others are not installed everywhere; names_of_pages looks at ours.
  ! "$MANDOC" -T lint "$1" 2>&1 | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db'
}

# Every function in SYNOPSIS is in NAME, and the page is called like the first of them.
names_in_page() {
  local page=$1 names functions
  names=$(sed -n '/^\.Sh NAME/,/^\.Sh LIB/s/^\.Nm \([a-z_]*\).*/\1/p' "$page")
  functions=$(sed -n 's/^\.Fo //p' "$page")
  [ "$(head -n 1 <<<"$names")" = "$(basename "$page" .3)" ] || return
  [ -z "$functions" ] || [ "$names" = "$functions" ]
}

# What is quoted outside of EXAMPLES is in the headers, paragraph by paragraph.
quotes_in_page() {
  local paragraph status=0
  literal_blocks "$1" 0 "$work/quote"
  for block in "$work"/quote.[0-9]*; do
    [ -f "$block" ] || continue
    while IFS= read -r -d '' paragraph; do
      grep -qF -- "$(tr -d ' \n\t' <<<"$paragraph")" "$work/headers" || {
        printf '%s: not in a header:\n%s\n' "$1" "$paragraph"
        status=1
      }
    done < <(sed 's/^$/\x00/' "$block"; printf '\0')
  done
  rm -f "$work"/quote.*
  return $status
}

# Each example of a page of section 3 is C, without its #include lines.
examples_in_page() {
  local status=0
  literal_blocks "$1" 1 "$work/example"
  for block in "$work"/example.[0-9]*; do
    [ -f "$block" ] || continue
    {
      printf '#include <%s>\n' errno.h poll.h stdio.h string.h sys/socket.h unistd.h \
        wslay/wslay.h wslay/wslayx.h
      cat "$block"
    } >"$block.c"
    # shellcheck disable=SC2086 # one word a flag
    "$CC" $warnings -fsyntax-only "$block.c" || status=1
  done
  rm -f "$work"/example.*
  return $status
}

# That of wslay(7) is a whole program, followed by what it prints.
program_in_page() {
  literal_blocks "$1" 1 "$work/program"
  mv "$work/program.1" "$work/program.c"
  # shellcheck disable=SC2086 # one word a flag
  "$CC" $warnings "$work/program.c" -o "$work/program" "-L$libdir" -lwslay &&
    LD_LIBRARY_PATH=$libdir "$work/program" | diff -u "$work/program.2" -
}

# Names that look like ours, and pages that are referred to, exist.
names_of_library() {
  grep -ohE '\bwslayx?_[a-z_0-9]*[a-z0-9]|\bWSLAYX?_[A-Z_0-9]+' "$@" | sort -u >"$work/used"
  grep -ohE '\bwslayx?_[a-z_0-9]*[a-z0-9]|\bWSLAYX?_[A-Z_0-9]+' include/wslay/*.h | sort -u >"$work/known"
  # Titles are in upper case.
  sed -n 's/^\.Dt \([A-Z_]*\).*/\1/p' "$@" | sort -u >>"$work/known"
  sort -o "$work/known" "$work/known"
  refuse_lines "names that no header has" <(comm -23 "$work/used" "$work/known")
}

names_of_pages() {
  grep -ohE '\.?Xr wslay[a-z_]* [0-9]' "$@" | sed 's/.*Xr //' | sort -u >"$work/referred"
  for page; do
    sed -n "/^\.Sh NAME/,/^\.Sh [LS]/s/^\.Nm \([a-z_]*\).*/\1 ${page##*.}/p" "$page"
  done | sort -u >"$work/pages"
  refuse_lines "pages that do not exist" <(comm -23 "$work/referred" "$work/pages")
}

# The numbers that pages give constants are theirs.
numbers_of_constants() {
  awk '
    /^\.It [0-9]+$/ { number = $2; next }
    number && /^\.Dv / { print $2, number }
    /^\.It Dv [A-Z_]+ Pq / { sub(/\\/, "", $5); print $3, $5 }
    name && /^\([0-9]+\)/ { sub(/^\(/, ""); print name, $0 + 0 }
    { number = ""; name = /^\.Dv / ? $2 : "" }' "$@" >"$work/numbers"
  {
    echo '#include <wslay/wslayx.h>'
    awk '{ print "char number_" NR "[" $1 " == " $2 " ? 1 : -1];" }' "$work/numbers"
  } >"$work/numbers.c"
  # shellcheck disable=SC2086 # one word a flag
  [ -s "$work/numbers" ] && "$CC" $warnings -fsyntax-only "$work/numbers.c"
}

refuse_lines() {
  local lines
  lines=$(cat "$2")
  [ -z "$lines" ] || {
    printf '%s:\n%s\n' "$1" "$lines"
    return 1
  }
}

prototypes_agree() {
  { header_prototypes wslay.h && header_prototypes wslayx.h; } | sort >"$work/declared"
  page_prototypes "$@" | sort >"$work/described"
  [ -s "$work/declared" ] && diff -u "$work/declared" "$work/described"
}

symbols_agree() {
  page_prototypes "$@" | sed -E 's/.*\b(wslayx?_[a-z_]+)\(.*/\1/' | sort >"$work/functions"
  nm --dynamic --defined-only --format=posix "$libdir/libwslay.so" | cut -d' ' -f1 | sort |
    diff -u - "$work/functions"
}

result() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    echo "passed: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: $1" >&2
  fi
}

expect_success() {
  local name=$1
  shift
  "$@"
  result "$name" $?
}

check_all() {
  local pages=$1 page name
  { header_text include/wslay/wslay.h && header_text include/wslay/wslayx.h; } >"$work/headers"
  for page in "$pages"/*.[37]; do
    name=$(basename "$page")
    expect_success "$name: mandoc -T lint" lint_page "$page"
    expect_success "$name: what it quotes from the headers" quotes_in_page "$page"
    [ "${page##*.}" = 3 ] || continue
    expect_success "$name: its names" names_in_page "$page"
    expect_success "$name: its examples compile" examples_in_page "$page"
  done
  expect_success 'wslay.7: its program runs' program_in_page "$pages/wslay.7"
  expect_success 'prototypes are those of the headers' prototypes_agree "$pages"/*.3
  expect_success 'functions are those of the library' symbols_agree "$pages"/*.3
  expect_success 'numbers are those of the constants' numbers_of_constants "$pages"/*.[37]
  expect_success 'names are those of the headers' names_of_library "$pages"/*.[37]
  expect_success 'references are to pages of man/' names_of_pages "$pages"/*.[37]
}

# Runs check_all on a copy of man/ in which page $2 was changed by sed script $3: the check
# that $1 names must fail.
plant() {
  rm -rf "$work/planted"
  cp -r man "$work/planted"
  sed -i "$3" "$work/planted/$2"
  ! cmp -s "man/$2" "$work/planted/$2" || {
    result "self-test: $2 was not changed by $3" 1
    return
  }
  (check_all "$work/planted") 2>&1 | grep '^FAILED:' >"$work/planted.log"
  grep -qF "$1" "$work/planted.log"
  result "self-test: '$1' sees $3" $?
}

run_self_test() {
  plant 'mandoc -T lint' wslay_event_send.3 '/^\.Sh NAME/d'
  plant 'what it quotes' wslay_event_queue_msg.3 's/size_t msg_length;/uint32_t msg_length;/'
  plant 'what it quotes' wslay_event_callbacks.3 's/(\*)(wslay_event_context_ptr ctx, uint8_t/(*)(void *ctx, uint8_t/'
  plant 'its names' wslay_event_send.3 's/^\.Nm wslay_event_write/.Nm wslay_event_wrote/'
  plant 'its examples compile' wslay_event_queue_close.3 's/strlen(reason)/reason/'
  plant 'its program runs' wslay.7 's/server got hello/server got nothing/'
  plant 'numbers are' wslay.7 's/^\.It 1009/.It 1010/'
  plant 'numbers are' wslay.7 's/^\.It Dv WSLAY_ERR_NOMEM Pq .*/.It Dv WSLAY_ERR_NOMEM Pq 5/'
  plant 'numbers are' wslayx_client_handshake_feed.3 's/Pq 2/Pq 3/'
  plant 'prototypes are' wslay_frame_recv.3 's/^\.Fa "struct wslay_frame_iocb/.Fa "const struct wslay_frame_iocb/'
  plant 'prototypes are' wslay_frame_recv.3 's/^\.In .*/.In wslay\/wslayx.h/'
  plant 'functions are' wslay_event_set_error.3 '/^\.Fo/,/^\.Fc/d'
  plant 'names are' wslay.7 's/WSLAY_PONG/WSLAY_PUNG/'
  plant 'references are' wslay_event_recv.3 's/^\.Xr wslay 7/.Xr wslay 8/'
}

if [ $self_test = 1 ]; then
  run_self_test
else
  check_all man
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
