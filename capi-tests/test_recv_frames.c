/* Receiving: the loop over the recv callback, and the event callbacks of whole
   messages. */
#include "peer.h"

static void r1_loops_until_the_callback_gives_nothing(void **state) {
  struct peer peer;
  int i;
  (void)state;
  peer_init(&peer, SERVER);
  for (i = 0; i < 20; ++i) {
    peer_input_text(&peer, FIN | BINARY, "abc");
  }
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_int_equal(peer.messages, 20);
  /* Programs behind edge-triggered epoll count on the refusal. */
  assert_int_equal(peer.recv_refused, 1);
  peer_free(&peer);
}

static void r1_asks_again_after_a_short_read(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&frame, FIN | TEXT, 1, "Hello", 5);
  /* The header in one run, every payload byte in its own. */
  peer_input(&peer, frame.at, 6);
  peer_input_cut(&peer, frame.at + 6, 5, 1);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_events(&peer,
                "start text 5\nchunk \"Hello\"\nend\nmsg text \"Hello\"\n");
  assert_int_equal(peer.recv_refused, 1);
  peer_free(&peer);
  bytes_free(&frame);
}

static void r1_asks_again_after_a_short_read_in_a_header(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&frame, FIN | TEXT, 1, "Hello", 5);
  peer_input_cut(&peer, frame.at, frame.length, 1);
  peer_input_cut(&peer, frame.at, frame.length, 3);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_int_equal(peer.messages, 2);
  assert_int_equal(peer.recv_refused, 1);
  peer_free(&peer);
  bytes_free(&frame);
}

static void r1_dispatches_what_is_there_in_the_same_call(void **state) {
  struct bytes stream = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&stream, FIN | TEXT, 1, "one", 3);
  put_frame(&stream, FIN | PING, 1, "", 0);
  put_frame(&stream, FIN | BINARY, 1, "three", 5);
  /* All but the last two payload bytes, in one run. */
  peer_feed(&peer, stream.at, stream.length - 2);
  assert_events(&peer, "start text 3\nchunk \"one\"\nend\nmsg text \"one\"\n"
                       "start ping 0\nchunk \"\"\nend\nmsg ping NULL 0\n"
                       "start binary 5\nchunk \"thr\"\n");
  peer_feed(&peer, stream.at + stream.length - 2, 2);
  assert_events(&peer, "chunk \"ee\"\nend\nmsg binary \"three\"\n");
  peer_free(&peer);
  bytes_free(&stream);
}

static void r1_nothing_given_changes_nothing(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  size_t i;
  (void)state;
  peer_init(&peer, CLIENT);
  put_frame(&frame, FIN | TEXT, 0, "Hello", 5);
  for (i = 0; i < frame.length; ++i) {
    peer_feed(&peer, NULL, 0);
    peer_feed(&peer, NULL, 0);
    peer_feed(&peer, frame.at + i, 1);
  }
  assert_events(&peer,
                "start text 5\nchunk \"Hello\"\nend\nmsg text \"Hello\"\n");
  peer_free(&peer);
  bytes_free(&frame);
}

static void r4_all_lengths_and_length_forms(void **state) {
  static const size_t lengths[] = {
      1,    2,    3,    7,    8,    9,    64,    125,   126,    127,     1000,
      4081, 4088, 4095, 4096, 4097, 8192, 65535, 65536, 300000, 1u << 20};
  struct bytes payload = {NULL, 0, 0};
  struct bytes expected = {NULL, 0, 0};
  size_t i;
  (void)state;
  for (i = 0; i < 1u << 20; ++i) {
    bytes_add_byte(&payload, (int)(i * 7 + i / 251) & 0x7f);
  }
  for (i = 0; i < 2 * COUNT_OF(lengths); ++i) {
    size_t length = lengths[i / 2];
    int opcode = i & 4 ? TEXT : BINARY;
    struct peer peer;
    at_row("length %lu, role %d", (unsigned long)length, (int)i % 2);
    bytes_clear(&expected);
    bytes_add_text(&expected, "start %s %lu\nchunk ",
                   opcode == TEXT ? "text" : "binary", (unsigned long)length);
    bytes_add_quoted(&expected, payload.at, length);
    bytes_add_text(&expected, "\nend\nmsg %s ",
                   opcode == TEXT ? "text" : "binary");
    bytes_add_quoted(&expected, payload.at, length);
    bytes_add_text(&expected, "\n");
    peer_init(&peer, i % 2 ? CLIENT : SERVER);
    peer_input_frame(&peer, FIN | opcode, payload.at, length);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_events(&peer, bytes_text(&expected));
    peer_free(&peer);
  }
  at_row(NULL);
  bytes_free(&payload);
  bytes_free(&expected);
}

static void count_chunk(struct peer *peer, const void *argument) {
  const struct wslay_event_on_frame_recv_chunk_arg *chunk = argument;
  size_t *counts = peer->hook_data;
  ++counts[chunk->data_length == 0];
}

static void r4_frame_without_payload_has_one_empty_chunk(void **state) {
  size_t counts[2] = {0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_CHUNK] = count_chunk;
  peer.hook_data = counts;
  peer_feed_text(&peer, FIN | TEXT, "");
  assert_int_equal(counts[0], 0);
  assert_int_equal(counts[1], 1);
  assert_events(&peer, "start text 0\nchunk \"\"\nend\nmsg text NULL 0\n");
  peer_free(&peer);
}

static void r4_frame_with_payload_has_no_empty_chunk(void **state) {
  struct bytes frame = {NULL, 0, 0};
  size_t counts[2] = {0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_CHUNK] = count_chunk;
  peer.hook_data = counts;
  put_frame(&frame, FIN | BINARY, 1, "abc", 3);
  peer_feed_bytewise(&peer, frame.at, frame.length);
  assert_int_equal(counts[0], 3);
  assert_int_equal(counts[1], 0);
  peer_free(&peer);
  bytes_free(&frame);
}

static void r4_pieces_are_reported_as_they_come(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&frame, FIN | TEXT, 1, "abcdef", 6);
  peer_feed(&peer, frame.at, 6);
  assert_events(&peer, "");
  peer_feed(&peer, frame.at + 6, 1);
  assert_events(&peer, "start text 6\nchunk \"a\"\n");
  peer_feed(&peer, frame.at + 7, 3);
  assert_events(&peer, "chunk \"bcd\"\n");
  peer_feed(&peer, frame.at + 10, 2);
  assert_events(&peer, "chunk \"ef\"\nend\nmsg text \"abcdef\"\n");
  peer_free(&peer);
  bytes_free(&frame);
}

static void r4_fragments_make_one_message(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, TEXT, "Hel");
  assert_events(&peer, "start text+ 3\nchunk \"Hel\"\nend\n");
  peer_feed_text(&peer, CONT, "");
  assert_events(&peer, "start cont+ 0\nchunk \"\"\nend\n");
  peer_feed_text(&peer, CONT, "lo");
  assert_events(&peer, "start cont+ 2\nchunk \"lo\"\nend\n");
  peer_feed_text(&peer, FIN | CONT, "!");
  assert_events(&peer, "start cont 1\nchunk \"!\"\nend\nmsg text \"Hello!\"\n");
  /* And the next one starts afresh. */
  peer_feed_text(&peer, FIN | BINARY, "x");
  assert_events(&peer, "start binary 1\nchunk \"x\"\nend\nmsg binary \"x\"\n");
  peer_free(&peer);
}

static void r4_payload_is_unmasked_with_the_frames_own_key(void **state) {
  static const uint8_t stream[] = {
      0x82,    0x83,    0,    0,    0,    0,    'a',     'b',     'c',
      0x82,    0x85,    1,    2,    4,    8,    'a' ^ 1, 'b' ^ 2, 'c' ^ 4,
      'd' ^ 8, 'e' ^ 1, 0x02, 0x82, 0xff, 0,    0xff,    0,       'f' ^ 0xff,
      'g',     0x80,    0x81, 0,    0xff, 0xff, 0xff,    'h'};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed(&peer, stream, sizeof(stream));
  assert_events(&peer,
                "start binary 3\nchunk \"abc\"\nend\nmsg binary \"abc\"\n"
                "start binary 5\nchunk \"abcde\"\nend\n"
                "msg binary \"abcde\"\n"
                "start binary+ 2\nchunk \"fg\"\nend\n"
                "start cont 1\nchunk \"h\"\nend\nmsg binary \"fgh\"\n");
  peer_free(&peer);
}

static void r7_message_has_the_first_frames_opcode_and_rsv(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  peer_feed_text(&peer, TEXT | RSV1, "ab");
  peer_feed_text(&peer, FIN | CONT, "c");
  assert_events(&peer, "start text+/4 2\nchunk \"ab\"\nend\n"
                       "start cont 1\nchunk \"c\"\nend\n"
                       "msg text/4 \"abc\"\n");
  /* They do not stick to later messages. */
  peer_feed_text(&peer, BINARY, "ab");
  peer_feed_text(&peer, FIN | CONT, "c");
  assert_events(&peer, "start binary+ 2\nchunk \"ab\"\nend\n"
                       "start cont 1\nchunk \"c\"\nend\n"
                       "msg binary \"abc\"\n");
  peer_free(&peer);
}

static void r7_empty_message_has_null(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, FIN | BINARY, "");
  assert_events(&peer, "start binary 0\nchunk \"\"\nend\nmsg binary NULL 0\n");
  peer_feed_text(&peer, TEXT, "");
  peer_feed_text(&peer, CONT, "");
  peer_feed_text(&peer, FIN | CONT, "");
  assert_events(&peer, "start text+ 0\nchunk \"\"\nend\n"
                       "start cont+ 0\nchunk \"\"\nend\n"
                       "start cont 0\nchunk \"\"\nend\n"
                       "msg text NULL 0\n");
  peer_feed_text(&peer, FIN | PONG, "");
  assert_events(&peer, "start pong 0\nchunk \"\"\nend\nmsg pong NULL 0\n");
  peer_free(&peer);
}

static void r7_payload_bytes_that_are_0_are_kept(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  peer_input_frame(&peer, FIN | TEXT, "\0a\0", 3);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_events(&peer, "start text 3\nchunk \"\\x00a\\x00\"\nend\n"
                       "msg text \"\\x00a\\x00\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_recv_frames, TEST(r1_loops_until_the_callback_gives_nothing),
           TEST(r1_asks_again_after_a_short_read),
           BEYOND_C(r1_asks_again_after_a_short_read_in_a_header),
           TEST(r1_dispatches_what_is_there_in_the_same_call),
           TEST(r1_nothing_given_changes_nothing),
           TEST(r4_all_lengths_and_length_forms),
           TEST(r4_frame_without_payload_has_one_empty_chunk),
           TEST(r4_frame_with_payload_has_no_empty_chunk),
           TEST(r4_pieces_are_reported_as_they_come),
           TEST(r4_fragments_make_one_message),
           TEST(r4_payload_is_unmasked_with_the_frames_own_key),
           TEST(r7_message_has_the_first_frames_opcode_and_rsv),
           TEST(r7_empty_message_has_null),
           TEST(r7_payload_bytes_that_are_0_are_kept))
