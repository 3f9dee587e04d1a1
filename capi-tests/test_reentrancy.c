/* What programs may call from inside callbacks: queueing, setting errors,
   shutting down, asking, replacing callbacks. */
#include "peer.h"

/* A client that sends a message and a fragmented one and receives one: every
   callback runs. Returns what was sent. */
static const char *run_all_callbacks(struct peer *peer) {
  static const struct piece pieces[] = {{"ab", 0, 0}, {"cd", 0, 1}};
  struct pieces source = {NULL, NULL, COUNT_OF(pieces), 0, 0, 0};
  source.at = pieces;
  assert_int_equal(peer_queue(peer, TEXT, "first"), 0);
  assert_int_equal(peer_queue_pieces(peer, BINARY, 0, &source), 0);
  peer_feed_text(peer, FIN | TEXT, "Hello");
  return peer_flush(peer);
}

struct once {
  int calls;
  int result;
};

static int is_first(struct peer *peer) {
  struct once *once = peer->hook_data;
  return once->calls++ == 0;
}

static void queue_ping(struct peer *peer, const void *argument) {
  (void)argument;
  if (is_first(peer)) {
    ((struct once *)peer->hook_data)->result = peer_queue(peer, PING, "late");
  }
}

static void queue_text(struct peer *peer, const void *argument) {
  (void)argument;
  if (is_first(peer)) {
    ((struct once *)peer->hook_data)->result = peer_queue(peer, TEXT, "late");
  }
}

static void queue_pieces(struct peer *peer, const void *argument) {
  static const struct piece piece = {"late", 0, 1};
  static struct pieces source;
  (void)argument;
  if (is_first(peer)) {
    memset(&source, 0, sizeof(source));
    source.at = &piece;
    source.left = 1;
    ((struct once *)peer->hook_data)->result =
        peer_queue_pieces(peer, TEXT, 0, &source);
  }
}

static void c1_queueing_from_every_callback(void **state) {
  static const struct {
    peer_hook hook;
    const char *line;
  } rows[] = {{queue_ping, "ping \"late\"\n"},
              {queue_text, "text \"late\"\n"},
              {queue_pieces, "text \"late\"\n"}};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(rows) * PLACES; ++i) {
    struct once once = {0, -1};
    struct peer peer;
    const char *sent;
    at_row("row %d, callback %d", (int)i / PLACES, (int)i % PLACES);
    peer_init(&peer, CLIENT);
    peer.hooks[i % PLACES] = rows[i / PLACES].hook;
    peer.hook_data = &once;
    sent = run_all_callbacks(&peer);
    assert_true(once.calls > 0);
    assert_int_equal(once.result, 0);
    assert_int_equal(peer.messages, 1);
    assert_non_null(strstr(sent, "text \"first\"\n"));
    assert_non_null(strstr(sent, "binary+ \"ab\"\n"));
    assert_non_null(strstr(sent, "cont \"cd\"\n"));
    assert_non_null(strstr(sent, rows[i / PLACES].line));
    assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void queue_close(struct peer *peer, const void *argument) {
  (void)argument;
  if (is_first(peer)) {
    ((struct once *)peer->hook_data)->result =
        wslay_event_queue_close(peer->ctx, 1001, (const uint8_t *)"late", 4);
  }
}

static void c1_queueing_a_close_from_every_callback(void **state) {
  int place;
  (void)state;
  for (place = 0; place < PLACES; ++place) {
    struct once once = {0, -1};
    struct peer peer;
    const char *sent;
    size_t length;
    at_row("callback %d", place);
    peer_init(&peer, CLIENT);
    peer.hooks[place] = queue_close;
    peer.hook_data = &once;
    sent = run_all_callbacks(&peer);
    assert_int_equal(once.result, 0);
    /* It comes last, whatever was begun before. */
    length = strlen(sent);
    assert_true(length >= 18);
    assert_string_equal(sent + length - 18, "close 1001 \"late\"\n");
    assert_int_equal(wslay_event_get_close_sent(peer.ctx), 1);
    assert_int_equal(wslay_event_want_write(peer.ctx), 0);
    /* Reading goes on. */
    assert_int_equal(peer.messages, 1);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void ask_everything(struct peer *peer, const void *argument) {
  wslay_event_context_ptr ctx = peer->ctx;
  (void)argument;
  is_first(peer);
  PEER_CHECK(peer, wslay_event_want_read(ctx) == 1);
  PEER_CHECK(peer, wslay_event_want_write(ctx) <= 1);
  PEER_CHECK(peer, wslay_event_get_read_enabled(ctx) == 1);
  PEER_CHECK(peer, wslay_event_get_write_enabled(ctx) == 1);
  PEER_CHECK(peer, wslay_event_get_close_received(ctx) == 0);
  PEER_CHECK(peer, wslay_event_get_close_sent(ctx) == 0);
  PEER_CHECK(peer, wslay_event_get_status_code_received(ctx) == 1006);
  PEER_CHECK(peer, wslay_event_get_status_code_sent(ctx) == 1006);
  PEER_CHECK(peer, wslay_event_get_queued_msg_count(ctx) <= 2);
  PEER_CHECK(peer, wslay_event_get_queued_msg_length(ctx) <= 5);
}

static void c1_asking_in_every_callback(void **state) {
  int place;
  (void)state;
  for (place = 0; place < PLACES; ++place) {
    struct once once = {0, 0};
    struct peer peer;
    at_row("callback %d", place);
    peer_init(&peer, CLIENT);
    peer.hooks[place] = ask_everything;
    peer.hook_data = &once;
    run_all_callbacks(&peer);
    assert_true(once.calls > 0);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void set_failure(struct peer *peer, const void *argument) {
  (void)argument;
  wslay_event_set_error(peer->ctx, WSLAY_ERR_CALLBACK_FAILURE);
}

static void c1_error_set_in_a_receive_callback(void **state) {
  static const enum place places[] = {IN_START, IN_CHUNK, IN_END};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(places); ++i) {
    struct peer peer;
    at_row("callback %d", places[i]);
    peer_init(&peer, SERVER);
    peer.hooks[places[i]] = set_failure;
    peer.end_error = 0;
    peer_input_text(&peer, TEXT, "x");
    assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
    assert_events(&peer, "start text+ 1\nchunk \"x\"\nend\n");
    peer_free(&peer);
  }
  at_row(NULL);
}

static void shut_reading(struct peer *peer, const void *argument) {
  (void)argument;
  wslay_event_shutdown_read(peer->ctx);
}

static void c1_shutdown_read_ends_the_call_behind_the_piece(void **state) {
  static const enum place places[] = {IN_RECV, IN_START, IN_CHUNK, IN_END,
                                      IN_MESSAGE};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(places); ++i) {
    struct bytes stream = {NULL, 0, 0};
    struct peer peer;
    at_row("callback %d", places[i]);
    peer_init(&peer, SERVER);
    peer.hooks[places[i]] = shut_reading;
    put_frame(&stream, FIN | PING, 1, "one", 3);
    put_frame(&stream, FIN | TEXT, 1, "two", 3);
    peer_input(&peer, stream.at, stream.length);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    /* The frame at hand was all there, and is all reported. */
    assert_events(&peer, "start ping 3\nchunk \"one\"\nend\n"
                         "msg ping \"one\"\n");
    assert_int_equal(peer.recv_refused, 0);
    assert_flushed(&peer, "pong \"one\"\n");
    peer_free(&peer);
    bytes_free(&stream);
  }
  at_row(NULL);
}

static void c1_shutdown_read_between_the_pieces_of_a_frame(void **state) {
  static const enum place places[] = {IN_START, IN_CHUNK};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(places); ++i) {
    struct bytes frame = {NULL, 0, 0};
    struct peer peer;
    at_row("callback %d", places[i]);
    peer_init(&peer, SERVER);
    peer.hooks[places[i]] = shut_reading;
    put_frame(&frame, FIN | TEXT, 1, "abcd", 4);
    peer_input_cut(&peer, frame.at, frame.length, frame.length - 2);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_events(&peer, "start text 4\nchunk \"ab\"\n");
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_events(&peer, "");
    assert_int_equal(peer.recv_calls, 1);
    peer_free(&peer);
    bytes_free(&frame);
  }
  at_row(NULL);
}

static void shut_writing(struct peer *peer, const void *argument) {
  (void)argument;
  wslay_event_shutdown_write(peer->ctx);
}

static void c1_shutdown_write_in_a_send_callback(void **state) {
  struct peer peer;
  size_t calls;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_SEND] = shut_writing;
  peer.per_call = 1;
  assert_int_equal(peer_queue(&peer, TEXT, "one"), 0);
  assert_int_equal(peer_queue(&peer, TEXT, "two"), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  calls = peer.send_calls;
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.send_calls, calls);
  assert_int_equal(peer_queue(&peer, TEXT, "x"), WSLAY_ERR_NO_MORE_MSG);
  peer_free(&peer);
}

static void c1_shutdown_write_before_a_pong_is_queued(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_END] = shut_writing;
  peer_feed_text(&peer, FIN | PING, "x");
  assert_int_equal(peer.messages, 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_free(&peer);
}

static void other_message(wslay_event_context_ptr ctx,
                          const struct wslay_event_on_msg_recv_arg *arg,
                          void *user_data) {
  (void)ctx;
  (void)arg;
  peer_note(user_data, "other message");
}

static void other_end(wslay_event_context_ptr ctx, void *user_data) {
  (void)ctx;
  peer_note(user_data, "other end");
}

static void replace_callbacks(struct peer *peer, const void *argument) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  (void)argument;
  callbacks.on_frame_recv_end_callback = other_end;
  callbacks.on_msg_recv_callback = other_message;
  wslay_event_config_set_callbacks(peer->ctx, &callbacks);
}

static void c1_new_callbacks_hold_from_the_next_call_on(void **state) {
  static const struct {
    enum place place;
    const char *events;
  } rows[] = {{IN_RECV, "other end\nother message\n"},
              {IN_START, "other end\nother message\n"},
              {IN_CHUNK, "other end\nother message\n"},
              {IN_END, "end\nother message\n"},
              {IN_MESSAGE, "end\nmsg text \"x\"\n"}};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(rows); ++i) {
    struct bytes expected = {NULL, 0, 0};
    struct peer peer;
    at_row("callback %d", rows[i].place);
    peer_init(&peer, SERVER);
    peer.hooks[rows[i].place] = replace_callbacks;
    peer_feed_text(&peer, FIN | TEXT, "x");
    bytes_add_text(&expected, "start text 1\nchunk \"x\"\n%s", rows[i].events);
    assert_events(&peer, bytes_text(&expected));
    peer_feed_text(&peer, FIN | TEXT, "x");
    assert_events(&peer, "start text 1\nchunk \"x\"\n"
                         "other end\nother message\n");
    peer_free(&peer);
    bytes_free(&expected);
  }
  at_row(NULL);
}

static ssize_t other_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                          int flags, void *user_data) {
  (void)buf;
  (void)len;
  (void)flags;
  peer_note(user_data, "other recv");
  wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
  return -1;
}

static void replace_recv(struct peer *peer, const void *argument) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  (void)argument;
  callbacks.recv_callback = other_recv;
  wslay_event_config_set_callbacks(peer->ctx, &callbacks);
}

static void c1_new_recv_callback_is_asked_next(void **state) {
  static const enum place places[] = {IN_RECV, IN_START, IN_MESSAGE};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(places); ++i) {
    struct peer peer;
    at_row("callback %d", places[i]);
    peer_init(&peer, SERVER);
    peer.hooks[places[i]] = replace_recv;
    peer_feed_text(&peer, FIN | TEXT, "x");
    assert_events(&peer, "start text 1\nchunk \"x\"\nend\nmsg text \"x\"\n"
                         "other recv\n");
    assert_int_equal(peer.recv_calls, 1);
    peer_free(&peer);
  }
  at_row(NULL);
}

TEST_GROUP(test_reentrancy, TEST(c1_queueing_from_every_callback),
           TEST(c1_queueing_a_close_from_every_callback),
           TEST(c1_asking_in_every_callback),
           TEST(c1_error_set_in_a_receive_callback),
           TEST(c1_shutdown_read_ends_the_call_behind_the_piece),
           TEST(c1_shutdown_read_between_the_pieces_of_a_frame),
           TEST(c1_shutdown_write_in_a_send_callback),
           TEST(c1_shutdown_write_before_a_pong_is_queued),
           TEST(c1_new_callbacks_hold_from_the_next_call_on),
           TEST(c1_new_recv_callback_is_asked_next))
