# shellcheck shell=bash disable=SC2034,SC2154
# Installs with cargo-c instead of make, and points the groups named after this
# one at the outcome. CARGO_C is its program cargo-cinstall.
#
# cargo-c knows no manual pages, and takes the SONAME from the package's version, whatever SOVERSION says.

soversion=1
manual_pages=
stage=$work/cargo-c-stage
root=$stage$prefix
rm -rf "$stage"
(
  cd "$source_root" || exit
  WSLAY_SOVERSION=9 "${CARGO_C:?}" cinstall --locked --destdir "$stage" --prefix "$prefix" --libdir lib \
    --datadir lib
) >"$work/cinstall.log" 2>&1 || {
  cat "$work/cinstall.log"
  exit 1
}

test_cargo_c_installs_the_same_files() {
  expect "the files" "$(expected_files lib)" "$(installed_files "$root")"
}

test_cargo_c_links_and_soname() {
  local real=libwslay.so.$soversion.${version#*.}
  expect libwslay.so "$real" "$(basename "$(readlink -f "$root/lib/libwslay.so")")"
  expect SONAME "libwslay.so.$soversion" \
    "$(readelf -d "$root/lib/$real" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')"
}

# Where --datadir is left alone, the CMake files are in share/.
test_cargo_c_cmake_files_in_share() {
  cp -a "$root" tree
  mkdir tree/share
  mv tree/lib/cmake tree/share/
  build_with wslay_shared "$PWD/tree"
}
