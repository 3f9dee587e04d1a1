/*
 * Measures one case of one library in memory.
 *
 *   in-memory SUBJECT ROLE KIND SIZE MODE DIR MILLISECONDS ROUNDS
 *
 * SUBJECT is wslay or floor, ROLE echo or send, MODE burst or single; DIR has
 * the frames (wire.py). Checks what comes out, then prints the nanoseconds a
 * message took in each of ROUNDS rounds of about MILLISECONDS.
 */
#include "subject.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wslay/wslay.h>

typedef void (*play_function)(const struct run *, size_t);

/* Processor time: the subjects wait for nothing, and other processes do not
 * count. */
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double measure(play_function play, const struct run *run, size_t times) {
  double start = now();
  play(run, times);
  return now() - start;
}

/* How often the burst has to be played to take as long as `nanoseconds`. */
static size_t calibrate(play_function play, const struct run *run,
                        double nanoseconds) {
  size_t times = 1;
  double taken;
  while ((taken = measure(play, run, times)) < nanoseconds / 2) {
    times *= 2;
  }
  times = (size_t)((double)times * nanoseconds / taken);
  return times == 0 ? 1 : times;
}

/* Says on standard error which library this is. */
static void name_library(void) {
  Dl_info info;
  int (*function)(wslay_event_context_ptr) = wslay_event_recv;
  void *address;
  memcpy(&address, &function, sizeof address);
  if (dladdr(address, &info) != 0) {
    fprintf(stderr, "%s\n", info.dli_fname);
  }
}

int main(int argc, char **argv) {
  struct frames frames;
  struct run run = {&frames, ECHO, false};
  play_function play;
  size_t times;
  int round;
  if (argc != 9) {
    fprintf(stderr, "usage: in-memory wslay|floor echo|send KIND SIZE "
                    "burst|single DIR MILLISECONDS ROUNDS\n");
    return 2;
  }
  run.role = strcmp(argv[2], "send") == 0 ? SEND : ECHO;
  run.single = strcmp(argv[5], "single") == 0;
  frames_read(&frames, argv[6], argv[3], strtoul(argv[4], NULL, 10));
  if (strcmp(argv[1], "floor") == 0) {
    floor_verify(&run);
    play = floor_play;
  } else {
    name_library();
    wslay_verify(&run);
    play = wslay_play;
  }
  times = calibrate(play, &run, atof(argv[7]) * 1e6);
  for (round = atoi(argv[8]); round > 0; round--) {
    printf("%.2f\n",
           measure(play, &run, times) / (double)times / (double)frames.count);
  }
  free(frames.client);
  free(frames.server);
  return 0;
}
