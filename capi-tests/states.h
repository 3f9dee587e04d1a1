/* All getters of an event context in one line, to compare at each step. */
#ifndef CAPI_TESTS_STATES_H
#define CAPI_TESTS_STATES_H

#include "peer.h"

/* "read 1 1 write 1 0 closed 0 0 codes 1006 1006 queued 0 0": reading enabled
 * and wanted, writing enabled and wanted, Close received and sent, the status
 * codes received and sent, messages queued and their length. The text is valid
 * until the next call. */
const char *peer_state(struct peer *peer);

#define assert_state(peer, expected)                                           \
  assert_string_equal(peer_state(peer), expected)
#define FRESH "read 1 1 write 1 0 closed 0 0 codes 1006 1006 queued 0 0"

/* The five ways to queue, each legal in itself, all refused with NO_MORE_MSG.
 */
void assert_no_more_messages(struct peer *peer);

#endif
