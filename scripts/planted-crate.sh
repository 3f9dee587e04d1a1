#!/bin/sh
# Copies the crate to DIR, with the Rust line LINE at the start of
# wslay_event_config_set_allowed_rsv_bits, where C's argument `rsv` reaches it: for
# checks of what such a line would do to the library.
#
#   planted-crate.sh DIR LINE
set -eu
dir=$1
line=$2
source=$(dirname "$0")/..
rm -rf "$dir"
mkdir -p "$dir"
cp -r "$source/Cargo.toml" "$source/Cargo.lock" "$source/build.rs" "$source/src" \
  "$source/tests" "$source/README.md" "$dir"
awk -v line="$line" '{ print }
  /fn wslay_event_config_set_allowed_rsv_bits/ { print "    " line; found = 1 }
  END { exit !found }' "$source/src/capi/event/context.rs" >"$dir/src/capi/event/context.rs"
