# Prints "passed failed" for one check's output: the sum of the result lines of
# cargo test, pytest, node, and our own C tests and scripts. A check that prints
# none counts as one test. `status`, its exit status, has the last word on whether
# it failed.

/^test result: / {
  passed += $4
  failed += $6
}

/^[0-9]+ (passed|failed).* in [0-9.]+s/ {
  for (i = 1; i < NF; i++) {
    if ($(i + 1) ~ /^passed/)
      passed += $i
    if ($(i + 1) ~ /^failed/)
      failed += $i
  }
}

/^[^ ]+ (pass|fail) [0-9]+$/ {
  if ($2 == "pass")
    passed += $3
  else
    failed += $3
}

/(^|: )[0-9]+ passed, [0-9]+ failed(,|$)/ {
  sub(/.*: /, "")
  passed += $1
  failed += $3
}

END {
  if (status != 0 && failed == 0)
    failed = 1
  if (status == 0 && passed == 0 && failed == 0)
    passed = 1
  print passed + 0, failed + 0
}
