/* What is asked of a library in every scenario. */
#ifndef HOSTILE_VERDICT_H
#define HOSTILE_VERDICT_H

#include "play.h"

/* A scenario's two sizes on one library. Of several times, the best is kept. */
struct result {
  struct figures small;
  struct figures large;
  char complaint[sizeof(((struct play *)NULL)->complaint)];
  bool absent;
  bool died;
};

enum verdict {
  GOOD,
  ABSENT,        /* the library lacks what the scenario is about */
  DIED,          /* of a signal, or took too long */
  OUTCOME,       /* the library did not do what the scenario expects */
  PEAK,          /* more memory at one moment than is in proportion */
  HELD_TOO_MUCH, /* the same at the end */
  LEAKED,
  QUEUE, /* more Pongs wait than may */
  MOVED, /* bytes are copied again and again */
  TIME,  /* four times the size takes far more than four times the time */
};

/* The most that a play may have taken at one moment, in bytes. */
uint64_t peak_limit(const struct limits *limits, const struct figures *figures);
double time_ratio(const struct result *result);
enum verdict judge(const struct scenario *scenario,
                   const struct result *result);
/* A word for the tables. */
const char *verdict_name(enum verdict verdict);

#endif
