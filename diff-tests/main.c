/* Plays the same random sessions on two builds of wslay and stops at the first
   difference that no mask explains.

     diff [--sessions=N] [--seed=N] [--plant=theirs:NAME|ours:NAME] THEIRS OURS
     diff --plants

   A session is decided by its seed: the sessions of a run have the seeds from
   --seed on. Exits with 1 at a difference, which is then played again in words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "masks.h"
#include "plant.h"
#include "session.h"

struct options {
  unsigned long long sessions;
  unsigned long long seed;
  const char *plant;
  const char *paths[BOTH];
};

static void usage(void) {
  fputs("usage: diff [--sessions=N] [--seed=N] [--plant=SIDE:NAME] THEIRS "
        "OURS\n",
        stderr);
  exit(2);
}

/* The value, if the argument is this option. */
static const char *value_of(const char *argument, const char *option) {
  size_t length = strlen(option);
  return strncmp(argument, option, length) == 0 ? argument + length : NULL;
}

static unsigned long long number(const char *text) {
  char *end;
  unsigned long long value = strtoull(text, &end, 10);
  if (*text == '\0' || *end != '\0') {
    usage();
  }
  return value;
}

static struct options parse(int count, char **arguments) {
  struct options options = {100000, 1, NULL, {NULL, NULL}};
  size_t paths = 0;
  for (int i = 1; i < count; i++) {
    const char *argument = arguments[i];
    const char *value;
    if (strcmp(argument, "--plants") == 0) {
      plant_list();
      exit(0);
    } else if ((value = value_of(argument, "--sessions=")) != NULL) {
      options.sessions = number(value);
    } else if ((value = value_of(argument, "--seed=")) != NULL) {
      options.seed = number(value);
    } else if ((value = value_of(argument, "--plant=")) != NULL) {
      options.plant = value;
    } else if (argument[0] == '-' || paths == BOTH) {
      usage();
    } else {
      options.paths[paths++] = argument;
    }
  }
  if (paths != BOTH) {
    usage();
  }
  return options;
}

static void plant_in(struct library libraries[BOTH], const char *where) {
  for (size_t i = 0; i < BOTH; i++) {
    const char *name = value_of(where, libraries[i].name);
    if (name != NULL && *name == ':' && plant(&libraries[i], name + 1)) {
      return;
    }
  }
  fprintf(stderr, "diff: no such plant: %s\n", where);
  exit(2);
}

static bool run(uint64_t seed, const struct library libraries[BOTH],
                struct figures *figures, FILE *trace) {
  /* The seeds of frame sessions are spread among the others. */
  return seed % 8 == 7 ? frame_session_run(seed, libraries, figures, trace)
                       : session_run(seed, libraries, figures, trace);
}

static void print_figures(const struct figures *figures) {
  printf("%12llu  sessions of the event API\n", figures->event_sessions);
  printf("%12llu  sessions of the frame API\n", figures->frame_sessions);
  printf("%12llu  operations\n", figures->operations);
  printf("%12llu  bytes received by each library\n", figures->bytes_received);
  printf("%12llu  bytes sent by each library\n", figures->bytes_sent);
  masks_print(stdout);
}

int main(int count, char **arguments) {
  struct options options = parse(count, arguments);
  struct library libraries[BOTH];
  struct figures figures = {0};
  library_load(&libraries[THEIRS], "theirs", options.paths[THEIRS]);
  library_load(&libraries[OURS], "ours", options.paths[OURS]);
  if (options.plant != NULL) {
    plant_in(libraries, options.plant);
  }
  for (unsigned long long i = 0; i < options.sessions; i++) {
    uint64_t seed = options.seed + i;
    if (!run(seed, libraries, &figures, NULL)) {
      printf("DIFFERENCE in the session of seed %llu:\n",
             (unsigned long long)seed);
      run(seed, libraries, &figures, stdout);
      return 1;
    }
  }
  print_figures(&figures);
  return 0;
}
