/* A session on one context while memory runs out. Each do_* makes one call of
   the library and checks what a lack of memory may change: nothing but the
   result WSLAY_ERR_NOMEM (and that reading stops, R10). Where memory can be
   had again, the call is repeated. */
#ifndef NOMEM_SESSION_H
#define NOMEM_SESSION_H

#include "../frames.h"
#include "failing_alloc.h"

#include <sys/types.h>
#include <wslay/wslay.h>

enum role { SERVER, CLIENT };
/* What do_output calls. */
enum way { BY_SEND, BY_WRITE, BY_TURNS };

#define UNLIMITED ((size_t)-1)

struct session {
  wslay_event_context_ptr ctx;
  enum role role;
  int variant; /* for the session's own use */
  int failed;
  size_t lacks;   /* results WSLAY_ERR_NOMEM */
  size_t refused; /* requests for memory, as finish() found them */

  /* The recv callback hands out at most step bytes a call and burst bytes
     until the next do_recv; at the end of the input it sets end_error. */
  const struct bytes *input;
  size_t input_at;
  size_t step;
  size_t burst;
  int end_error;
  size_t recv_calls;
  int recv_lacked_memory;
  int may_fail; /* recv is to report a callback failure */

  enum way way;
  size_t turn;
  size_t budget; /* of the send callback, until the next do_output */
  size_t sends;
  size_t ping_in_send; /* in this send callback, a Ping is queued */
  int echo;            /* messages are sent back, some of them at once */
  int free_in_message; /* the message callback frees the context */
  int closing;         /* a Close was queued by do_close */

  struct bytes output;
  /* All messages accepted or answered, as add_message puts them. */
  struct bytes data_model;
  struct bytes control_model;
  struct bytes log; /* what the receive callbacks were told */
  uint32_t frame_sum;
  uint32_t keys;
};

/* A fragmented message of that many bytes of seed's text; once in the middle
   it has nothing to give. */
struct fragments {
  struct session *session;
  uint32_t seed;
  size_t length;
  size_t at;
  size_t piece;
  int stalled;
  const void *source;
};

/* Notes a failure, with what was checked, and where. */
#define CHECK(session, condition)                                              \
  ((condition) ? (void)0 : complain(session, #condition, __FILE__, __LINE__))
void complain(struct session *session, const char *condition, const char *file,
              int line);

/* Not 0 if there is a context now. */
int do_init(struct session *session);
void do_init_with(struct session *session,
                  const struct wslay_event_callbacks *callbacks);
extern const struct wslay_event_callbacks session_callbacks;
void do_recv(struct session *session, size_t burst);
/* Sends at most that many bytes, UNLIMITED for all. */
void do_output(struct session *session, size_t budget);
void do_queue(struct session *session, int opcode, int rsv, const void *data,
              size_t length);
/* Text of that length, which differs by seed. */
void do_queue_text(struct session *session, uint32_t seed, size_t length);
void do_queue_fragmented(struct session *session, struct fragments *fragments);
void do_close(struct session *session, int code, const char *reason);
/* With memory again: the rest is sent, all is checked and freed. A session
   whose own variables the library still needs calls it, else its caller does.
 */
void finish(struct session *session);

void put_text(struct bytes *to, uint32_t seed, size_t length);
void add_message(struct bytes *model, int rsv, int opcode, const void *data,
                 size_t length);
/* That the output is whole frames, and carries what was accepted. */
void check_output(struct session *session);

#endif
