/* What a program does with the library, in steps whose stack is measured. */
#ifndef STACK_SITUATIONS_H
#define STACK_SITUATIONS_H

#include <stddef.h>
#include <stdint.h>

struct situation {
  const char *name;
  /* Not measured: makes what `call` works on; may be NULL. */
  void (*prepare)(void);
  void (*call)(void);
  void (*clean_up)(void);
  /* It calls functions that wslay 1.1.1 does not have. */
  int beyond_wslay;
};

/* Each ends with an entry without a name. */
extern const struct situation event_situations[];
extern const struct situation frame_situations[];
extern const struct situation handshake_situations[];

#endif
