/* Plays what hostile and broken peers do on two builds of wslay, and fails
   where the second, ours, exceeds a limit of verdict.c. The first, C wslay, is
   there to compare with: it may exceed what it likes.

     hostile-peers [--only=WORD] [--tsv=FILE] THEIRS OURS
     hostile-peers --self-test   shows that each limit is seen to be exceeded */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planted.h"
#include "report.h"
#include "run.h"

struct options {
  const char *only;
  FILE *tsv;
  const char *paths[2];
};

static const struct {
  const char *name;
  const struct scenario *scenarios;
} groups[] = {
    {"Much is announced, little comes", announced_lengths},
    {"Messages in pieces", fragments},
    {"Pings", pings},
    {"A byte at a time", trickles},
    {"Slow readers and long queues", sending},
    {"Endings", endings},
    {"Opening handshakes", handshakes},
};

static int finish(size_t passed, size_t failed) {
  printf("%zu passed, %zu failed\n", passed, failed);
  return failed > 0 || passed == 0;
}

static int self_test(void) {
  size_t failed = 0;
  for (size_t i = 0; i < planted_count; i++) {
    const struct planted *fault = &planted[i];
    struct result result = run_apart(&fault->scenario, NULL);
    enum verdict verdict = judge(&fault->scenario, &result);
    printf("%-20s found as %s\n", fault->scenario.name, verdict_name(verdict));
    if (verdict != fault->due) {
      printf("    FAILED: it is due as %s\n", verdict_name(fault->due));
      failed++;
    }
  }
  return finish(planted_count - failed, failed);
}

static struct options read_options(int argc, char **argv) {
  struct options options = {NULL, NULL, {NULL, NULL}};
  int paths = 0;
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], "--only=", 7) == 0) {
      options.only = argv[i] + 7;
    } else if (strncmp(argv[i], "--tsv=", 6) == 0) {
      options.tsv = fopen(argv[i] + 6, "w");
    } else if (paths < 2) {
      options.paths[paths++] = argv[i];
    }
  }
  if (paths < 2) {
    fputs("hostile-peers [--only=WORD] [--tsv=FILE] THEIRS OURS\n", stderr);
    exit(2);
  }
  return options;
}

int main(int argc, char **argv) {
  struct library theirs;
  struct library ours;
  size_t passed = 0;
  size_t failed = 0;
  if (argc > 1 && strcmp(argv[1], "--self-test") == 0) {
    return self_test();
  }
  struct options options = read_options(argc, argv);
  library_load(&theirs, "C wslay", options.paths[0]);
  library_load(&ours, "ours", options.paths[1]);
  if (options.tsv != NULL) {
    report_tsv(options.tsv, NULL, NULL, NULL);
  }
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
    report_head(groups[i].name);
    for (const struct scenario *scenario = groups[i].scenarios;
         scenario->name != NULL; scenario++) {
      if (options.only != NULL &&
          strstr(scenario->name, options.only) == NULL) {
        continue;
      }
      struct result their_result = run_apart(scenario, &theirs);
      struct result our_result = run_apart(scenario, &ours);
      report(scenario, &their_result, &our_result);
      if (options.tsv != NULL) {
        if (!their_result.absent) {
          report_tsv(options.tsv, scenario, "C wslay", &their_result);
        }
        report_tsv(options.tsv, scenario, "ours", &our_result);
      }
      bool good = judge(scenario, &our_result) == GOOD;
      passed += good;
      failed += !good;
    }
  }
  return finish(passed, failed);
}
