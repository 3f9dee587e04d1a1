/* The library's end of one connection, and the peer at the other: how its bytes
   come in, and how it takes what is sent to it. */
#ifndef HOSTILE_CONNECTION_H
#define HOSTILE_CONNECTION_H

#include "play.h"

enum role { SERVER, CLIENT };

#define ALL SIZE_MAX

struct connection {
  struct play *play;
  event_context context;
  const uint8_t *input;
  size_t input_left;
  size_t read_step;    /* so much a recv callback gives at most */
  size_t readable;     /* so much it gives before it would block */
  size_t write_step;   /* so much a send callback takes at most */
  size_t writable;     /* so much it takes before it would block */
  size_t last_message; /* the length of the one reported last */
  int result;          /* of the last call of recv or send */
};

/* With a maximum message length beyond all lengths. */
void connection_open(struct connection *connection, struct play *play,
                     enum role role);
void connection_close(struct connection *connection);

/* How bytes come in: in calls of recv that each find `a_call` bytes, of which
   one callback gives `a_read`. Ends early when reading is disabled. */
struct pace {
  size_t a_call;
  size_t a_read;
};
extern const struct pace at_once;       /* as much as is asked for */
extern const struct pace a_byte_a_call; /* the next call when it came */
extern const struct pace a_byte_a_read; /* all in one call */

void connection_receive(struct connection *connection, const void *bytes,
                        size_t length, struct pace pace);

/* Calls send until nothing waits, or it gets stuck: the peer takes `a_write`
   bytes a callback, and `a_call` before a call finds it blocked. */
void connection_send(struct connection *connection, size_t a_call,
                     size_t a_write);

/* What the program queues; the payload is zeros, at most LONGEST_QUEUED. */
#define LONGEST_QUEUED ((size_t)1 << 20)
void connection_queue(struct connection *connection, uint8_t opcode,
                      size_t length);
void connection_queue_fragmented(struct connection *connection,
                                 wslay_event_fragmented_msg_callback source,
                                 void *data);
size_t connection_queued(const struct connection *connection);

#endif
