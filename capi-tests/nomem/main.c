/* Runs every session again and again: first with all the memory it wants, then
   with allocation 1, 2, 3 ... refused, alone or with all behind it, until a run
   asks for no memory that it is refused. Each series has a process of its own,
   which a crash does not outlive.

   An argument is a part of the names of the series to run. */
#define _DEFAULT_SOURCE
#include "sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_A_SERIES 120

/* What the process of a series tells. */
struct progress {
  size_t point; /* the allocation refused now */
  size_t lacks;
};

static struct progress *progress;

/* A whole run must tell what the first told; one in which recv lacked memory,
   or that had none for its context, the beginning of it. */
static void compare(struct session *session, const struct session *first) {
  size_t logged = session->log.length;
  int cut_short = session->recv_lacked_memory || session->recv_calls == 0;
  CHECK(session, logged == first->log.length ||
                     (cut_short && logged < first->log.length));
  CHECK(session, logged <= first->log.length &&
                     (logged == 0 ||
                      memcmp(session->log.at, first->log.at, logged) == 0));
}

/* With one refusal that every call got over, also the bytes are the same. */
static void compare_output(struct session *session,
                           const struct session *first) {
  CHECK(session, session->log.length == first->log.length);
  CHECK(session, session->output.length == first->output.length &&
                     (first->output.length == 0 ||
                      memcmp(session->output.at, first->output.at,
                             first->output.length) == 0));
}

static void run(struct session *session, const struct play *play,
                enum role role, size_t point, int onwards) {
  memset(session, 0, sizeof(*session));
  session->role = role;
  session->way = play->way;
  session->variant = play->variant;
  alloc_plan(point, onwards);
  play->run(session);
  finish(session);
}

static void discard(struct session *session) {
  bytes_free(&session->output);
  bytes_free(&session->data_model);
  bytes_free(&session->control_model);
  bytes_free(&session->log);
}

/* Not 0 if it failed. */
static int run_series(const struct play *play, enum role role, int onwards) {
  struct session first;
  struct session session;
  int failed;
  int refused;
  run(&first, play, role, 0, 0);
  failed = first.failed;
  do {
    ++progress->point;
    run(&session, play, role, progress->point, onwards);
    refused = session.refused > 0;
    compare(&session, &first);
    if (!onwards && !session.recv_lacked_memory && play->way == BY_SEND) {
      compare_output(&session, &first);
    }
    progress->lacks += session.lacks;
    failed |= session.failed;
    discard(&session);
  } while (refused && !failed);
  discard(&first);
  if (!failed) {
    --progress->point;
  }
  return failed;
}

static int run_apart(const struct play *play, enum role role, int onwards) {
  int status = -1;
  pid_t child;
  memset(progress, 0, sizeof(*progress));
  fflush(NULL);
  child = fork();
  if (child == 0) {
    alarm(SECONDS_A_SERIES);
    exit(run_series(play, role, onwards));
  }
  if (child < 0 || waitpid(child, &status, 0) != child) {
    return 1;
  }
  if (WIFSIGNALED(status)) {
    fprintf(stderr, "  died of signal %d\n", WTERMSIG(status));
  }
  return status != 0;
}

struct totals {
  size_t passed;
  size_t failed;
  size_t points;
  size_t lacks;
};

static void run_play(const struct play *play, const char *filter,
                     struct totals *totals) {
  static const char *const ways[] = {"send", "write", "turns"};
  char name[128];
  size_t points = 0;
  int i;
  snprintf(name, sizeof(name), "%s, %s, %d", play->name, ways[play->way],
           play->variant);
  if (filter != NULL && strstr(name, filter) == NULL) {
    return;
  }
  for (i = 0; i < 4; ++i) {
    enum role role = i % 2 == 0 ? SERVER : CLIENT;
    int onwards = i / 2;
    int failed = run_apart(play, role, onwards);
    /* A series in which nothing is refused, or noticed, tests nothing. */
    failed |= progress->point == 0 || progress->lacks == 0;
    if (failed) {
      fprintf(stderr, "  FAILED as %s, allocation %lu%s\n",
              role == SERVER ? "server" : "client",
              (unsigned long)progress->point, onwards ? " and on" : "");
    }
    totals->failed += failed != 0;
    totals->passed += failed == 0;
    totals->lacks += progress->lacks;
    points += progress->point;
  }
  totals->points += points;
  printf("%-46s %5lu allocation points\n", name, (unsigned long)points);
}

int main(int argc, char **argv) {
  static const struct play *const groups[] = {frame_plays, send_plays,
                                              recv_plays, handshake_plays};
  struct totals totals = {0, 0, 0, 0};
  const struct play *play;
  size_t i;
  progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (progress == MAP_FAILED) {
    return 1;
  }
  for (i = 0; i < sizeof(groups) / sizeof(groups[0]); ++i) {
    for (play = groups[i]; play->name != NULL; ++play) {
      run_play(play, argc > 1 ? argv[1] : NULL, &totals);
    }
  }
  printf("%lu allocation points tried, NOMEM reported %lu times\n",
         (unsigned long)totals.points, (unsigned long)totals.lacks);
  printf("%lu passed, %lu failed\n", (unsigned long)totals.passed,
         (unsigned long)totals.failed);
  return totals.failed != 0 || totals.passed == 0;
}
