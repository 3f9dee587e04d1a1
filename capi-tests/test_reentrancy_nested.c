/* What is undefined in C and defined here: calls nested in themselves, and
   freeing the context inside its own callbacks. */
#include "peer.h"

static void nested_recv(struct peer *peer, const void *argument) {
  size_t calls = peer->recv_calls;
  size_t messages = peer->messages;
  (void)argument;
  PEER_CHECK(peer, wslay_event_recv(peer->ctx) == 0);
  PEER_CHECK(peer, peer->recv_calls == calls);
  PEER_CHECK(peer, peer->messages == messages);
}

static void c2_recv_inside_recv_does_nothing(void **state) {
  static const enum place places[] = {IN_RECV, IN_START, IN_CHUNK, IN_END,
                                      IN_MESSAGE};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(places); ++i) {
    struct bytes stream = {NULL, 0, 0};
    struct peer peer;
    at_row("callback %d", places[i]);
    peer_init(&peer, SERVER);
    peer.hooks[places[i]] = nested_recv;
    put_frame(&stream, TEXT, 1, "ab", 2);
    put_frame(&stream, FIN | CONT, 1, "c", 1);
    peer_input_cut(&peer, stream.at, stream.length, 7);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_events(&peer, "start text+ 2\nchunk \"ab\"\nend\n"
                         "start cont 1\nchunk \"c\"\nend\nmsg text \"abc\"\n");
    peer_free(&peer);
    bytes_free(&stream);
  }
  at_row(NULL);
}

static void nested_send(struct peer *peer, const void *argument) {
  size_t sends = peer->send_calls;
  size_t keys = peer->genmask_calls;
  (void)argument;
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == 0);
  PEER_CHECK(peer, peer->send_calls == sends);
  PEER_CHECK(peer, peer->genmask_calls == keys);
}

static void queue_some(struct peer *peer, struct pieces *source) {
  static const struct piece pieces[] = {{"ab", 0, 0}, {"cd", 0, 1}};
  memset(source, 0, sizeof(*source));
  source->at = pieces;
  source->left = COUNT_OF(pieces);
  assert_int_equal(peer_queue(peer, TEXT, "one"), 0);
  assert_int_equal(peer_queue_pieces(peer, BINARY, 0, source), 0);
  assert_int_equal(peer_queue(peer, TEXT, "two"), 0);
}

static const char some_sent[] = "text \"one\"\nbinary+ \"ab\"\ncont \"cd\"\n"
                                "text \"two\"\n";

static const enum place send_places[] = {IN_SEND, IN_GENMASK, IN_READ};

static void c2_send_inside_send_does_nothing(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < 2 * COUNT_OF(send_places); ++i) {
    struct pieces source;
    struct peer peer;
    at_row("callback %d, row %d", send_places[i / 2], (int)i % 2);
    peer_init(&peer, CLIENT);
    peer.hooks[send_places[i / 2]] = nested_send;
    peer.per_call = i % 2 ? 3 : SIZE_MAX;
    queue_some(&peer, &source);
    assert_flushed(&peer, some_sent);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void nested_write(struct peer *peer, const void *argument) {
  uint8_t buffer[64];
  (void)argument;
  PEER_CHECK(peer, wslay_event_write(peer->ctx, buffer, sizeof(buffer)) == 0);
}

static void write_all(struct peer *peer) {
  uint8_t buffer[64];
  ssize_t length;
  int turns = 0;
  do {
    length = wslay_event_write(peer->ctx, buffer, sizeof(buffer));
    assert_true(length >= 0);
    bytes_add(&peer->output, buffer, (size_t)length);
  } while (wslay_event_want_write(peer->ctx) && ++turns < 100);
}

static void c2_write_inside_write_does_nothing(void **state) {
  size_t i;
  (void)state;
  for (i = 1; i < COUNT_OF(send_places); ++i) {
    struct pieces source;
    struct peer peer;
    at_row("callback %d", send_places[i]);
    peer_init(&peer, CLIENT);
    peer.hooks[send_places[i]] = nested_write;
    queue_some(&peer, &source);
    write_all(&peer);
    assert_sent(&peer, some_sent);
    peer_free(&peer);
  }
  at_row(NULL);
}

/* recv -> message -> send -> send callback -> recv, send */
static void nested_both(struct peer *peer, const void *argument) {
  nested_recv(peer, argument);
  nested_send(peer, argument);
}

static void answer(struct peer *peer, const void *argument) {
  (void)argument;
  PEER_CHECK(peer, peer_queue(peer, TEXT, "now") == 0);
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == 0);
}

static void c2_nested_through_the_other_direction(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  peer.hooks[IN_MESSAGE] = answer;
  peer.hooks[IN_SEND] = nested_both;
  peer.hooks[IN_GENMASK] = nested_both;
  peer_input_text(&peer, FIN | TEXT, "one");
  peer_input_text(&peer, FIN | TEXT, "two");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_int_equal(peer.messages, 2);
  assert_sent(&peer, "text \"now\"\ntext \"now\"\n");
  peer_free(&peer);
}

/* In the first callback it runs in, frees the context; later ones count. */
static void free_context(struct peer *peer, const void *argument) {
  int *calls = peer->hook_data;
  (void)argument;
  if ((*calls)++ == 0) {
    wslay_event_context_free(peer->ctx);
  }
}

/* The harness must not touch the context, which is gone. */
static void finish(struct peer *peer, int calls) {
  peer->ctx = NULL;
  assert_int_equal(calls, 1);
  peer_free(peer);
}

static void c2_free_inside_a_receive_callback(void **state) {
  static const enum place places[] = {IN_RECV, IN_START, IN_CHUNK, IN_END,
                                      IN_MESSAGE};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(places); ++i) {
    struct bytes stream = {NULL, 0, 0};
    struct peer peer;
    int calls = 0;
    int place;
    at_row("callback %d", places[i]);
    peer_init(&peer, SERVER);
    put_frame(&stream, FIN | PING, 1, "one", 3);
    put_frame(&stream, FIN | TEXT, 1, "two", 3);
    peer_input_cut(&peer, stream.at, stream.length, 7);
    peer.hook_data = &calls;
    /* Callbacks of a place behind it would count as second calls. */
    for (place = places[i]; place < PLACES; ++place) {
      peer.hooks[place] = free_context;
    }
    wslay_event_recv(peer.ctx);
    assert_true(peer.recv_calls <= 2);
    finish(&peer, calls);
    bytes_free(&stream);
  }
  at_row(NULL);
}

static void c2_free_inside_a_send_callback(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(send_places); ++i) {
    struct pieces source;
    struct peer peer;
    int calls = 0;
    at_row("callback %d", send_places[i]);
    peer_init(&peer, CLIENT);
    queue_some(&peer, &source);
    peer.per_call = 1u << 20;
    peer.hook_data = &calls;
    peer.hooks[send_places[i]] = free_context;
    wslay_event_send(peer.ctx);
    finish(&peer, calls);
  }
  at_row(NULL);
}

static void c2_free_inside_write(void **state) {
  size_t i;
  (void)state;
  for (i = 1; i < COUNT_OF(send_places); ++i) {
    uint8_t buffer[64];
    struct pieces source;
    struct peer peer;
    int calls = 0;
    at_row("callback %d", send_places[i]);
    peer_init(&peer, CLIENT);
    queue_some(&peer, &source);
    peer.hook_data = &calls;
    peer.hooks[send_places[i]] = free_context;
    wslay_event_write(peer.ctx, buffer, sizeof(buffer));
    finish(&peer, calls);
  }
  at_row(NULL);
}

static void c2_free_in_a_send_inside_recv(void **state) {
  struct peer peer;
  int calls = 0;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hook_data = &calls;
  peer.hooks[IN_MESSAGE] = answer;
  peer.hooks[IN_SEND] = free_context;
  peer_input_text(&peer, FIN | TEXT, "one");
  peer_input_text(&peer, FIN | TEXT, "two");
  wslay_event_recv(peer.ctx);
  assert_int_equal(peer.messages, 1);
  assert_int_equal(peer.recv_calls, 1);
  finish(&peer, calls);
}

/* The context is still there until the outermost call returns. */
static void free_and_use(struct peer *peer, const void *argument) {
  const struct wslay_event_on_msg_recv_arg *arg = argument;
  wslay_event_context_free(peer->ctx);
  PEER_CHECK(peer, arg->msg_length == 3);
  PEER_CHECK(peer, memcmp(arg->msg, "one", 3) == 0);
  wslay_event_set_error(peer->ctx, WSLAY_ERR_CALLBACK_FAILURE);
  PEER_CHECK(peer, wslay_event_want_write(peer->ctx) <= 1);
  wslay_event_shutdown_write(peer->ctx);
}

static void c2_context_is_usable_until_the_call_returns(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_MESSAGE] = free_and_use;
  peer_input_text(&peer, FIN | TEXT, "one");
  peer_input_text(&peer, FIN | TEXT, "two");
  wslay_event_recv(peer.ctx);
  assert_int_equal(peer.messages, 1);
  peer.ctx = NULL;
  peer_free(&peer);
}

/* Nor does another call, made behind the free, run a callback. */
static void free_and_send(struct peer *peer, const void *argument) {
  (void)argument;
  wslay_event_context_free(peer->ctx);
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == 0);
  PEER_CHECK(peer, wslay_event_recv(peer->ctx) == 0);
}

static void c2_no_callback_runs_after_the_free(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_END] = free_and_send;
  assert_int_equal(peer_queue(&peer, TEXT, "waits"), 0);
  peer_input_text(&peer, FIN | TEXT, "one");
  wslay_event_recv(peer.ctx);
  assert_int_equal(peer.send_calls, 0);
  assert_int_equal(peer.recv_calls, 1);
  assert_int_equal(peer.messages, 0);
  peer.ctx = NULL;
  peer_free(&peer);
}

TEST_GROUP(test_reentrancy_nested, BEYOND_C(c2_recv_inside_recv_does_nothing),
           BEYOND_C(c2_send_inside_send_does_nothing),
           BEYOND_C(c2_write_inside_write_does_nothing),
           BEYOND_C(c2_nested_through_the_other_direction),
           BEYOND_C(c2_free_inside_a_receive_callback),
           BEYOND_C(c2_free_inside_a_send_callback),
           BEYOND_C(c2_free_inside_write),
           BEYOND_C(c2_free_in_a_send_inside_recv),
           BEYOND_C(c2_context_is_usable_until_the_call_returns),
           BEYOND_C(c2_no_callback_runs_after_the_free))
