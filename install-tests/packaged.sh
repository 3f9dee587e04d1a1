# shellcheck shell=bash disable=SC2154
# Programs built with the distribution's wslay run on this library unchanged.
# PACKAGED has its include and lib directories.

packaged=${PACKAGED:?the unpacked packages}

test_packaged_program_prints_the_same() {
  compile "-I$packaged/include" "$here/echo_in_memory.c" "-L$packaged/lib" -lwslay
  LD_LIBRARY_PATH=$packaged/lib ./a.out >theirs
  LD_LIBRARY_PATH=$root/lib ./a.out >ours
  diff -u theirs ours
  tail -n 1 ours | grep -Fx 'both sides closed'
}

test_our_library_really_ran() {
  compile "-I$packaged/include" "$here/echo_in_memory.c" "-L$packaged/lib" -lwslay
  LD_LIBRARY_PATH=$root/lib LD_DEBUG=libs LD_DEBUG_OUTPUT=debug ./a.out >/dev/null
  grep -q "calling init: $root/lib/libwslay" debug.*
}

test_soname_is_the_packaged_one() {
  soname_of() {
    readelf -d "$1" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'
  }
  expect SONAME "$(soname_of "$packaged/lib/libwslay.so")" "$(soname_of "$root/lib/libwslay.so")"
}

# Of its exports only those in the header: the others are its own affair.
test_packaged_functions_are_all_exported() {
  exports() {
    nm -D --defined-only "$1" | sed -n 's/.* \(wslay_.*\)/\1/p' | sort
  }
  exports "$packaged/lib/libwslay.so" |
    grep -wof - "$packaged/include/wslay/wslay.h" | sort -u >theirs
  exports "$root/lib/libwslay.so" >ours
  expect "how many there are" 31 "$(wc -l <theirs)"
  expect "functions missing here" "" "$(comm -23 theirs ours)"
}

# shellcheck disable=SC2046
test_packaged_server() {
  compile "-I$packaged/include" "$here/nettle_echoserv.c" -o server "-L$packaged/lib" \
    -lwslay -lnettle
  compile "$source_root"/examples-c/client*.c -o client $(pkg --cflags --libs libwslay)
  export LD_LIBRARY_PATH=$root/lib
  talk_to_server
}
