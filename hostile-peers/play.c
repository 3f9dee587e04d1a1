/* Measuring between the begin and the end of a play. */
#include "play.h"

#include <stdio.h>
#include <time.h>

#include "heap.h"

static double processor_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void play_begin(struct play *play) {
  heap_forget_peak();
  play->heap_before = heap_now().live;
  play->moved_before = heap_now().moved;
  play->began = processor_seconds();
}

void play_end(struct play *play) {
  struct heap heap = heap_now();
  play->figures.seconds = processor_seconds() - play->began;
  play->figures.peak = heap.peak - play->heap_before;
  play->figures.held = heap.live - play->heap_before;
  play->figures.moved = heap.moved - play->moved_before;
}

void play_expect(struct play *play, bool holds, const char *what) {
  if (!holds && play->complaint[0] == '\0') {
    snprintf(play->complaint, sizeof play->complaint, "%s", what);
  }
}

void play_saw_queue(struct play *play, size_t queued_count) {
  if (queued_count > play->figures.most_queued) {
    play->figures.most_queued = queued_count;
  }
}
