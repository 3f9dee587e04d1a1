#!/bin/sh
# Installs Autobahn's test suite into DIR/suite, a virtual environment of Python
# 2.7, the last that it runs on.
#
#   install-suite.sh DIR
#
# PYTHON27 names the interpreter; else it is sought on PATH and in pyenv's place.
# Where there is none, root gets the distribution's package, or on a later Debian
# that of release 11, the last to have one.
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

# apt-get with Debian 11 beside the system's own sources.
apt_get_debian11() {
  apt-get -q -o Dir::Etc::sourcelist=- -o Dir::Etc::sourceparts="$dir/apt/sources" \
    -o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache" "$@"
}

# The release comes from the mirror in use.
prepare_debian11() {
  keys=/usr/share/keyrings/debian-archive-keyring.gpg
  # shellcheck disable=SC2016 # apt's own variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' |
    head -n 1)
  [ -n "$mirror" ] && [ -e "$keys" ] || return
  mkdir -p "$dir/apt/sources" "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
  cp /etc/apt/sources.list /etc/apt/sources.list.d/* "$dir/apt/sources/"
  echo "deb [signed-by=$keys] $mirror bullseye main" >"$dir/apt/sources/debian11.list"
  apt_get_debian11 update
}

# wsaccel is compiled, so the headers are needed, too. What Debian 11 has is
# installed beside the libraries of a later release, and replaces none.
install_python27() {
  [ "$(id -u)" = 0 ] && command -v apt-get || return
  export DEBIAN_FRONTEND=noninteractive
  set -- install -y --no-install-recommends --no-remove python2.7 python2.7-dev
  apt-get -q update
  apt-get -q "$@" || { prepare_debian11 && apt_get_debian11 "$@"; }
  rm -rf "$dir/apt"
}

# The last virtualenv that makes environments of Python 2.7.
install_suite() {
  rm -rf "$suite" "$dir/tools"
  python3 -m venv "$dir/tools" &&
    "$dir/tools/bin/pip" install virtualenv==20.21.1 distlib==0.4.4 filelock==3.32.7 \
      platformdirs==3.11.0 &&
    "$dir/tools/bin/virtualenv" -p "$1" "$suite" &&
    "$suite/bin/pip" install --no-deps -r "$here/requirements.txt" &&
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
