#!/bin/sh
# Runs tests of the examples, and says what the groups named came to:
#
#   run.sh pytest node    the echo servers, the chat and the client against Python's
#                         websockets, Node's ws, and plain sockets
#   run.sh browser        the chat in Chromium
#
# The programs under test are those in EXAMPLES, by default $BUILDDIR/examples.
# PYTEST_ARGS may choose among the Python tests. What the tests need besides goes to
# $BUILDDIR/interop.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${BUILDDIR:-$here/../build}"
build=$(cd "${BUILDDIR:-$here/../build}" && pwd)
work=$build/interop
examples=${EXAMPLES:-$build/examples}
export WSLAY_ECHOSERV="$examples/fork-echoserv" WSLAY_EPOLL_ECHOSERV="$examples/epoll-echoserv"
export WSLAY_CHAT="$examples/chat" WSLAY_CLIENT="$examples/client"
export CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"

die() {
  echo "interop: $*" >&2
  exit 1
}

# Names the tools that are missing, each with its Debian package.
missing_packages() {
  case $groups in *pytest*)
    command -v python3 >/dev/null || echo python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    ;;
  esac
  case $groups in *node* | *browser*)
    node --test --version >/dev/null 2>&1 || echo nodejs
    command -v npm >/dev/null || echo npm
    ;;
  esac
  case $groups in *browser*)
    [ -x "$CHROMIUM" ] || echo chromium fonts-dejavu-core
    ;;
  esac
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

# shellcheck disable=SC2086 # one word an argument
test_group() {
  case $1 in
  pytest)
    once_for "$here/requirements.txt" make_venv
    run_tests pytest 1 env PYTHONDONTWRITEBYTECODE=1 timeout 600 \
      "$work/venv/bin/python" -m pytest -q -p no:cacheprovider ${PYTEST_ARGS:-.}
    ;;
  node)
    once_for "$here/package-lock.json" make_node_modules
    run_node_tests node server.test.js client.test.js
    ;;
  browser)
    once_for "$here/package-lock.json" make_node_modules
    run_node_tests browser chat.test.js
    ;;
  *) die "no such group of tests: $1" ;;
  esac
}

run_node_tests() {
  name=$1
  shift
  run_tests "$name" 8 env NODE_PATH="$work/node_modules" timeout 600 \
    node --test --test-reporter=spec "$@"
}

groups=$*
[ -n "$groups" ] || die "which tests? See the head of this script."
mkdir -p "$work"
for program in "$WSLAY_ECHOSERV" "$WSLAY_EPOLL_ECHOSERV" "$WSLAY_CHAT" "$WSLAY_CLIENT"; do
  [ -x "$program" ] || die "missing: $program"
done
provide_tools
failed=0
cd "$here"
for group in $groups; do
  test_group "$group"
done
exit "$failed"
