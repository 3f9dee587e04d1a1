/* A scenario, one playing of it, and what is measured meanwhile. */
#ifndef HOSTILE_PLAY_H
#define HOSTILE_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../diff-tests/library.h"

struct figures {
  size_t connections;
  uint64_t bytes_in;     /* taken by the recv callbacks */
  uint64_t bytes_queued; /* as frames, by the program */
  uint64_t bytes_out;    /* taken by the send callbacks */
  size_t calls;          /* of functions of the library, and callbacks by it */
  size_t messages;       /* reported by it */
  size_t most_queued;    /* the largest queued_msg_count seen */
  size_t queued_by_program; /* messages */
  size_t peak;              /* heap bytes at the worst moment */
  size_t held;              /* heap bytes when all is over, before the frees */
  size_t leaked;            /* heap bytes after them */
  size_t moved;             /* bytes copied by realloc at the worst */
  double seconds;           /* of the processor's time */
};

struct scenario;

struct play {
  const struct library *library;
  const struct scenario *scenario;
  size_t n;
  struct figures figures;
  char complaint[160];
  bool absent; /* the library lacks what is played */
  /* As they were at play_begin(). */
  size_t heap_before;
  size_t moved_before;
  double began;
};

/* What a scenario may take, beside the working memory of one call and a little
   for each connection (see verdict.c). */
struct limits {
  unsigned peak_per_byte; /* of bytes_in and bytes_queued */
  size_t held;            /* at the end, whatever was received */
  unsigned held_per_byte;
};

struct scenario {
  const char *name;
  void (*run)(struct play *play);
  size_t n;          /* it is played with n and with 4n */
  uint64_t argument; /* for the scenario's own use */
  struct limits limits;
};

/* Each ends with an entry without a name. */
extern const struct scenario announced_lengths[];
extern const struct scenario fragments[];
extern const struct scenario pings[];
extern const struct scenario trickles[];
extern const struct scenario sending[];
extern const struct scenario endings[];
extern const struct scenario handshakes[];

/* What a scenario does between these two is measured; all memory that it needs
   itself must be there before. */
void play_begin(struct play *play);
void play_end(struct play *play);
/* Keeps the first complaint, if `holds` is false. */
void play_expect(struct play *play, bool holds, const char *what);
void play_saw_queue(struct play *play, size_t queued_count);

#endif
