/* Clients that open a WebSocket, or do not, at length. C wslay has no
 * handshake. */
#include "play.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <wslay/wslayx.h>

#include "../capi-tests/bytes.h"

typedef struct wslayx_server_handshake *handshake_context;

static struct {
  int (*init)(handshake_context *);
  void (*free)(handshake_context);
  void (*set_max_head_length)(handshake_context, size_t);
  void (*set_max_header_count)(handshake_context, size_t);
  int (*feed)(handshake_context, const uint8_t *, size_t);
  size_t (*read)(handshake_context, uint8_t *, size_t);
} server;

static bool find(struct play *play, const char *name, void *function) {
  void *address = dlsym(play->library->handle, name);
  memcpy(function, &address, sizeof address);
  return address != NULL;
}

#define FIND(play, member, name)                                               \
  find(play, "wslayx_server_handshake_" name, &server.member)

static bool find_all(struct play *play) {
  play->absent =
      !(FIND(play, init, "init") && FIND(play, free, "free") &&
        FIND(play, set_max_head_length, "config_set_max_head_length") &&
        FIND(play, set_max_header_count, "config_set_max_header_count") &&
        FIND(play, feed, "feed") && FIND(play, read, "read"));
  return !play->absent;
}

static handshake_context begin(struct play *play) {
  handshake_context context = NULL;
  play->figures.connections++;
  play_expect(play, server.init(&context) == 0,
              "a handshake could not be made");
  return context;
}

static handshake_context begin_without_limits(struct play *play) {
  handshake_context context = begin(play);
  server.set_max_head_length(context, SIZE_MAX);
  server.set_max_header_count(context, SIZE_MAX);
  return context;
}

/* In pieces of `step` bytes. Gives the last result. */
static int feed(struct play *play, handshake_context context,
                const struct bytes *bytes, size_t step) {
  int result = 0;
  for (size_t at = 0; at < bytes->length; at += step) {
    size_t left = bytes->length - at;
    size_t count = left < step ? left : step;
    result = server.feed(context, bytes->at + at, count);
    play->figures.calls++;
    play->figures.bytes_in += count;
  }
  return result;
}

static struct bytes request_line_and_host(void) {
  struct bytes bytes = {NULL, 0, 0};
  bytes_add_text(&bytes, "GET / HTTP/1.1\r\nHost: example.com\r\n");
  return bytes;
}

static void end_as_request(struct bytes *bytes) {
  bytes_add_text(bytes, "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

/* One handshake, fed with everything and ended. */
static void feed_one(struct play *play, struct bytes *bytes, size_t step,
                     bool limits, int due) {
  play_begin(play);
  handshake_context context = limits ? begin(play) : begin_without_limits(play);
  int result = feed(play, context, bytes, step);
  play_expect(play, result == due, "it is taken for something else");
  play_end(play);
  server.free(context);
}

/* A head of n short header lines, in pieces of `argument` bytes. */
static void header_lines(struct play *play, bool limits, int due) {
  struct bytes bytes = request_line_and_host();
  for (size_t i = 0; i < play->n; i++) {
    bytes_add_text(&bytes, "X: y\r\n");
  }
  end_as_request(&bytes);
  feed_one(play, &bytes, (size_t)play->scenario->argument, limits, due);
  bytes_free(&bytes);
}

static void header_lines_allowed(struct play *play) {
  if (find_all(play)) {
    header_lines(play, false, WSLAYX_REQUEST_WEBSOCKET);
  }
}

static void header_lines_beyond_the_limit(struct play *play) {
  if (find_all(play)) {
    header_lines(play, true, WSLAYX_REQUEST_BAD);
  }
}

/* A header line of n bytes. */
static void one_line(struct play *play, bool limits, int due) {
  struct bytes bytes = request_line_and_host();
  bytes_add_text(&bytes, "X: ");
  for (size_t i = 0; i < play->n; i++) {
    bytes_add_byte(&bytes, 'y');
  }
  bytes_add_text(&bytes, "\r\n");
  end_as_request(&bytes);
  feed_one(play, &bytes, (size_t)play->scenario->argument, limits, due);
  bytes_free(&bytes);
}

static void long_line_allowed(struct play *play) {
  if (find_all(play)) {
    one_line(play, false, WSLAYX_REQUEST_WEBSOCKET);
  }
}

static void long_line_beyond_the_limit(struct play *play) {
  if (find_all(play)) {
    one_line(play, true, WSLAYX_REQUEST_BAD);
  }
}

/* An element of a list n times, which is judged when the head is complete. */
static void long_list(struct play *play) {
  struct bytes bytes = request_line_and_host();
  if (!find_all(play)) {
    bytes_free(&bytes);
    return;
  }
  bytes_add_text(&bytes, "Connection: a");
  for (size_t i = 0; i < play->n; i++) {
    bytes_add_text(&bytes, ",,b");
  }
  bytes_add_text(&bytes, "\r\n");
  end_as_request(&bytes);
  feed_one(play, &bytes, bytes.length, false, WSLAYX_REQUEST_WEBSOCKET);
  bytes_free(&bytes);
}

static void many_subprotocols(struct play *play) {
  struct bytes bytes = request_line_and_host();
  if (!find_all(play)) {
    bytes_free(&bytes);
    return;
  }
  bytes_add_text(&bytes, "Sec-WebSocket-Protocol: a");
  for (size_t i = 0; i < play->n; i++) {
    bytes_add_text(&bytes, ",p%lu", (unsigned long)i);
  }
  bytes_add_text(&bytes, "\r\n");
  end_as_request(&bytes);
  feed_one(play, &bytes, bytes.length, false, WSLAYX_REQUEST_BAD);
  bytes_free(&bytes);
}

/* n connections whose heads do not end. */
static void silence_in_the_head(struct play *play) {
  struct bytes bytes = request_line_and_host();
  handshake_context *contexts = calloc(play->n, sizeof *contexts);
  bytes.length -= (size_t)play->scenario->argument;
  if (find_all(play)) {
    play_begin(play);
    for (size_t i = 0; i < play->n; i++) {
      contexts[i] = begin(play);
      int result = feed(play, contexts[i], &bytes, bytes.length);
      play_expect(play, result == WSLAYX_REQUEST_INCOMPLETE,
                  "it is taken for something else");
    }
    play_end(play);
    for (size_t i = 0; i < play->n; i++) {
      server.free(contexts[i]);
    }
  }
  free(contexts);
  bytes_free(&bytes);
}

/* n bytes behind a head, which are then read one by one. */
static void bytes_behind_a_head(struct play *play) {
  struct bytes bytes = request_line_and_host();
  uint8_t byte;
  size_t count = 0;
  end_as_request(&bytes);
  for (size_t i = 0; i < play->n; i++) {
    bytes_add_byte(&bytes, 'x');
  }
  if (find_all(play)) {
    play_begin(play);
    handshake_context context = begin(play);
    feed(play, context, &bytes, (size_t)play->scenario->argument);
    while (server.read(context, &byte, 1) == 1) {
      play->figures.calls++;
      count++;
    }
    play_expect(play, count == play->n, "not all is read");
    play_end(play);
    server.free(context);
  }
  bytes_free(&bytes);
}

#define HELD                                                                   \
  { 6, 0, 6 }
/* A header line costs the places of its parts as well: 32 bytes for the 6 of
   the shortest, in a buffer that has room to grow. */
#define PARTS_HELD                                                             \
  { 40, 0, 24 }
#define LIMITED                                                                \
  { 0, 128 * 1024, 0 }
/* The request that was judged is there until the end. */
#define A_REQUEST                                                              \
  { 6, 4096, 0 }

const struct scenario handshakes[] = {
    {"a head, half of it, silent", silence_in_the_head, 2500, 10, HELD},
    {"header lines, a byte a call", header_lines_allowed, 8000, 1, PARTS_HELD},
    {"the same beyond the limit", header_lines_beyond_the_limit, 8000, 1,
     LIMITED},
    {"header lines at once", header_lines_allowed, 50000, SIZE_MAX, PARTS_HELD},
    {"a long header line, a byte a call", long_line_allowed, 1 << 16, 1, HELD},
    {"the same beyond the limit", long_line_beyond_the_limit, 1 << 17, 1,
     LIMITED},
    {"a long list in a header line", long_list, 50000, 0, HELD},
    {"subprotocols", many_subprotocols, 50000, 0, HELD},
    {"bytes behind a head", bytes_behind_a_head, 1 << 17, 100, A_REQUEST},
    {NULL, NULL, 0, 0, {0, 0, 0}},
};
