#!/bin/sh
# Unpacks the distribution's packages of C wslay under DIR, without installing
# them: DIR/include has the headers, DIR/lib the library.
#
#   fetch-packaged-wslay.sh DIR
set -eu
dir=$1
if ! command -v apt-get >/dev/null; then
  echo "fetch-packaged-wslay: needs a Debian-like system (apt-get, dpkg)" >&2
  exit 1
fi
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"
# apt says that root's directory is closed to its own download user: no matter.
apt-get -q download libwslay1 libwslay-dev
for package in *.deb; do
  dpkg -x "$package" root
done
ln -s root/usr/include include
ln -s "$(dirname "$(find root -name libwslay.so)")" lib
