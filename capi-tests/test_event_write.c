/* wslay_event_write: the stream of wslay_event_send, into buffers (S8). */
#include "scenarios.h"
#include "states.h"

enum { LARGEST_HEADER = 14, ROOM = 100000 };

static void s8_same_stream_as_send(void **state) {
  struct bytes stream = {NULL, 0, 0};
  size_t i;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (i = 0; i < SCENARIOS; i++) {
      struct peer peer;
      scenario_stream(&scenarios[i], role, &stream);
      peer_init(&peer, role);
      scenarios[i].queue(&peer);
      assert_int_equal(peer_write(&peer, ROOM), stream.length);
      assert_stream(&peer, &stream, scenarios[i].name);
      assert_int_equal(peer.send_calls, 0);
      assert_int_equal(wslay_event_want_write(peer.ctx), 0);
      assert_int_equal(peer_write(&peer, ROOM), 0);
      peer_free(&peer);
    }
  }
  bytes_free(&stream);
}

/* Where the frame that holds stream position `at` begins, and its payload. */
static void find_frame(const struct bytes *stream, size_t at, size_t *begin,
                       size_t *payload) {
  struct bytes copy = {NULL, 0, 0};
  struct frame frame;
  size_t end = 0;
  bytes_add(&copy, stream->at, stream->length);
  do {
    *begin = end;
    assert_int_equal(take_frame(&copy, &end, &frame), 1);
    *payload = end - (size_t)frame.length;
  } while (end <= at);
  bytes_free(&copy);
}

/* One write fills its room, but for a header that does not fit as a whole. */
static void assert_filled(const struct bytes *stream, size_t before,
                          size_t written, size_t room) {
  size_t at = before + written;
  size_t begin;
  size_t payload;
  assert_true(written <= room);
  if (at == stream->length) {
    return;
  }
  find_frame(stream, at, &begin, &payload);
  assert_true(at == begin || at >= payload);
  if (written < room) {
    assert_int_equal(at, begin);
    assert_true(payload - begin > room - written);
  }
}

static void check_room(const struct scenario *scenario, enum role role,
                       const struct bytes *stream, size_t room) {
  struct peer peer;
  size_t turns = 0;
  peer_init(&peer, role);
  scenario->queue(&peer);
  while (wslay_event_want_write(peer.ctx)) {
    size_t before = peer.output.length;
    ssize_t written = peer_write(&peer, room);
    assert_true(written > 0);
    assert_filled(stream, before, (size_t)written, room);
    assert_true(++turns < 10000);
  }
  assert_stream(&peer, stream, scenario->name);
  assert_int_equal(peer.send_calls, 0);
  peer_free(&peer);
}

static void s8_buffers_of_any_size(void **state) {
  struct bytes stream = {NULL, 0, 0};
  size_t room;
  size_t i;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (i = 0; i < SCENARIOS; i++) {
      scenario_stream(&scenarios[i], role, &stream);
      for (room = LARGEST_HEADER; room <= stream.length + 1; room++) {
        check_room(&scenarios[i], role, &stream, room);
      }
    }
  }
  bytes_free(&stream);
}

static void s8_cut_at_every_byte(void **state) {
  struct bytes stream = {NULL, 0, 0};
  size_t cut;
  size_t i;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (i = 0; i < SCENARIOS; i++) {
      scenario_stream(&scenarios[i], role, &stream);
      for (cut = 0; cut < stream.length; cut++) {
        struct peer peer;
        ssize_t written;
        peer_init(&peer, role);
        scenarios[i].queue(&peer);
        written = peer_write(&peer, cut);
        assert_true(written >= 0);
        assert_filled(&stream, 0, (size_t)written, cut);
        assert_int_equal(wslay_event_want_write(peer.ctx), 1);
        assert_int_equal(peer_write(&peer, ROOM),
                         stream.length - (size_t)written);
        assert_stream(&peer, &stream, scenarios[i].name);
        peer_free(&peer);
      }
    }
  }
  bytes_free(&stream);
}

static void s8_header_that_does_not_fit_waits(void **state) {
  struct peer peer;
  size_t room;
  (void)state;
  peer_init(&peer, CLIENT);
  peer_queue(&peer, TEXT, "Hello");
  for (room = 0; room < 6; room++) {
    assert_int_equal(peer_write(&peer, room), 0);
    assert_state(&peer,
                 "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 1 5");
  }
  assert_int_equal(peer_write(&peer, 6), 6);
  assert_int_equal(peer_write(&peer, 0), 0);
  assert_int_equal(peer_write(&peer, 5), 5);
  assert_sent(&peer, "text \"Hello\"\n");
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

static void s8_nothing_waits(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  assert_int_equal(peer_write(&peer, ROOM), 0);
  peer_queue(&peer, TEXT, "x");
  wslay_event_shutdown_write(peer.ctx);
  assert_int_equal(peer_write(&peer, ROOM), 0);
  assert_int_equal(peer.genmask_calls, 0);
  peer_free(&peer);
}

static void s8_needs_no_send_callback(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  callbacks.send_callback = NULL;
  peer_init_with(&peer, SERVER, &callbacks);
  peer_queue(&peer, TEXT, "Hello");
  assert_int_equal(peer_write(&peer, ROOM), 7);
  assert_sent(&peer, "text \"Hello\"\n");
  peer_free(&peer);
}

static void s8_error_value_is_not_looked_at(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
  peer_queue(&peer, TEXT, "Hello");
  assert_int_equal(peer_write(&peer, 4), 4);
  assert_int_equal(peer_write(&peer, ROOM), 3);
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

static void s6_close_by_write(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "never");
  wslay_event_queue_close(peer.ctx, 1001, (const uint8_t *)"x", 1);
  assert_int_equal(peer_write(&peer, 4), 4);
  assert_state(&peer,
               "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 2 8");
  assert_int_equal(peer_write(&peer, ROOM), 1);
  assert_state(&peer,
               "read 1 1 write 0 0 closed 0 1 codes 1006 1001 queued 1 5");
  assert_int_equal(peer_write(&peer, ROOM), 0);
  assert_sent(&peer, "close 1001 \"x\"\n");
  peer_free(&peer);
}

static void s2_late_ping_goes_between_frames(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "Hello");
  peer_queue(&peer, BINARY, "second");
  assert_int_equal(peer_write(&peer, 3), 3);
  peer_queue(&peer, PING, "late");
  assert_int_equal(peer_write(&peer, ROOM), 4 + 6 + 8);
  assert_sent(&peer, "text \"Hello\"\nping \"late\"\nbinary \"second\"\n");
  peer_free(&peer);
}

static void s5_stalled_message_by_write(void **state) {
  static const struct piece list[] = {
      {"", 0, 0}, {"one", 0, 0}, {"", 0, 0}, {"two", 0, 1}};
  struct pieces pieces = {NULL, list, COUNT_OF(list), 0, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  peer_queue(&peer, TEXT, "behind");
  assert_int_equal(peer_write(&peer, ROOM), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 1);
  assert_int_equal(peer_write(&peer, ROOM), 5);
  assert_int_equal(peer_write(&peer, ROOM), 5 + 8);
  assert_sent(&peer, "text+ \"one\"\ncont \"two\"\ntext \"behind\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_event_write, BEYOND_C(s8_same_stream_as_send),
           BEYOND_C(s8_buffers_of_any_size), BEYOND_C(s8_cut_at_every_byte),
           BEYOND_C(s8_header_that_does_not_fit_waits),
           BEYOND_C(s8_nothing_waits), BEYOND_C(s8_needs_no_send_callback),
           BEYOND_C(s8_error_value_is_not_looked_at),
           BEYOND_C(s6_close_by_write),
           BEYOND_C(s2_late_ping_goes_between_frames),
           BEYOND_C(s5_stalled_message_by_write))
