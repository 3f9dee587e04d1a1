/* The UTF-8 check of text messages: which byte sequences pass, and how early
   the others fail. */
#include "peer.h"

#define NEVER ((size_t)-1)

/* Independent of any decoder: the table of well-formed byte sequences in the
   Unicode standard, chapter 3. Returns the index of the first byte that cannot
   be part of valid UTF-8, length if the end is missing, or NEVER. */
static size_t first_bad(const uint8_t *at, size_t length) {
  size_t i = 0;
  while (i < length) {
    uint8_t lead = at[i++];
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    int left = lead < 0x80    ? 0
               : lead < 0xc2  ? -1
               : lead < 0xe0  ? 1
               : lead < 0xf0  ? 2
               : lead <= 0xf4 ? 3
                              : -1;
    if (left < 0) {
      return i - 1;
    }
    for (; left > 0; --left, ++i) {
      if (i == length) {
        return length;
      }
      if (at[i] < low || at[i] > high) {
        return i;
      }
      low = 0x80;
      high = 0xbf;
    }
  }
  return NEVER;
}

static void assert_text_received(struct peer *peer, const uint8_t *text,
                                 size_t length) {
  struct bytes expected = {NULL, 0, 0};
  bytes_add_text(&expected, "start text %lu\nchunk ", (unsigned long)length);
  bytes_add_quoted(&expected, text, length);
  bytes_add_text(&expected, "\nend\nmsg text ");
  if (length > 0) {
    bytes_add_quoted(&expected, text, length);
  } else {
    bytes_add_text(&expected, "NULL 0");
  }
  bytes_add_text(&expected, "\n");
  assert_events(peer, bytes_text(&expected));
  assert_int_equal(wslay_event_get_read_enabled(peer->ctx), 1);
  bytes_free(&expected);
}

/* Bytewise, so that exactly the good bytes before the bad one are reported, and
   the check fails in the call that brings the bad one. */
static void assert_text_refused(const uint8_t *text, size_t length,
                                size_t bad) {
  struct bytes frame = {NULL, 0, 0};
  struct bytes expected = {NULL, 0, 0};
  struct peer peer;
  size_t header;
  peer_init(&peer, SERVER);
  put_frame(&frame, FIN | TEXT, 1, text, length);
  header = frame.length - length;
  peer_feed_bytewise(&peer, frame.at,
                     header + (bad < length ? bad : length - 1));
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_feed(&peer, frame.at + header + (bad < length ? bad : length - 1), 1);
  bytes_add_text(&expected, "start text %lu\n", (unsigned long)length);
  if (bad > 0) {
    bytes_add_text(&expected, "chunk ");
    bytes_add_quoted(&expected, text, bad);
    bytes_add_text(&expected, "\n");
  }
  assert_events(&peer, bytes_text(&expected));
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
  bytes_free(&frame);
  bytes_free(&expected);
}

/* The whole frame in one read: the same verdict, no end and no message. */
static void assert_text_refused_whole(const uint8_t *text, size_t length) {
  struct peer peer;
  const char *events;
  peer_init(&peer, SERVER);
  peer_input_frame(&peer, FIN | TEXT, text, length);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  events = peer_events(&peer);
  assert_non_null(strstr(events, "start text "));
  assert_null(strstr(events, "end\n"));
  assert_int_equal(peer.messages, 0);
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

static void check_text(const void *text, size_t length) {
  size_t bad = first_bad(text, length);
  if (bad == NEVER) {
    struct bytes frame = {NULL, 0, 0};
    struct peer peer;
    peer_init(&peer, SERVER);
    put_frame(&frame, FIN | TEXT, 1, text, length);
    peer_feed(&peer, frame.at, frame.length);
    assert_text_received(&peer, text, length);
    peer_feed_bytewise(&peer, frame.at, frame.length);
    assert_text_received(&peer, text, length);
    peer_free(&peer);
    bytes_free(&frame);
  } else {
    assert_text_refused(text, length, bad);
    assert_text_refused_whole(text, length);
  }
}

struct sample {
  const char *bytes;
  size_t length;
};

#define SAMPLE(text)                                                           \
  { text, sizeof(text) - 1 }

static const struct sample valid[] = {
    SAMPLE(""),
    SAMPLE("Hello, world"),
    SAMPLE("\x00"),
    SAMPLE("\x7f"),
    SAMPLE("\xc2\x80"),
    SAMPLE("\xdf\xbf"),
    SAMPLE("\xe0\xa0\x80"),
    SAMPLE("\xe1\x80\x80"),
    SAMPLE("\xec\xbf\xbf"),
    SAMPLE("\xed\x9f\xbf"),
    SAMPLE("\xee\x80\x80"),
    SAMPLE("\xef\xbf\xbd"),
    SAMPLE("\xef\xbf\xbe"),
    SAMPLE("\xef\xbf\xbf"),
    SAMPLE("\xf0\x90\x80\x80"),
    SAMPLE("\xf0\x9f\xbf\xbe"),
    SAMPLE("\xf1\x8f\xbf\xbf"),
    SAMPLE("\xf3\xbf\xbf\xbf"),
    SAMPLE("\xf4\x8f\xbf\xbf"),
    SAMPLE("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"),
    SAMPLE("Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-"
           "UTF-8!!"),
    SAMPLE("a\xc3\xa9"
           "b\xe2\x82\xac"
           "c\xf0\x9f\x98\x80"
           "d"),
};

static const struct sample invalid[] = {
    /* Lonely continuation bytes. */
    SAMPLE("\x80"),
    SAMPLE("\xbf"),
    SAMPLE("\x80\xbf\x80\xbf"),
    SAMPLE("ab\x80"
           "c"),
    /* A start without its end, at the end and before something else. */
    SAMPLE("\xc2"),
    SAMPLE("\xdf "),
    SAMPLE("\xe0\xa0"),
    SAMPLE("\xe1 "),
    SAMPLE("\xef\xbf "),
    SAMPLE("\xf0\x90\x80"),
    SAMPLE("\xf4\x8f "),
    SAMPLE("\xf1\x80\x80 "),
    SAMPLE("\xc3\xc3\xa9"),
    SAMPLE("\xe2\x82\xe2\x82\xac"),
    SAMPLE("\xf0\x9f\x98\xf0\x9f\x98\x80"),
    SAMPLE("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce"),
    /* Bytes that never occur. */
    SAMPLE("\xfe"),
    SAMPLE("\xff"),
    SAMPLE("\xfe\xfe\xff\xff"),
    /* Longer than needed. */
    SAMPLE("\xc0\xaf"),
    SAMPLE("\xc1\xbf"),
    SAMPLE("\xe0\x80\xaf"),
    SAMPLE("\xe0\x9f\xbf"),
    SAMPLE("\xf0\x80\x80\xaf"),
    SAMPLE("\xf0\x8f\xbf\xbf"),
    SAMPLE("\xf8\x80\x80\x80\xaf"),
    SAMPLE("\xf8\x87\xbf\xbf\xbf"),
    SAMPLE("\xfc\x80\x80\x80\x80\xaf"),
    SAMPLE("\xfc\x83\xbf\xbf\xbf\xbf"),
    SAMPLE("\xc0\x80"),
    /* Surrogates, alone and in pairs. */
    SAMPLE("\xed\xa0\x80"),
    SAMPLE("\xed\xad\xbf"),
    SAMPLE("\xed\xae\x80"),
    SAMPLE("\xed\xaf\xbf"),
    SAMPLE("\xed\xb0\x80"),
    SAMPLE("\xed\xbf\xbf"),
    SAMPLE("\xed\xa0\x80\xed\xb0\x80"),
    /* Above U+10FFFF. */
    SAMPLE("\xf4\x90\x80\x80"),
    SAMPLE("\xf5\x80\x80\x80"),
    SAMPLE("\xf7\xbf\xbf\xbf"),
    SAMPLE("\xfb\xbf\xbf\xbf\xbf"),
    SAMPLE("\xfd\xbf\xbf\xbf\xbf\xbf"),
    /* Good text on both sides. */
    SAMPLE("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80"
           "edited"),
    SAMPLE("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80"
           "edited"),
};

static void r4_valid_utf8_passes(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(valid); ++i) {
    at_row("sample %d", (int)i);
    assert_true(first_bad((const uint8_t *)valid[i].bytes, valid[i].length) ==
                NEVER);
    check_text(valid[i].bytes, valid[i].length);
  }
  at_row(NULL);
}

static void r4_invalid_utf8_queues_1007_at_its_first_bad_byte(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(invalid); ++i) {
    at_row("sample %d", (int)i);
    assert_true(first_bad((const uint8_t *)invalid[i].bytes,
                          invalid[i].length) != NEVER);
    check_text(invalid[i].bytes, invalid[i].length);
  }
  at_row(NULL);
}

static void r4_all_sequences_of_two_bytes(void **state) {
  uint8_t text[2];
  int i;
  (void)state;
  for (i = 0; i < 0x10000; ++i) {
    at_row("bytes %04x", i);
    text[0] = (uint8_t)(i >> 8);
    text[1] = (uint8_t)i;
    check_text(text, 2);
  }
  at_row(NULL);
}

static void r4_all_boundaries_of_longer_sequences(void **state) {
  static const uint8_t leads[] = {0x41, 0xc2, 0xdf, 0xe0, 0xe1,
                                  0xec, 0xed, 0xee, 0xef, 0xf0,
                                  0xf1, 0xf3, 0xf4, 0xf5, 0xf8};
  static const uint8_t next[] = {0x00, 0x7f, 0x80, 0x8f, 0x90,
                                 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
  uint8_t text[4];
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(leads) * 1000; ++i) {
    text[0] = leads[i / 1000];
    text[1] = next[i / 100 % 10];
    text[2] = next[i / 10 % 10];
    text[3] = next[i % 10];
    at_row("bytes %02x %02x %02x %02x", text[0], text[1], text[2], text[3]);
    check_text(text, 3);
    check_text(text, 4);
  }
  at_row(NULL);
}

/* Somewhere in longer text, where fast checks go many bytes at a time. */
static void r4_bad_byte_anywhere_in_longer_text(void **state) {
  static const struct sample bad[] = {SAMPLE("\xff"), SAMPLE("\xc3"),
                                      SAMPLE("\xed\xa0\x80"),
                                      SAMPLE("\xf0\x9f\x98")};
  static const char filler[] = "plain text, \xe2\x82\xac 12 \xc3\xa9 ";
  uint8_t text[160];
  size_t i;
  size_t at;
  (void)state;
  for (i = 0; i < COUNT_OF(bad); ++i) {
    for (at = 0; at + bad[i].length <= sizeof(text); ++at) {
      size_t j;
      at_row("bytes %d at %d", (int)i, (int)at);
      for (j = 0; j < sizeof(text); ++j) {
        text[j] = (uint8_t)filler[j % (sizeof(filler) - 1)];
      }
      memcpy(text + at, bad[i].bytes, bad[i].length);
      check_text(text, sizeof(text));
    }
  }
  at_row(NULL);
}

TEST_GROUP(test_recv_utf8, TEST(r4_valid_utf8_passes),
           TEST(r4_invalid_utf8_queues_1007_at_its_first_bad_byte),
           TEST(r4_all_sequences_of_two_bytes),
           TEST(r4_all_boundaries_of_longer_sequences),
           TEST(r4_bad_byte_anywhere_in_longer_text))
