# shellcheck shell=bash disable=SC2154
# The example programs, built against the installed tree, talk over loopback.

# Its arguments say where the library is.
build_server_and_client() {
  local sources=$source_root/examples-c
  compile "$sources/fork-echoserv.c" -o server "$@"
  compile "$sources"/client*.c -o client "$@"
}

# shellcheck disable=SC2046
test_shared_examples() {
  build_server_and_client $(pkg --cflags --libs libwslay)
  needs_libwslay server
  export LD_LIBRARY_PATH=$root/lib
  talk_to_server
}

# shellcheck disable=SC2046
test_static_examples() {
  build_server_and_client $(pkg --cflags libwslay) -Wl,-Bstatic $(pkg --libs libwslay) -Wl,-Bdynamic
  refused needs_libwslay server
  talk_to_server
}

# A server that takes SHA-1 and base64 from nettle, as programs for wslay do.
# shellcheck disable=SC2046
test_nettle_server() {
  build_server_and_client $(pkg --cflags --libs libwslay)
  rm server
  compile "$here/nettle_echoserv.c" -o server $(pkg --cflags --libs libwslay) -lnettle
  export LD_LIBRARY_PATH=$root/lib
  talk_to_server
}
