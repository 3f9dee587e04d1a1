/*
 * The table of cases. "burst" means all that the session has in one call, 64
 * KiB of small messages; "single", one message a call.
 */
#include "cases.h"

static void echo_burst(struct session *session) {
  session_recv(session, session->wire, session->length);
  session_send(session);
}

static void echo_single(struct session *session) {
  const uint8_t *at = session->wire;
  size_t i;
  for (i = 0; i < session->count; i++, at += session->message_length) {
    session_recv(session, at, session->message_length);
    session_send(session);
  }
}

static void receive_burst(struct session *session) {
  session_recv(session, session->wire, session->length);
}

static void send_burst(struct session *session) {
  size_t i;
  for (i = 0; i < session->count; i++) {
    session_queue(session);
  }
  session_send(session);
}

static void send_single(struct session *session) {
  size_t i;
  for (i = 0; i < session->count; i++) {
    session_queue(session);
    session_send(session);
  }
}

static void send_fragmented(struct session *session) {
  size_t i;
  for (i = 0; i < session->count; i++) {
    session_queue_fragmented(session);
    session_send(session);
  }
}

static void frame_recv(struct session *session) {
  session_frame_recv(session, session->wire, session->length);
}

static void frame_send(struct session *session) {
  size_t i;
  for (i = 0; i < session->count; i++) {
    session_frame_send(session);
  }
}

static void cycle_context(struct session *session) {
  size_t i;
  for (i = 0; i < session->count; i++) {
    session_cycle_context(session);
  }
}

/* Bytes that a server's frame has beside its payload, and a client's. */
#define SERVER_HEADER(size) ((size) < 126 ? 2 : (size) < 65536 ? 4 : 10)
#define CLIENT_HEADER(size) (SERVER_HEADER(size) + 4)

#define ECHO_CASE(kind, content, opcode, size, mode)                           \
  {                                                                            \
    "echo-" kind "-" #size "-" #mode, {content, size, 1, opcode, .echo = 1},   \
        echo_##mode, 1, SERVER_HEADER(size) + size                             \
  }
#define ECHO_KINDS(size, mode)                                                 \
  ECHO_CASE("ascii", ASCII, WSLAY_TEXT_FRAME, size, mode),                     \
      ECHO_CASE("multibyte", MULTIBYTE, WSLAY_TEXT_FRAME, size, mode),         \
      ECHO_CASE("binary", BINARY, WSLAY_BINARY_FRAME, size, mode)

#define SEND_CASE(size, mode)                                                  \
  {                                                                            \
    "client-send-" #size "-" #mode,                                            \
        {BINARY, size, 1, WSLAY_BINARY_FRAME, .client = 1}, send_##mode, 0,    \
        CLIENT_HEADER(size) + size                                             \
  }

const struct test_case cases[] = {
    ECHO_KINDS(16, burst),
    ECHO_KINDS(16, single),
    ECHO_KINDS(125, burst),
    ECHO_KINDS(125, single),
    ECHO_KINDS(1024, burst),
    ECHO_KINDS(1024, single),
    ECHO_KINDS(16384, burst),
    ECHO_KINDS(16384, single),
    ECHO_KINDS(1048576, single),
    SEND_CASE(16, burst),
    SEND_CASE(125, burst),
    SEND_CASE(125, single),
    SEND_CASE(1024, burst),
    SEND_CASE(16384, burst),
    SEND_CASE(1048576, single),
    {"client-receive-125-burst",
     {ASCII, 125, 1, WSLAY_TEXT_FRAME, .client = 1},
     receive_burst,
     1,
     0},
    {"echo-16-fragments-of-1024",
     {ASCII, 16384, 16, WSLAY_TEXT_FRAME, .echo = 1},
     echo_single,
     1,
     SERVER_HEADER(16384) + 16384},
    {"send-fragmented-16384",
     {BINARY, 16384, 1, WSLAY_BINARY_FRAME, .echo = 0},
     send_fragmented,
     0,
     4 * (SERVER_HEADER(4096) + 4096)},
    {"no-buffering-16384",
     {BINARY, 16384, 1, WSLAY_BINARY_FRAME, .no_buffering = 1},
     receive_burst,
     1,
     0},
    {"ping-16",
     {BINARY, 16, 1, WSLAY_PING, .echo = 1},
     echo_single,
     1,
     SERVER_HEADER(16) + 16},
    {"frame-recv-125",
     {BINARY, 125, 1, WSLAY_BINARY_FRAME, .echo = 0},
     frame_recv,
     1,
     0},
    {"frame-send-125",
     {BINARY, 125, 1, WSLAY_BINARY_FRAME, .echo = 0},
     frame_send,
     0,
     SERVER_HEADER(125) + 125},
    {"context-init-and-free",
     {BINARY, 1024, 1, WSLAY_BINARY_FRAME, .echo = 0},
     cycle_context,
     0,
     0},
};

const size_t case_count = sizeof cases / sizeof *cases;
