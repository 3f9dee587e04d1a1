/* NULL where a pointer is needed: an error, never a crash. C wslay crashes. */
#include "peer.h"

static const struct wslay_event_msg hello = {TEXT, (const uint8_t *)"Hello", 5};

static void null_context_is_an_invalid_argument(void **state) {
  struct wslay_event_fragmented_msg fragmented;
  uint8_t buffer[8];
  (void)state;
  memset(&fragmented, 0, sizeof(fragmented));
  fragmented.opcode = TEXT;
  fragmented.read_callback = peer_read_pieces;
  assert_int_equal(wslay_event_recv(NULL), WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_send(NULL), WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_write(NULL, buffer, sizeof(buffer)),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_msg(NULL, &hello),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_msg_ex(NULL, &hello, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_fragmented_msg(NULL, &fragmented),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_fragmented_msg_ex(NULL, &fragmented, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_close(NULL, 1000, NULL, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
}

static void null_context_answers_0(void **state) {
  (void)state;
  assert_int_equal(wslay_event_want_read(NULL), 0);
  assert_int_equal(wslay_event_want_write(NULL), 0);
  assert_int_equal(wslay_event_get_read_enabled(NULL), 0);
  assert_int_equal(wslay_event_get_write_enabled(NULL), 0);
  assert_int_equal(wslay_event_get_close_received(NULL), 0);
  assert_int_equal(wslay_event_get_close_sent(NULL), 0);
  assert_int_equal(wslay_event_get_status_code_received(NULL), 0);
  assert_int_equal(wslay_event_get_status_code_sent(NULL), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(NULL), 0);
  assert_int_equal(wslay_event_get_queued_msg_length(NULL), 0);
}

static void null_context_is_left_alone(void **state) {
  (void)state;
  wslay_event_context_free(NULL);
  wslay_event_config_set_allowed_rsv_bits(NULL, WSLAY_RSV1_BIT);
  wslay_event_config_set_no_buffering(NULL, 1);
  wslay_event_config_set_max_recv_msg_length(NULL, 1);
  wslay_event_config_set_callbacks(NULL, &peer_callbacks);
  wslay_event_set_error(NULL, 1);
  wslay_event_shutdown_read(NULL);
  wslay_event_shutdown_write(NULL);
}

static void null_arguments_of_init(void **state) {
  wslay_event_context_ptr ctx = NULL;
  (void)state;
  assert_int_equal(wslay_event_context_server_init(NULL, &peer_callbacks, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_context_client_init(NULL, &peer_callbacks, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_context_server_init(&ctx, NULL, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_null(ctx);
  assert_int_equal(wslay_event_context_client_init(&ctx, NULL, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_null(ctx);
}

static void null_callbacks_change_nothing(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_callbacks(peer.ctx, NULL);
  peer_feed_text(&peer, FIN | TEXT, "x");
  assert_int_equal(peer.messages, 1);
  peer_free(&peer);
}

static void null_messages_are_not_queued(void **state) {
  static const struct wslay_event_msg bytes_are_null = {TEXT, NULL, 5};
  struct wslay_event_fragmented_msg callback_is_null;
  struct peer peer;
  (void)state;
  memset(&callback_is_null, 0, sizeof(callback_is_null));
  callback_is_null.opcode = TEXT;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_msg(peer.ctx, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_msg_ex(peer.ctx, NULL, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_msg(peer.ctx, &bytes_are_null),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_fragmented_msg(peer.ctx, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_fragmented_msg_ex(peer.ctx, NULL, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(
      wslay_event_queue_fragmented_msg(peer.ctx, &callback_is_null),
      WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, NULL, 3),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  /* Not needed here (Q3, Q5). */
  assert_int_equal(wslay_event_queue_close(peer.ctx, 0, NULL, 3), 0);
  assert_flushed(&peer, "close\n");
  peer_free(&peer);
}

static void null_buffer_is_not_written_to(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_msg(peer.ctx, &hello), 0);
  assert_int_equal(wslay_event_write(peer.ctx, NULL, 16),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
  assert_flushed(&peer, "text \"Hello\"\n");
  peer_free(&peer);
}

static void null_arguments_of_the_frame_api(void **state) {
  static const struct wslay_frame_callbacks callbacks = {NULL, NULL, NULL};
  wslay_frame_context_ptr ctx = NULL;
  struct wslay_frame_iocb iocb;
  uint8_t buffer[16];
  size_t payload = 1;
  (void)state;
  memset(&iocb, 0, sizeof(iocb));
  wslay_frame_context_free(NULL);
  assert_int_equal(wslay_frame_context_init(NULL, &callbacks, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_frame_context_init(&ctx, NULL, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_null(ctx);
  assert_int_equal(wslay_frame_send(NULL, &iocb), WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_frame_recv(NULL, &iocb), WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(
      wslay_frame_write(NULL, &iocb, buffer, sizeof(buffer), &payload),
      WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_frame_context_init(&ctx, &callbacks, NULL), 0);
  assert_int_equal(wslay_frame_send(ctx, NULL), WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_frame_recv(ctx, NULL), WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(
      wslay_frame_write(ctx, NULL, buffer, sizeof(buffer), &payload),
      WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_frame_write(ctx, &iocb, NULL, 16, &payload),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_frame_write(ctx, &iocb, buffer, sizeof(buffer), NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  wslay_frame_context_free(ctx);
}

TEST_GROUP(test_null_arguments, BEYOND_C(null_context_is_an_invalid_argument),
           BEYOND_C(null_context_answers_0),
           BEYOND_C(null_context_is_left_alone),
           BEYOND_C(null_arguments_of_init),
           BEYOND_C(null_callbacks_change_nothing),
           BEYOND_C(null_messages_are_not_queued),
           BEYOND_C(null_buffer_is_not_written_to),
           BEYOND_C(null_arguments_of_the_frame_api))
