#!/bin/sh
# Runs the interoperability tests: the example servers and client against Python's
# websockets, Node's ws, and plain sockets.
#
# The programs under test are named by WSLAY_ECHOSERV, WSLAY_EPOLL_ECHOSERV and
# WSLAY_CLIENT, by default those in $BUILDDIR/examples. What the tests need
# besides goes to $BUILDDIR/interop.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${BUILDDIR:-$here/../build}"
build=$(cd "${BUILDDIR:-$here/../build}" && pwd)
work=$build/interop
WSLAY_ECHOSERV=${WSLAY_ECHOSERV:-$build/examples/fork-echoserv}
WSLAY_EPOLL_ECHOSERV=${WSLAY_EPOLL_ECHOSERV:-$build/examples/epoll-echoserv}
WSLAY_CLIENT=${WSLAY_CLIENT:-$build/examples/client}
export WSLAY_ECHOSERV WSLAY_EPOLL_ECHOSERV WSLAY_CLIENT

die() {
  echo "interop: $*" >&2
  exit 1
}

# Names the tools that are missing, each with its Debian package.
missing_packages() {
  command -v python3 >/dev/null || echo python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  node --test --version >/dev/null 2>&1 || echo nodejs
  command -v npm >/dev/null || echo npm
}

provide_tools() {
  packages=$(missing_packages)
  if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086 # one word a package
    { apt-get update && apt-get install -y --no-install-recommends $packages; } \
      >"$work/apt.log" 2>&1 || true
    packages=$(missing_packages)
  fi
  [ -z "$packages" ] || die "missing: $(echo "$packages" | tr '\n' ' ')"
}

# Runs its arguments unless the stamp says that this was done for the same file.
once_for() {
  file=$1 stamp=$work/$(basename "$1").done
  shift
  cmp -s "$file" "$stamp" && return
  rm -f "$stamp"
  "$@" >"$work/setup.log" 2>&1 || {
    cat "$work/setup.log" >&2
    die "setup failed: $*"
  }
  cp "$file" "$stamp"
}

# shellcheck disable=SC2317 # once_for runs it
make_venv() {
  python3 -m venv --clear "$work/venv"
  "$work/venv/bin/pip" install --disable-pip-version-check \
    -r "$here/requirements.txt"
}

# shellcheck disable=SC2317 # once_for runs it
make_node_modules() {
  cp "$here/package.json" "$here/package-lock.json" "$work/"
  npm ci --prefix "$work" --no-audit --no-fund
}

# Runs a test program; prints its last lines, or all of them when it fails.
run_tests() {
  name=$1 lines=$2
  shift 2
  status=0
  "$@" >"$work/$name.log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    tail -n "$lines" "$work/$name.log"
  else
    cat "$work/$name.log"
    echo "interop: $name failed with status $status"
    failed=1
  fi
}

mkdir -p "$work"
for program in "$WSLAY_ECHOSERV" "$WSLAY_EPOLL_ECHOSERV" "$WSLAY_CLIENT"; do
  [ -x "$program" ] || die "missing: $program"
done
provide_tools
once_for "$here/requirements.txt" make_venv
once_for "$here/package-lock.json" make_node_modules

failed=0
cd "$here"
run_tests pytest 1 env PYTHONDONTWRITEBYTECODE=1 timeout 600 \
  "$work/venv/bin/python" -m pytest -q -p no:cacheprovider .
run_tests node 8 env NODE_PATH="$work/node_modules" timeout 600 \
  node --test --test-reporter=spec server.test.js client.test.js
exit "$failed"
