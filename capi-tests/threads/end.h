/* One end of a connection: a context and the thread that drives it. */
#ifndef THREADS_END_H
#define THREADS_END_H

#include "ring.h"

#include <wslay/wslay.h>

enum role { SERVER, CLIENT };

struct end {
  wslay_event_context_ptr ctx;
  enum role role;
  struct ring *in;
  struct ring *out;
  uint32_t random;
  /* Of the client's messages, how many are queued, and came back. */
  size_t queued;
  size_t echoed;
  size_t pongs;
  int failed;
  /* What the callback of a fragmented message gave of it. */
  size_t fragment_at;
};

#define MESSAGES 12
#define LONGEST_MESSAGE 3000

/* The body of a thread: runs a session to its close, and stores in `failed`
   whether all went as it should. */
void *end_run(void *end);

#endif
