/* Comparing what the two sides have shown since the last time. */
#ifndef DIFF_COMPARE_H
#define DIFF_COMPARE_H

#include "library.h"
#include "side.h"

enum verdict {
  SAME,
  DIFFERENT,
  /* They differ by a deviation after which a session can't be compared. */
  ENDS_MASKED
};

/* How far a session is with D2: see mask_d2_... */
enum d2 {
  D2_NOT,
  /* A malformed frame has come; the Close may not be sent yet. */
  D2_WAITING,
  /* The two Closes are out, and differed as they should. */
  D2_SENT,
  /* A Close of the program's own went before: they stay where they are (Q7). */
  D2_UNSENT
};

struct comparison {
  enum d2 d2;
  /* Where the first difference is, for the report. */
  size_t event;
  const char *what;
};

enum verdict compare_sides(struct comparison *comparison,
                           const struct side sides[BOTH]);
/* At a session's end: the calls of read callbacks. */
enum verdict compare_sources(struct comparison *comparison,
                             const struct side sides[BOTH]);
void compare_print(const struct comparison *comparison,
                   const struct side sides[BOTH], FILE *to);

#endif
