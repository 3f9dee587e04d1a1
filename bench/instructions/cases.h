/* What is measured. */
#ifndef INSTRUCTIONS_CASES_H
#define INSTRUCTIONS_CASES_H

#include "session.h"

struct test_case {
  const char *name;
  struct opening opening;
  /* Moves `count` messages of the session. */
  void (*play)(struct session *session);
  /* What one message adds to the session's counts. */
  size_t messages, sent;
};

extern const struct test_case cases[];
extern const size_t case_count;

#endif
