#!/bin/sh
# Checks that each rule of the contract is named by a test: a function that begins
# with the rule's number, as in r3_unmasked_frame_at_a_server.
set -u
cd "$(dirname "$0")/.." || exit 1

numbered() {
  seq "$2" | sed "s/^/$1/"
}

named=$(grep -rhoE '\b[cdefqrs][0-9]+_[a-z0-9_]+' --include='*.c' --include='*.rs' capi-tests src tests)
missing=0
for rule in $(numbered f 6) $(numbered e 3) $(numbered r 11) $(numbered q 7) \
  $(numbered s 11) $(numbered c 3) $(numbered d 15); do
  # A test may name several rules: s2_s5_random_sessions.
  if ! printf '%s\n' "$named" | grep -qE "(^|_)${rule}_"; then
    echo "no test names rule $rule"
    missing=$((missing + 1))
  fi
done
echo "$((56 - missing)) passed, $missing failed"
[ "$missing" -eq 0 ]
