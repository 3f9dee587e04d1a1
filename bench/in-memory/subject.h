/* What is measured: something that plays the frames of a burst. */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include <stdbool.h>

#include "frames.h"

enum role { ECHO, SEND };

struct run {
  const struct frames *frames;
  /* A server that echoes the client's frames, or a client that sends. */
  enum role role;
  /* One message for each call, instead of the whole burst. */
  bool single;
};

/*
 * Each plays the burst `times` times. The wslay functions begin with a context
 * of their own, and end the program if not all bytes come out.
 */
void wslay_play(const struct run *run, size_t times);
void floor_play(const struct run *run, size_t times);

/* Each plays the burst once and ends the program if what comes out is wrong. */
void wslay_verify(const struct run *run);
void floor_verify(const struct run *run);

#endif
