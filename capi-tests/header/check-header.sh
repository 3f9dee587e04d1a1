#!/bin/sh
# Compiles the headers the ways programs do, and beside packaged wslay's header.
#
#   check-header.sh INCLUDE PACKAGED_INCLUDE BUILDDIR
#
# INCLUDE holds wslay/wslay.h, wslayver.h and wslayx.h; PACKAGED_INCLUDE the
# packaged wslay/wslay.h. Exits with 1 at the first thing that does not compile.
# COMPILERS and CXX_COMPILERS name the compilers; those not there are passed over.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
include=${1:?usage: check-header.sh INCLUDE PACKAGED_INCLUDE BUILDDIR}
packaged=${2:?PACKAGED_INCLUDE is missing}
build=${3:?BUILDDIR is missing}
strict='-Wall -Wextra -pedantic -Werror'
: "${COMPILERS:=gcc clang}" "${CXX_COMPILERS:=g++ clang++}"

present() {
  for compiler in "$@"; do
    if command -v "$compiler" >/dev/null; then
      echo "$compiler"
    else
      echo "check-header: no $compiler here, passed over" >&2
    fi
  done
}

# compile COMPILER STANDARD FILE FLAG...
compile() {
  compiler=$1 standard=$2 file=$3
  shift 3
  case $compiler in
  *++*) language=c++ ;;
  *) language=c ;;
  esac
  # shellcheck disable=SC2086 # one word a flag
  "$compiler" -x $language -std="$standard" $strict "$@" -fsyntax-only "$file" || {
    echo "check-header: $compiler -std=$standard refuses $(basename "$file") $*" >&2
    exit 1
  }
  compiled=$((compiled + 1))
}

# All of a program's ways to include the headers, with one compiler and standard.
include_every_way() {
  compile "$1" "$2" "$here/use.c" -I"$include"
  compile "$1" "$2" "$here/use.c" -I"$include" -DONLY_EXTENSIONS
  compile "$1" "$2" "$here/own_version.c" -I"$include"
  compile "$1" "$2" "$here/own_version.c" -I"$build/without-version"
  compile "$1" "$2" "$build/functions.c" -I"$include"
}

prepare() {
  mkdir -p "$build/without-version/wslay"
  cp "$include/wslay/wslay.h" "$build/without-version/wslay/"
  sed -E -f "$here/packaged.sed" "$packaged/wslay/wslay.h" >"$build/packaged.h"
  renamed=$(grep -c packaged_ "$build/packaged.h")
  # 4 enums with 28 enumerators, 8 structs, 1 union, 8 macros, the guard's 2 lines.
  [ "$renamed" = 51 ] || {
    echo "check-header: packaged.sed does not fit $packaged/wslay/wslay.h" >&2
    exit 1
  }
  {
    printf '#include <wslay/wslay.h>\n#include <wslay/wslayx.h>\n'
    printf 'extern void (*const functions[])(void);\n'
    printf 'void (*const functions[])(void) = {\n'
    sed 's/.*/    (void (*)(void))&,/' "$here/../symbols.txt"
    printf '};\n'
  } >"$build/functions.c"
}

compiled=0
# shellcheck disable=SC2086 # one word a compiler
c_compilers=$(present $COMPILERS)
# shellcheck disable=SC2086
cxx_compilers=$(present $CXX_COMPILERS)
if [ -z "$c_compilers" ] || [ -z "$cxx_compilers" ]; then
  echo "check-header: no compiler" >&2
  exit 1
fi
prepare
for compiler in $c_compilers; do
  for standard in c99 c11 c17; do
    include_every_way "$compiler" $standard
  done
  compile "$compiler" c11 "$here/compare.c" -I"$include" -I"$build"
done
for compiler in $cxx_compilers; do
  for standard in c++11 c++20; do
    include_every_way "$compiler" $standard
  done
done
echo "check-header: $compiled compilations passed"
