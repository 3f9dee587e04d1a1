/* However the stream is cut into reads, the events, the answers and the state
   are the same: every cut point of a set of sessions. */
#include "peer.h"

struct session {
  const char *name;
  enum role role;
  void (*build)(struct bytes *to, int masked);
};

static void build_messages(struct bytes *to, int masked) {
  put_frame(to, FIN | TEXT, masked, "Hello", 5);
  put_frame(to, FIN | BINARY, masked, "", 0);
  put_frame(to, FIN | BINARY, masked, "\xff\x00", 2);
  put_frame(to, FIN | PONG, masked, "x", 1);
  put_frame(to, FIN | TEXT, masked, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9);
}

static void build_fragments(struct bytes *to, int masked) {
  put_frame(to, TEXT, masked, "a\xe2", 2);
  put_frame(to, FIN | PING, masked, "ping", 4);
  put_frame(to, CONT, masked, "\x82", 1);
  put_frame(to, FIN | PING, masked, "", 0);
  put_frame(to, CONT, masked, "", 0);
  put_frame(to, FIN | CONT, masked, "\xac", 1);
  put_frame(to, RSV1 | BINARY, masked, "zip", 3);
  put_frame(to, FIN | CONT, masked, "ped", 3);
}

static void build_close(struct bytes *to, int masked) {
  put_frame(to, FIN | TEXT, masked, "a", 1);
  put_frame(to, TEXT, masked, "b", 1);
  put_close(to, masked, 1001, "bye");
  put_frame(to, FIN | CONT, masked, "c", 1);
}

static void build_empty_close(struct bytes *to, int masked) {
  put_frame(to, FIN | PING, masked, "a", 1);
  put_frame(to, FIN | CLOSE, masked, "", 0);
}

static void build_forbidden_close(struct bytes *to, int masked) {
  put_close(to, masked, 1005, "no");
}

static void build_length_forms(struct bytes *to, int masked) {
  struct bytes payload = {NULL, 0, 0};
  while (payload.length < 200) {
    bytes_add_text(&payload, "%d,", (int)payload.length);
  }
  put_frame(to, FIN | TEXT, masked, payload.at, 125);
  put_frame(to, FIN | TEXT, masked, payload.at, 126);
  put_frame(to, BINARY, masked, payload.at, 200);
  put_frame(to, FIN | CONT, masked, payload.at, 127);
  bytes_free(&payload);
}

static void build_unknown_opcode(struct bytes *to, int masked) {
  put_frame(to, FIN | TEXT, masked, "a", 1);
  put_frame(to, FIN | 5, masked, "abc", 3);
  put_frame(to, FIN | TEXT, masked, "b", 1);
}

static void build_wrong_mask(struct bytes *to, int masked) {
  put_frame(to, BINARY, masked, "a", 1);
  put_frame(to, FIN | CONT, !masked, "bc", 2);
}

static void build_too_long(struct bytes *to, int masked) {
  put_frame(to, BINARY, masked, "a", 1);
  put_header(to, CONT, masked, (uint64_t)1 << 40, SHORTEST);
  bytes_add(to, "abc", 3);
}

static void build_malformed(struct bytes *to, int masked) {
  put_frame(to, FIN | TEXT, masked, "a", 1);
  put_header(to, FIN | TEXT, masked, 65535, IN_8_BYTES);
  bytes_add(to, "abc", 3);
}

static void build_malformed_control(struct bytes *to, int masked) {
  put_frame(to, TEXT, masked, "a", 1);
  put_header(to, PING, masked, 3, SHORTEST);
  bytes_add(to, "abc", 3);
}

static const struct session sessions[] = {
    {"messages to a server", SERVER, build_messages},
    {"messages to a client", CLIENT, build_messages},
    {"fragments to a server", SERVER, build_fragments},
    {"fragments to a client", CLIENT, build_fragments},
    {"close to a server", SERVER, build_close},
    {"close to a client", CLIENT, build_close},
    {"empty close", SERVER, build_empty_close},
    {"forbidden close", SERVER, build_forbidden_close},
    {"length forms to a server", SERVER, build_length_forms},
    {"length forms to a client", CLIENT, build_length_forms},
    {"unknown opcode", SERVER, build_unknown_opcode},
    {"wrong mask at a server", SERVER, build_wrong_mask},
    {"wrong mask at a client", CLIENT, build_wrong_mask},
    {"too long", SERVER, build_too_long},
    {"malformed", CLIENT, build_malformed},
    {"malformed control frame", SERVER, build_malformed_control},
};

static void build_utf8_reason(struct bytes *to, int masked) {
  put_close(to, masked, 4000, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

/* C's verdict on these depends on the cut. */
static const struct session reasons[] = {
    {"reason to a server", SERVER, build_utf8_reason},
    {"reason to a client", CLIENT, build_utf8_reason},
};

/* Failing UTF-8: how much was reported before depends on the cut (R4: the piece
   with the bad byte is not), so the chunks are left out. */
static void build_bad_text(struct bytes *to, int masked) {
  put_frame(to, TEXT, masked, "ok", 2);
  put_frame(to, FIN | CONT, masked, "\xe2\x82\x41zzz", 6);
  put_frame(to, FIN | TEXT, masked, "b", 1);
}

static void build_cut_text(struct bytes *to, int masked) {
  put_frame(to, TEXT, masked, "ok\xe2", 3);
  put_frame(to, FIN | CONT, masked, "\x82", 1);
}

static const struct session bad_texts[] = {
    {"bad text to a server", SERVER, build_bad_text},
    {"bad text to a client", CLIENT, build_bad_text},
    {"text that ends too early", SERVER, build_cut_text},
};

static void build_bad_reason(struct bytes *to, int masked) {
  put_close(to, masked, 1000, "ok\xed\xa0\x80zzz");
}

static void build_cut_reason(struct bytes *to, int masked) {
  put_close(to, masked, 1000, "ok\xf0\x9f\x98");
}

static const struct session bad_reasons[] = {
    {"bad reason", SERVER, build_bad_reason},
    {"reason that ends too early", CLIENT, build_cut_reason},
};

/* Feeds the stream and appends all that can be seen of the outcome. Cut either
   after `first` bytes (and each part in a call of its own), or every `step`
   bytes: in one call where the library asks on, or in separate ones. */
struct cut {
  size_t first;
  size_t step;
  int one_call;
};

static int feed_cut(struct peer *peer, const struct bytes *stream,
                    const struct cut *cut) {
  size_t at = 0;
  int result = 0;
  if (cut->one_call) {
    peer_input_cut(peer, stream->at, stream->length, cut->step);
    return peer_recv_all(peer);
  }
  while (at < stream->length && result == 0) {
    size_t size = at == 0 && cut->first > 0 ? cut->first : cut->step;
    size = size < stream->length - at ? size : stream->length - at;
    peer_input(peer, stream->at + at, size);
    at += size;
    result = peer_recv_all(peer);
  }
  return result;
}

static void without_chunks(struct bytes *to, const char *events) {
  while (*events != 0) {
    size_t line = strcspn(events, "\n") + 1;
    if (strncmp(events, "chunk", 5) != 0) {
      bytes_add(to, events, line);
    }
    events += line;
  }
}

static void play(struct bytes *outcome, const struct session *session,
                 const struct bytes *stream, const struct cut *cut,
                 int with_chunks) {
  struct peer peer;
  const char *text;
  int result;
  peer_init(&peer, session->role);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  result = feed_cut(&peer, stream, cut);
  bytes_clear(outcome);
  text = peer_events(&peer);
  if (with_chunks) {
    bytes_add(outcome, text, strlen(text));
  } else {
    without_chunks(outcome, text);
  }
  bytes_add_text(outcome, "result %d, read %d, write %d, close %d, code %d\n",
                 result, wslay_event_get_read_enabled(peer.ctx),
                 wslay_event_get_write_enabled(peer.ctx),
                 wslay_event_get_close_received(peer.ctx),
                 wslay_event_get_status_code_received(peer.ctx));
  bytes_add_text(outcome, "queued %d\n",
                 (int)wslay_event_get_queued_msg_count(peer.ctx));
  text = peer_flush(&peer);
  bytes_add(outcome, text, strlen(text));
  peer_free(&peer);
}

static void assert_same(const struct session *session,
                        const struct bytes *stream, struct bytes *whole,
                        const struct cut *cut, int with_chunks) {
  struct bytes outcome = {NULL, 0, 0};
  at_row("%s, first %lu, step %lu, one call %d", session->name,
         (unsigned long)cut->first, (unsigned long)cut->step, cut->one_call);
  play(&outcome, session, stream, cut, with_chunks);
  assert_string_equal(bytes_text(&outcome), bytes_text(whole));
  bytes_free(&outcome);
}

static void try_cuts(const struct session *session, int with_chunks) {
  struct cut cut = {0, SIZE_MAX, 0};
  struct bytes stream = {NULL, 0, 0};
  struct bytes whole = {NULL, 0, 0};
  session->build(&stream, session->role == SERVER);
  play(&whole, session, &stream, &cut, with_chunks);
  for (cut.first = 1; cut.first < stream.length; ++cut.first) {
    assert_same(session, &stream, &whole, &cut, with_chunks);
    cut.step = 1;
    assert_same(session, &stream, &whole, &cut, with_chunks);
    cut.step = SIZE_MAX;
  }
  cut.first = 0;
  for (cut.step = 1; cut.step < 20; ++cut.step) {
    cut.one_call = 0;
    assert_same(session, &stream, &whole, &cut, with_chunks);
    cut.one_call = 1;
    assert_same(session, &stream, &whole, &cut, with_chunks);
  }
  bytes_free(&stream);
  bytes_free(&whole);
}

static void r1_every_cut_gives_the_same_events(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(sessions); ++i) {
    try_cuts(&sessions[i], 1);
  }
  at_row(NULL);
}

static void r4_every_cut_gives_the_same_verdict_on_text(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(bad_texts); ++i) {
    try_cuts(&bad_texts[i], 0);
  }
  at_row(NULL);
}

static void d1_every_cut_gives_the_same_verdict_on_a_reason(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(reasons); ++i) {
    try_cuts(&reasons[i], 1);
  }
  for (i = 0; i < COUNT_OF(bad_reasons); ++i) {
    try_cuts(&bad_reasons[i], 0);
  }
  at_row(NULL);
}

TEST_GROUP(test_recv_cuts, TEST(r1_every_cut_gives_the_same_events),
           TEST(r4_every_cut_gives_the_same_verdict_on_text),
           BEYOND_C(d1_every_cut_gives_the_same_verdict_on_a_reason))
