/* A session: random operations on both libraries, compared after each. */
#ifndef DIFF_SESSION_H
#define DIFF_SESSION_H

#include <stdio.h>

#include "library.h"

/* What has been tried, summed over all sessions. */
struct figures {
  unsigned long long event_sessions;
  unsigned long long frame_sessions;
  unsigned long long operations;
  unsigned long long bytes_received;
  unsigned long long bytes_sent;
};

/* Runs the session of a seed. False if the libraries differ. With `trace` not
   NULL, the operations and, at a difference, both observations are printed. */
bool session_run(uint64_t seed, const struct library libraries[BOTH],
                 struct figures *figures, FILE *trace);
/* The same for the frame API: frame_session.c. */
bool frame_session_run(uint64_t seed, const struct library libraries[BOTH],
                       struct figures *figures, FILE *trace);

#endif
