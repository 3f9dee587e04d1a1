/*
 * Plays one case under callgrind, which counts the instructions.
 *
 *   instructions CASE      prints the messages of one play; the counts are in
 *                          callgrind's output
 *   instructions --list    prints the cases
 *
 * Only PLAYS plays of the case are counted, after some to warm up: no start of
 * the program, no opening of the session. The count depends on nothing but the
 * library, libc, the compiler of this program and the processor that valgrind
 * shows to them.
 */
#include <alloca.h>
#include <stdio.h>
#include <string.h>

#include <valgrind/callgrind.h>

#include "cases.h"

enum { WARM_UP_PLAYS = 2, PLAYS = 4 };

static void play(struct session *session, const struct test_case *test_case) {
  session->messages = 0;
  session->sent = 0;
  test_case->play(session);
  if (session->messages != session->count * test_case->messages ||
      session->sent != session->count * test_case->sent) {
    fprintf(stderr, "instructions: %s: %zu messages and %zu bytes came out\n",
            test_case->name, session->messages, session->sent);
    fail("wrong number of messages or bytes", (long)session->count);
  }
}

static void run(const struct test_case *test_case) {
  struct session session;
  int i;
  session_open(&session, &test_case->opening);
  for (i = 0; i < WARM_UP_PLAYS; i++) {
    play(&session, test_case);
  }
  CALLGRIND_TOGGLE_COLLECT;
  for (i = 0; i < PLAYS; i++) {
    play(&session, test_case);
  }
  CALLGRIND_TOGGLE_COLLECT;
  printf("%zu\n", PLAYS * session.count);
  session_close(&session);
}

/*
 * The stack begins below the environment and the arguments: it is taken down to
 * where a page begins, because memcpy's instructions depend on how its bytes
 * are aligned.
 */
static void run_on_aligned_stack(const struct test_case *test_case) {
  enum { PAGE = 4096 };
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  volatile char *room = alloca(here % PAGE + PAGE);
  room[0] = 0;
  run(test_case);
}

int main(int argc, char **argv) {
  size_t i;
  if (argc != 2) {
    fprintf(stderr, "usage: instructions CASE | --list\n");
    return 2;
  }
  for (i = 0; i < case_count; i++) {
    if (strcmp(argv[1], "--list") == 0) {
      puts(cases[i].name);
    } else if (strcmp(argv[1], cases[i].name) == 0) {
      run_on_aligned_stack(&cases[i]);
      return 0;
    }
  }
  return strcmp(argv[1], "--list") == 0 ? 0 : 2;
}
