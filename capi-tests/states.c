/* The getters of an event context. */
#include "states.h"

#include <stdio.h>

const char *peer_state(struct peer *peer) {
  static char text[160];
  wslay_event_context_ptr ctx = peer->ctx;
  snprintf(text, sizeof(text),
           "read %d %d write %d %d closed %d %d codes %d %d queued %lu %lu",
           wslay_event_get_read_enabled(ctx), wslay_event_want_read(ctx),
           wslay_event_get_write_enabled(ctx), wslay_event_want_write(ctx),
           wslay_event_get_close_received(ctx), wslay_event_get_close_sent(ctx),
           wslay_event_get_status_code_received(ctx),
           wslay_event_get_status_code_sent(ctx),
           (unsigned long)wslay_event_get_queued_msg_count(ctx),
           (unsigned long)wslay_event_get_queued_msg_length(ctx));
  return text;
}

void assert_no_more_messages(struct peer *peer) {
  static const uint8_t text[] = "x";
  struct wslay_event_msg data = {WSLAY_TEXT_FRAME, text, 1};
  struct wslay_event_msg ping = {WSLAY_PING, text, 1};
  struct wslay_event_fragmented_msg fragmented = {
      WSLAY_BINARY_FRAME, {0}, peer_read_pieces};
  wslay_event_context_ptr ctx = peer->ctx;
  size_t count = wslay_event_get_queued_msg_count(ctx);
  assert_int_equal(wslay_event_queue_msg(ctx, &data), WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(wslay_event_queue_msg_ex(ctx, &ping, WSLAY_RSV_NONE),
                   WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(wslay_event_queue_fragmented_msg(ctx, &fragmented),
                   WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(
      wslay_event_queue_fragmented_msg_ex(ctx, &fragmented, WSLAY_RSV_NONE),
      WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(
      wslay_event_queue_close(ctx, WSLAY_CODE_NORMAL_CLOSURE, text, 1),
      WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(wslay_event_get_queued_msg_count(ctx), count);
}
