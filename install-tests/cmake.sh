# shellcheck shell=bash disable=SC2154
# find_package(wslay), with all that an installation may have or lack.

# Builds cmake/ with target $1 of the package in $2, and runs the program. What
# follows is for CMake.
build_with() {
  local target=$1 where=$2
  shift 2
  cmake -S "$here/cmake" -B build -DCMAKE_PREFIX_PATH="$where" -DTARGET="$target" "$@" &&
    cmake --build build &&
    build/echo | tail -n 1 | grep -Fx 'both sides closed'
}

test_cmake_static_target() {
  build_with wslay "$root"
  refused needs_libwslay build/echo
}

test_cmake_shared_target() {
  build_with wslay_shared "$root"
  needs_libwslay build/echo
}

test_cmake_version() {
  build_with wslay "$root" -DVERSION="$version"
  rm -r build
  build_with wslay "$root" -DVERSION=1.1
  rm -r build
  refused build_with wslay "$root" -DVERSION=2.0
  rm -r build
  refused build_with wslay "$root" -DVERSION=1.99
  grep -F "\"$version\"" "$root/lib/cmake/wslay/wslay-config-version.cmake"
}

test_cmake_with_the_shared_library_only() {
  cp -a "$root" tree
  rm tree/lib/libwslay.a
  build_with wslay "$PWD/tree"
  needs_libwslay build/echo
  rm -r build
  build_with wslay_shared "$PWD/tree"
}

test_cmake_with_the_static_library_only() {
  cp -a "$root" tree
  rm tree/lib/libwslay.so*
  build_with wslay "$PWD/tree"
  rm -r build
  refused build_with wslay_shared "$PWD/tree"
}

test_cmake_without_a_library_is_not_found() {
  cp -a "$root" tree
  rm tree/lib/libwslay.*
  refused build_with wslay "$PWD/tree" >log 2>&1
  grep 'no libwslay.a or libwslay.so' log
}

test_cmake_multiarch() {
  local libdir=$prefix/lib/triple-linux-gnu
  make_target install DESTDIR="$PWD/d" LIBDIR="$libdir"
  build_with wslay_shared / -Dwslay_DIR="$PWD/d$libdir/cmake/wslay"
}

test_cmake_headers_elsewhere() {
  make_target install PREFIX="$PWD/p" INCLUDEDIR="$PWD/headers/of-wslay"
  build_with wslay "$PWD/p"
}

test_cmake_found_twice() {
  build_with wslay "$root" -DTWICE=ON
}
