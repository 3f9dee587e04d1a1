# shellcheck shell=bash disable=SC2154
# Programs built the way pkg-config says, against the moved tree.

test_pkg_config_knows_the_version() {
  expect --modversion "$version" "$(pkg --modversion libwslay)"
  pkg --exists 'libwslay >= 1.1.1'
}

test_pkg_config_follows_prefix() {
  expect --variable "/elsewhere/lib" \
    "$(pkg --define-variable=prefix=/elsewhere --variable=libdir libwslay)"
}

# The words of pkg-config's answer are flags.
# shellcheck disable=SC2046
test_shared_through_pkg_config() {
  compile "$here/echo_in_memory.c" $(pkg --cflags --libs libwslay)
  needs_libwslay a.out
  LD_LIBRARY_PATH=$root/lib ./a.out | tail -n 1 | grep -Fx 'both sides closed'
}

# shellcheck disable=SC2046
test_static_through_pkg_config() {
  compile -static "$here/echo_in_memory.c" $(pkg --static --cflags --libs libwslay)
  ./a.out | tail -n 1 | grep -Fx 'both sides closed'
}

# The C library stays shared: only libwslay is linked in.
# shellcheck disable=SC2046
test_static_library_in_a_dynamic_program() {
  compile "$here/echo_in_memory.c" $(pkg --cflags libwslay) -Wl,-Bstatic \
    $(pkg --libs libwslay) -Wl,-Bdynamic
  refused needs_libwslay a.out
  ./a.out | tail -n 1 | grep -Fx 'both sides closed'
}

# A shared library that carries libwslay.a inside, as language bindings do.
# shellcheck disable=SC2046
test_static_library_in_a_shared_library() {
  compile -shared -fPIC -Dmain=echo_main -o libecho.so "$here/echo_in_memory.c" \
    $(pkg --cflags libwslay) -Wl,-Bstatic $(pkg --libs libwslay) -Wl,-Bdynamic -Wl,-z,defs
  echo 'int echo_main(void); int main(void) { return echo_main(); }' >main.c
  compile main.c -L. -lecho
  LD_LIBRARY_PATH=. ./a.out | tail -n 1 | grep -Fx 'both sides closed'
}

# shellcheck disable=SC2046
test_cxx_through_pkg_config() {
  printf '#include <wslay/wslay.h>\n#include <wslay/wslayx.h>\n
int main() { wslay_event_context_free(NULL); return WSLAY_VERSION[0] != 49; }\n' >main.cc
  ${CXX:-c++} -std=c++11 -Wall -Wextra -pedantic -Werror main.cc $(pkg --cflags --libs libwslay)
  LD_LIBRARY_PATH=$root/lib ./a.out
}
