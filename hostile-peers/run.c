/* Each size is played several times, in turns. Heap figures are the same every
   time; of the times the best counts, for what disturbs a machine only adds. */
#define _DEFAULT_SOURCE
#include "run.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "heap.h"

enum {
  FACTOR = 4, /* between the two sizes */
  ROUNDS = 3,
  MORE_ROUNDS = 12, /* while the times look wrong */
  SECONDS_AT_MOST = 60
};

static void play_once(const struct scenario *scenario,
                      const struct library *library, size_t n,
                      struct figures *best, struct result *result) {
  struct play play;
  size_t heap_before = heap_now().live;
  double seconds = best->seconds;
  memset(&play, 0, sizeof play);
  play.library = library;
  play.scenario = scenario;
  play.n = n;
  scenario->run(&play);
  play.figures.leaked = heap_now().live - heap_before;
  *best = play.figures;
  if (seconds > 0 && seconds < best->seconds) {
    best->seconds = seconds;
  }
  if (result->complaint[0] == '\0') {
    memcpy(result->complaint, play.complaint, sizeof play.complaint);
  }
  result->absent = play.absent;
}

static void play_rounds(const struct scenario *scenario,
                        const struct library *library, struct result *result) {
  for (int round = 0; round < ROUNDS ||
                      (round < MORE_ROUNDS && judge(scenario, result) == TIME);
       round++) {
    play_once(scenario, library, scenario->n, &result->small, result);
    play_once(scenario, library, FACTOR * scenario->n, &result->large, result);
  }
}

/* Memory once mapped stays so: what the kernel does for a page is no part of
   what is measured. */
static void keep_pages(void) {
  mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

static void *shared_memory(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("hostile-peers");
    exit(2);
  }
  return memory;
}

struct result run_apart(const struct scenario *scenario,
                        const struct library *library) {
  struct result *shared = shared_memory(sizeof *shared);
  int status = -1;
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    alarm(SECONDS_AT_MOST);
    keep_pages();
    play_rounds(scenario, library, shared);
    _exit(0);
  }
  if (child < 0 || waitpid(child, &status, 0) != child) {
    perror("hostile-peers");
    exit(2);
  }
  struct result result = *shared;
  result.died = status != 0;
  munmap(shared, sizeof *shared);
  return result;
}
