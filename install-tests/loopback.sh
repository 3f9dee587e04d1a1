# shellcheck shell=bash
# Runs ./server and ./client of the current directory against each other; the
# port is one the server found free.

talk_to_server() {
  # The loop below may look at it before the server's shell has opened it.
  : >port
  ./server 0 >port &
  local server=$! port=
  # shellcheck disable=SC2064 # this server
  trap "kill $server" EXIT
  for _ in {1..100}; do
    port=$(sed -n 's/^listening on port //p' port)
    [ -z "$port" ] || break
    sleep 0.1
  done
  ./client -t 20 -n 100 -s 1000 127.0.0.1 "$port"
  ./client -t 20 -n 3 -s 200000 -b 127.0.0.1 "$port"
  expect "an echo" hello "$(echo hello | ./client -t 20 127.0.0.1 "$port")"
}
