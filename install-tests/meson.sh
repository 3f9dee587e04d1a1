# shellcheck shell=bash disable=SC2154
# A project built with Meson that has the sources of this library as its subproject.

# What follows is for `meson setup`.
build_subproject() {
  mkdir subprojects
  ln -s "$source_root" subprojects/wslay
  cp "$here/meson/meson.build" "$here/echo_in_memory.c" .
  env -u MAKEFLAGS -u CARGO_TARGET_DIR meson setup build --wrap-mode=forcefallback \
    --prefix="$prefix" --libdir=lib "$@"
  env -u MAKEFLAGS -u CARGO_TARGET_DIR meson compile -C build
  build/echo | tail -n 1 | grep -Fx 'both sides closed'
}

# Installed, the program finds the library that comes with it.
test_meson_shared_subproject() {
  build_subproject
  needs_libwslay build/echo
  env -u MAKEFLAGS -u CARGO_TARGET_DIR DESTDIR="$PWD/d" meson install -C build
  expect "the files" "$(printf '%s\n' ./bin/echo "$(expected_files lib)" | sort)" \
    "$(installed_files "d$prefix")"
  LD_LIBRARY_PATH=d$prefix/lib "d$prefix/bin/echo" | tail -n 1 | grep -Fx 'both sides closed'
}

test_meson_static_subproject() {
  build_subproject --default-library=static
  refused needs_libwslay build/echo
  env -u MAKEFLAGS -u CARGO_TARGET_DIR DESTDIR="$PWD/d" meson install -C build
  expect "the files" ./bin/echo "$(installed_files "d$prefix")"
}

test_meson_version() {
  grep -F "version: '$version'" "$source_root/meson.build"
}
