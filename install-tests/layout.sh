# shellcheck shell=bash disable=SC2154
# Which files `make install` makes, and that `make uninstall` removes them.

test_install_makes_these_files() {
  expect "the files" "$(expected_files lib)" "$(installed_files "$root")"
}

test_links_and_soname() {
  local real=libwslay.so.$soversion.${version#*.}
  expect libwslay.so "$real" "$(basename "$(readlink -f "$root/lib/libwslay.so")")"
  expect "libwslay.so.$soversion" "$real" "$(readlink "$root/lib/libwslay.so.$soversion")"
  readelf -d "$root/lib/$real" | grep SONAME | grep -F "[libwslay.so.$soversion]"
}

test_headers_are_the_sources_headers() {
  diff -r "$source_root/include/wslay" "$root/include/wslay"
}

test_directories_can_be_chosen() {
  local libdir=lib/triple-linux-gnu
  make_target install DESTDIR="$PWD/d" LIBDIR="$prefix/$libdir"
  expect "the files" "$(expected_files $libdir)" "$(installed_files "d$prefix")"
  # shellcheck disable=SC2016 # pkg-config's own variable
  grep -Fx 'libdir=${prefix}/lib/triple-linux-gnu' "d$prefix/$libdir/pkgconfig/libwslay.pc"

  make_target install DESTDIR="$PWD/e" INCLUDEDIR=/usr/include
  ls e/usr/include/wslay/wslay.h
  grep -Fx 'includedir=/usr/include' "e$prefix/lib/pkgconfig/libwslay.pc"

  make_target install DESTDIR="$PWD/f" MANDIR=/manuals
  expect "the pages" "$(sed 's|./share/man/||' <<<"$manual_pages" | sort)" \
    "$(installed_files f/manuals | sed 's|./||')"
}

# The page that `man FUNCTION` shows is about that function.
test_man_finds_each_function() {
  local function
  while read -r function; do
    man -M "$root/share/man" 3 "$function" >page
    sed -n '/^NAME/,/^LIBRARY/p' page | grep -w "$function"
  done <"$source_root/capi-tests/symbols.txt"
  man -M "$root/share/man" wslay | grep 'WebSocket library'
}

test_install_strip_keeps_the_interface() {
  make_target install-strip DESTDIR="$PWD/d"
  expect "the files" "$(expected_files lib)" "$(installed_files "d$prefix")"
  expect "the exports" "$(nm -D --defined-only "$root/lib/libwslay.so" | cut -d' ' -f3)" \
    "$(nm -D --defined-only "d$prefix/lib/libwslay.so" | cut -d' ' -f3)"
  compile "-I$root/include" "$here/echo_in_memory.c" "d$prefix/lib/libwslay.a"
  ./a.out >/dev/null
}

test_uninstall_leaves_nothing() {
  make_target install DESTDIR="$PWD/d"
  touch "d$prefix/lib/other.so"
  make_target uninstall DESTDIR="$PWD/d"
  expect "what is left" ./lib/other.so "$(installed_files "d$prefix")"
  [ ! -e "d$prefix/include/wslay" ]
  [ ! -e "d$prefix/lib/cmake/wslay" ]
}
