#!/bin/bash
# Builds libwslay.a with a sanitizer in it, and in core, and with debug assertions:
# overflow and core's own checks end the program.
#
#   sanitized-library.sh address|thread BUILDDIR [CRATE]
#
# The library is then BUILDDIR/libwslay.a. Needs rustup's nightly toolchain.
set -eu
sanitizer=$1
mkdir -p "$2"
build=$(cd "$2" && pwd)
crate=${3:-$(dirname "$0")/..}
: "${CARGO:=cargo}" "${CARGO_FLAGS=--locked}" "${NIGHTLY:=nightly}"
target=$(rustc -vV | sed -n 's/^host: //p')

rustup -q component add --toolchain "$NIGHTLY" rust-src
cd "$crate"
# A target named, the flags do not reach build scripts.
# shellcheck disable=SC2086 # one word a flag
RUSTFLAGS="-Zsanitizer=$sanitizer" CARGO_TARGET_DIR=$build/target \
  CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_DEBUG=1 \
  CARGO_PROFILE_RELEASE_STRIP=none \
  "$CARGO" "+$NIGHTLY" rustc --quiet --release --lib --crate-type staticlib $CARGO_FLAGS \
  -Zbuild-std=core --target "$target"
cp "$build/target/$target/release/libwslay.a" "$build/libwslay.a"
