#!/bin/sh
# Shows that `diff` finds what it should: plants each change in either library, and
# fails if a run ends without a difference, or with anything but one.
#
#   planted.sh DIFF THEIRS OURS
set -u
diff=$1
theirs=$2
ours=$3
found=0
missed=0
for plant in $("$diff" --plants); do
  for side in theirs ours; do
    output=$("$diff" --sessions=20000 --plant="$side:$plant" "$theirs" "$ours")
    status=$?
    # The status, and the words: a program that can't run fails too.
    case $status:$output in
    1:DIFFERENCE*"They differ in"*) found=$((found + 1)) ;;
    *)
      missed=$((missed + 1))
      echo "planted: $side:$plant was not found (status $status)" >&2
      ;;
    esac
  done
done
echo "$found planted changes found, $missed missed"
[ "$missed" -eq 0 ] && [ "$found" -gt 0 ]
