/* Things to send that must give one byte stream however the sending is cut. */
#ifndef CAPI_TESTS_SCENARIOS_H
#define CAPI_TESTS_SCENARIOS_H

#include "peer.h"

struct scenario {
  const char *name;
  void (*queue)(struct peer *peer); /* all that is to be sent */
};

enum { SCENARIOS = 6 };
extern const struct scenario scenarios[SCENARIOS];

/* The stream of a scenario when the send callback takes everything. */
void scenario_stream(const struct scenario *scenario, enum role role,
                     struct bytes *stream);
/* wslay_event_send until nothing waits; each must return 0. */
void send_rest(struct peer *peer);
/* wslay_event_write with that much room; what it wrote joins peer->output, and
 * nothing beyond may be written. */
ssize_t peer_write(struct peer *peer, size_t room);
void assert_stream(const struct peer *peer, const struct bytes *expected,
                   const char *name);

#endif
