/* Checks that no call of the library goes deeper than 24 KiB on the stack, the
   program's callbacks and the calls inside them included: programs run it in
   small threads and coroutines.

     stack         a table, and "N passed, N failed"
     stack --tsv   situation and bytes with a tab between; with any depth it
   succeeds stack --tsv --wslay-1.1.1   the same without the functions which
   that lacks */
#include <stdio.h>
#include <string.h>

#include "painted_stack.h"
#include "situations.h"

enum { LIMIT = 24 * 1024 };

static const struct situation *const groups[] = {
    event_situations, frame_situations, handshake_situations};

static void run_call(void *argument) {
  const struct situation *situation = argument;
  situation->call();
}

static size_t measure_once(const struct situation *situation) {
  size_t used;
  if (situation->prepare != NULL) {
    situation->prepare();
  }
  used = stack_used_by(run_call, (void *)situation);
  situation->clean_up();
  return used;
}

/* The second time, so that the dynamic linker has found all functions before.
 */
static size_t measure(const struct situation *situation) {
  measure_once(situation);
  return measure_once(situation);
}

static void go_too_deep(void *argument) {
  volatile char room[LIMIT];
  for (size_t i = 0; i < sizeof(room); ++i) {
    room[i] = 0;
  }
  (void)argument;
}

/* That a call of known depth, just above the limit, is measured as what it is.
 */
static int measures_well(void) {
  size_t used = stack_used_by(go_too_deep, NULL);
  printf("%-44s %6lu\n", "too deep a call, to test the measure",
         (unsigned long)used);
  return used > LIMIT && used < LIMIT + 1024;
}

int main(int argc, char **argv) {
  int tsv = argc > 1 && strcmp(argv[1], "--tsv") == 0;
  int wslay_only = argc > 2 && strcmp(argv[2], "--wslay-1.1.1") == 0;
  int passed = 0;
  int failed = 0;
  if (!tsv) {
    ++*(measures_well() ? &passed : &failed);
  }
  for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); ++i) {
    const struct situation *situation;
    for (situation = groups[i]; situation->name != NULL; ++situation) {
      size_t used;
      if (wslay_only && situation->beyond_wslay) {
        continue;
      }
      used = measure(situation);
      printf(tsv ? "%s\t%lu\n" : "%-44s %6lu\n", situation->name,
             (unsigned long)used);
      if (!tsv && used > LIMIT) {
        printf("    FAILED: more than %d bytes\n", LIMIT);
      }
      ++*(used <= LIMIT ? &passed : &failed);
    }
  }
  if (tsv) {
    return 0;
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
