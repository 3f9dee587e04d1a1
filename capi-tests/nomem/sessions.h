/* The sessions that memory runs out in. */
#ifndef NOMEM_SESSIONS_H
#define NOMEM_SESSIONS_H

#include "session.h"

struct play {
  const char *name;
  /* One session; finish() follows. */
  void (*run)(struct session *session);
  enum way way;
  int variant;
};

#define PLAY(name, way, variant)                                               \
  { #name, name, way, variant }

/* Ends with one whose name is NULL. */
extern const struct play send_plays[];
extern const struct play recv_plays[];
extern const struct play frame_plays[];
extern const struct play handshake_plays[];

#endif
