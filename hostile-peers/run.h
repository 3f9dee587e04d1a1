/* Playing a scenario on a library. */
#ifndef HOSTILE_RUN_H
#define HOSTILE_RUN_H

#include "verdict.h"

/* In a process of its own, which a crash does not outlive. `library` may be
   NULL for a scenario that uses none. */
struct result run_apart(const struct scenario *scenario,
                        const struct library *library);

#endif
