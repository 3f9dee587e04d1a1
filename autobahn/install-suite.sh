#!/bin/sh
# Installs Autobahn's test suite into DIR/suite, a virtual environment of Python
# 2.7, the last that it runs on.
#
#   install-suite.sh DIR
#
# PYTHON27 names the interpreter; else it is sought on PATH and in pyenv's place,
# and then, as root, among the distribution's packages. There may be none: Debian
# has had none since its release 12.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
suite=$dir/suite

die() {
  echo "autobahn: $*" >&2
  exit 1
}

# Prints the first of its arguments that is a Python 2.7.
first_python27() {
  for python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (2, 7))' 2>/dev/null; then
      command -v "$python"
      return
    fi
  done
  return 1
}

find_python27() {
  first_python27 ${PYTHON27:+"$PYTHON27"} python2.7 python2 \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/2.7*/bin/python2.7
}

has_candidate() {
  apt-cache policy "$1" | grep -q 'Candidate: [0-9]'
}

# wsaccel is compiled, so the headers are needed, too.
install_python27() {
  [ "$(id -u)" = 0 ] && command -v apt-get || return
  apt-get -q update
  if has_candidate python2.7-dev; then
    apt-get -q install -y --no-install-recommends python2.7 python2.7-dev
  fi
}

install_suite() {
  rm -rf "$suite" "$dir/tools"
  python3 -m venv "$dir/tools"
  # The last virtualenv that makes environments of Python 2.7.
  "$dir/tools/bin/pip" install virtualenv==20.21.1 distlib==0.4.4 filelock==3.32.7 \
    platformdirs==3.11.0
  "$dir/tools/bin/virtualenv" -p "$1" "$suite"
  "$suite/bin/pip" install --no-deps -r "$here/requirements.txt"
  "$suite/bin/wstest" --autobahnversion
}

stamp=$dir/requirements.done
if cmp -s "$here/requirements.txt" "$stamp"; then
  exit
fi
rm -f "$stamp"
if ! python27=$(find_python27); then
  install_python27 >"$dir/apt.log" 2>&1 || true
  python27=$(find_python27) ||
    die "no Python 2.7, which the test suite needs: name one in PYTHON27"
fi
echo "Installing Autobahn's test suite for $python27"
install_suite "$python27" >"$dir/install.log" 2>&1 || {
  cat "$dir/install.log" >&2
  die "the test suite could not be installed"
}
cp "$here/requirements.txt" "$stamp"
