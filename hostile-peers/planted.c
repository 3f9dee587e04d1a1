/* Faults that a library could have, to show that each of them is found. */
#include "planted.h"

#include <stdlib.h>
#include <string.h>

static uint8_t bytes[1 << 20];

/* Looks again at all that came before, with each new byte. */
static void quadratic_time(struct play *play) {
  play_begin(play);
  for (size_t i = 0; i < play->n; i++) {
    memset(bytes, (int)i, i * 16);
  }
  play->figures.bytes_in = play->n;
  play->figures.connections = 1;
  play_end(play);
}

static void grow(struct play *play, size_t step) {
  uint8_t *memory = NULL;
  play_begin(play);
  for (size_t i = 0; i < play->n; i += step) {
    memory = realloc(memory, i + step);
  }
  play->figures.bytes_in = play->n;
  play_end(play);
  free(memory);
}

static void growth_by_64_bytes(struct play *play) {
  grow(play, 64);
}

static void memory_for_more(struct play *play) {
  play_begin(play);
  free(malloc(play->n * 10));
  play->figures.bytes_in = play->n;
  play_end(play);
}

static void memory_kept(struct play *play) {
  play_begin(play);
  void *memory = malloc(play->n);
  play->figures.bytes_in = play->n;
  play_end(play);
  free(memory);
}

static void memory_lost(struct play *play) {
  static void *lost;
  play_begin(play);
  play_end(play);
  lost = malloc(play->n);
  (void)lost;
}

static void endless_queue(struct play *play) {
  play_begin(play);
  for (size_t i = 0; i < play->n; i++) {
    play_saw_queue(play, i + 1);
  }
  play_end(play);
}

static void crash(struct play *play) {
  play_begin(play);
  abort();
}

static void wrong_outcome(struct play *play) {
  play_begin(play);
  play_expect(play, false, "nothing works");
  play_end(play);
}

#define ALL_GONE                                                               \
  { 6, 0, 0 }
#define HELD                                                                   \
  { 6, 0, 6 }

const struct planted planted[] = {
    {{"quadratic time", quadratic_time, 4000, 0, HELD}, TIME},
    {{"growth by 64 bytes", growth_by_64_bytes, 1 << 18, 0, HELD}, MOVED},
    {{"memory for more", memory_for_more, 1 << 18, 0, HELD}, PEAK},
    {{"memory kept", memory_kept, 1 << 18, 0, ALL_GONE}, HELD_TOO_MUCH},
    {{"memory lost", memory_lost, 1 << 18, 0, HELD}, LEAKED},
    {{"an endless queue", endless_queue, 1000, 0, HELD}, QUEUE},
    {{"a crash", crash, 1, 0, HELD}, DIED},
    {{"a wrong outcome", wrong_outcome, 1, 0, HELD}, OUTCOME},
};
const size_t planted_count = sizeof planted / sizeof *planted;
