#!/bin/bash
# Installs what `make check` needs and does not find, if it may (root, on a system
# with apt); otherwise names what is missing and fails.
set -u

# One line a Debian package: its name, then a command that succeeds if what the
# tests want from it is there.
needs='
gcc            command -v gcc
g++            command -v g++
clang          command -v clang
clang-format   command -v clang-format
cmake          command -v cmake
pkg-config     command -v pkg-config
binutils       command -v readelf
valgrind       command -v valgrind
shellcheck     command -v shellcheck
mandoc         command -v mandoc
man-db         man --version
python3        command -v python3
python3-venv   python3 -c "import ensurepip, venv"
nodejs         node --test --version
npm            command -v npm
libcmocka-dev  has_header cmocka.h
debhelper      command -v dh
lintian        command -v lintian
mmdebstrap     command -v mmdebstrap
meson          command -v meson
abigail-tools  command -v abidiff
libclang-rt-14-dev  has_sanitizers
nettle-dev     has_header nettle/sha1.h
libssl-dev     has_header openssl/ssl.h
'

has_header() {
  printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>
#include <setjmp.h>\n#include <%s>\n' "$1" | ${CC:-cc} -E - 
}

# A program with clang's sanitizers, which Debian packages apart.
has_sanitizers() {
  echo 'int main(void) { return 0; }' | clang -fsanitize=address,undefined -x c - -o /dev/null
}

missing_packages() {
  while read -r package command; do
    [ -z "$package" ] || eval "$command" >/dev/null 2>&1 </dev/null || echo "$package"
  done <<<"$needs"
}

# rustup itself is not ours to install.
for tool in cargo rustup; do
  command -v $tool >/dev/null || {
    echo "install-test-tools: $tool is missing: see https://rustup.rs" >&2
    exit 1
  }
done
for component in rustfmt clippy; do
  cargo ${component#rust} --version >/dev/null 2>&1 || rustup component add $component || exit
done

mapfile -t missing < <(missing_packages)
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -q update && apt-get -q install -y --no-install-recommends "${missing[@]}"; } \
    >/dev/null
  mapfile -t missing < <(missing_packages)
fi
[ ${#missing[@]} -eq 0 ] || {
  echo "install-test-tools: missing (by their Debian names): ${missing[*]}" >&2
  exit 1
}
