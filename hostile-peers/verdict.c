/* The limits, and where a result exceeds them. */
#include "verdict.h"

/* One call's buffers, whatever the number of connections. */
#define WORKING_MEMORY ((uint64_t)32 * 1024)
/* A context, and what an allocator adds to it. */
#define A_CONNECTION ((uint64_t)512)
/* The program's own messages apart, so many may wait. */
#define MOST_ANSWERS 256
/* Between a size and four times that: four is linear, sixteen quadratic. */
#define MOST_GROWTH 8

static uint64_t bytes_of(const struct figures *figures) {
  return figures->bytes_in + figures->bytes_queued;
}

uint64_t peak_limit(const struct limits *limits,
                    const struct figures *figures) {
  return WORKING_MEMORY + A_CONNECTION * figures->connections + limits->held +
         limits->peak_per_byte * bytes_of(figures);
}

static uint64_t held_limit(const struct limits *limits,
                           const struct figures *figures) {
  return A_CONNECTION * figures->connections + limits->held +
         limits->held_per_byte * bytes_of(figures);
}

double time_ratio(const struct result *result) {
  return result->large.seconds / result->small.seconds;
}

static enum verdict judge_play(const struct limits *limits,
                               const struct figures *figures) {
  if (figures->peak > peak_limit(limits, figures)) {
    return PEAK;
  }
  if (figures->held > held_limit(limits, figures)) {
    return HELD_TOO_MUCH;
  }
  if (figures->leaked > 0) {
    return LEAKED;
  }
  if (figures->most_queued > MOST_ANSWERS + figures->queued_by_program) {
    return QUEUE;
  }
  return GOOD;
}

/* What is moved once or twice is not quadratic, whatever the small size did. */
static bool moves_grow(const struct result *result) {
  return result->large.moved >
             2 * (WORKING_MEMORY + bytes_of(&result->large)) &&
         result->large.moved > MOST_GROWTH * result->small.moved;
}

enum verdict judge(const struct scenario *scenario,
                   const struct result *result) {
  if (result->died) {
    return DIED;
  }
  if (result->absent) {
    return ABSENT;
  }
  if (result->complaint[0] != '\0') {
    return OUTCOME;
  }
  enum verdict verdict = judge_play(&scenario->limits, &result->small);
  if (verdict == GOOD) {
    verdict = judge_play(&scenario->limits, &result->large);
  }
  if (verdict == GOOD && moves_grow(result)) {
    verdict = MOVED;
  }
  if (verdict == GOOD && time_ratio(result) > MOST_GROWTH) {
    verdict = TIME;
  }
  return verdict;
}

const char *verdict_name(enum verdict verdict) {
  static const char *const names[] = {"good",  "absent", "died", "outcome",
                                      "peak",  "held",   "leak", "queue",
                                      "moves", "time"};
  return names[verdict];
}
