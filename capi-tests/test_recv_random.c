/* Random sessions in random reads: the events are the ones written down while
   the session was made up. The same sequence in every run. */
#include "peer.h"

#define SESSIONS 400

struct session {
  uint32_t seed;
  int masked;
  struct bytes stream;
  struct bytes events;
  struct bytes pongs;
  size_t messages;
};

static uint32_t random_below(struct session *session, uint32_t limit) {
  session->seed = session->seed * 1664525u + 1013904223u;
  return (session->seed >> 8) % limit;
}

static size_t random_length(struct session *session) {
  switch (random_below(session, 8)) {
  case 0:
    return 0;
  case 1:
    return 120 + random_below(session, 12);
  case 2:
    return random_below(session, 3000);
  case 3:
    return random_below(session, 16) == 0 ? 65530 + random_below(session, 12)
                                          : 5000;
  default:
    return random_below(session, 30);
  }
}

/* Whole code points, of up to 4 bytes, or any bytes. */
static void make_payload(struct session *session, struct bytes *payload,
                         int opcode) {
  static const char *const points[] = {"a",
                                       "zz top",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
  size_t length = random_length(session);
  bytes_clear(payload);
  while (payload->length < length) {
    if (opcode == TEXT) {
      const char *point = points[random_below(session, COUNT_OF(points))];
      bytes_add(payload, point, strlen(point));
    } else {
      bytes_add_byte(payload, (int)random_below(session, 256));
    }
  }
}

static void expect_message(struct session *session, int opcode,
                           const struct bytes *payload) {
  bytes_add_text(&session->events, "msg ");
  describe_head(&session->events, 1, 0, opcode);
  if (payload->length > 0) {
    bytes_add_byte(&session->events, ' ');
    bytes_add_quoted(&session->events, payload->at, payload->length);
  } else {
    bytes_add_text(&session->events, " NULL 0");
  }
  bytes_add_byte(&session->events, '\n');
  ++session->messages;
}

static void make_frame(struct session *session, int first_byte,
                       const uint8_t *at, size_t length) {
  put_frame(&session->stream, first_byte, session->masked, at, length);
  bytes_add_text(&session->events, "start ");
  describe_head(&session->events, first_byte >> 7, 0, first_byte & 15);
  bytes_add_text(&session->events, " %lu\nchunk ", (unsigned long)length);
  bytes_add_quoted(&session->events, at, length);
  bytes_add_text(&session->events, "\nend\n");
}

static void make_control(struct session *session) {
  int opcode = random_below(session, 2) ? PING : PONG;
  struct bytes payload = {NULL, 0, 0};
  size_t length = random_below(session, 126);
  while (payload.length < length) {
    bytes_add_byte(&payload, (int)random_below(session, 256));
  }
  make_frame(session, FIN | opcode, payload.at, payload.length);
  expect_message(session, opcode, &payload);
  if (opcode == PING) {
    bytes_add_text(&session->pongs, "pong ");
    bytes_add_quoted(&session->pongs, payload.at, payload.length);
    bytes_add_byte(&session->pongs, '\n');
  }
  bytes_free(&payload);
}

static void make_message(struct session *session) {
  struct bytes payload = {NULL, 0, 0};
  int opcode = random_below(session, 2) ? TEXT : BINARY;
  int first = opcode;
  size_t at = 0;
  bytes_add(&payload, "", 0); /* at is not NULL then */
  make_payload(session, &payload, opcode);
  while (random_below(session, 3) == 0) {
    size_t part = random_below(session, (uint32_t)(payload.length - at) + 1);
    make_frame(session, first, payload.at + at, part);
    at += part;
    first = CONT;
    while (random_below(session, 3) == 0) {
      make_control(session);
    }
  }
  make_frame(session, FIN | first, payload.at + at, payload.length - at);
  expect_message(session, opcode, &payload);
  bytes_free(&payload);
}

static void make_session(struct session *session, uint32_t seed, int masked) {
  int turns;
  memset(session, 0, sizeof(*session));
  session->seed = seed;
  session->masked = masked;
  for (turns = (int)random_below(session, 12) + 1; turns > 0; --turns) {
    if (random_below(session, 4) == 0) {
      make_control(session);
    } else {
      make_message(session);
    }
  }
}

/* Reads of random sizes, several of them in one call. */
static void feed_session(struct session *session, struct peer *peer) {
  uint32_t most = 1u << random_below(session, 14);
  size_t at = 0;
  while (at < session->stream.length) {
    size_t size = random_below(session, most) + 1;
    size =
        size < session->stream.length - at ? size : session->stream.length - at;
    peer_input(peer, session->stream.at + at, size);
    at += size;
    if (random_below(session, 4) == 0) {
      assert_int_equal(peer_recv_all(peer), 0);
    }
  }
  assert_int_equal(peer_recv_all(peer), 0);
}

static void r1_random_sessions(void **state) {
  uint32_t i;
  (void)state;
  for (i = 0; i < SESSIONS; ++i) {
    struct session session;
    struct peer peer;
    at_row("session %lu", (unsigned long)i);
    make_session(&session, i * 2654435761u, i % 2 == 0);
    peer_init(&peer, i % 2 == 0 ? SERVER : CLIENT);
    feed_session(&session, &peer);
    assert_events(&peer, bytes_text(&session.events));
    assert_int_equal(peer.messages, session.messages);
    assert_flushed(&peer, bytes_text(&session.pongs));
    peer_free(&peer);
    bytes_free(&session.stream);
    bytes_free(&session.events);
    bytes_free(&session.pongs);
  }
  at_row(NULL);
}

TEST_GROUP(test_recv_random, TEST(r1_random_sessions))
