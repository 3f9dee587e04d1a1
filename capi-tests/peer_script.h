/* The peer's input script, as its recv callback uses it. */
#ifndef CAPI_TESTS_PEER_SCRIPT_H
#define CAPI_TESTS_PEER_SCRIPT_H

#include "peer.h"

ssize_t script_next(struct peer *peer, wslay_event_context_ptr ctx,
                    uint8_t *buf, size_t len);
void script_free(struct peer *peer);

#endif
