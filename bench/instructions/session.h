/*
 * One endpoint on the library, the bytes that it is given and a count of what
 * it did. None of this calls libc while a case is played: whatever libc does
 * then, the library asked for.
 */
#ifndef INSTRUCTIONS_SESSION_H
#define INSTRUCTIONS_SESSION_H

#include <wslay/wslay.h>

#include "../frame.h"

struct session {
  wslay_event_context_ptr ctx;
  wslay_frame_context_ptr frame_ctx;

  /* `count` messages one behind the other: `length` bytes at `wire`, as the
   * peer sends them, each of `message_length` bytes. */
  uint8_t *wire;
  size_t length, message_length, count;
  /* One payload of `payload_length` bytes. */
  uint8_t *payload;
  size_t payload_length;
  uint8_t opcode;

  /* What the recv callback has to give until it would block. */
  const uint8_t *in, *in_end;
  /* What a fragmented message still has to give. */
  size_t fragment_rest;

  /* Messages reported, and bytes given to the send callback. */
  size_t messages, sent;
};

/* How a session begins. */
struct opening {
  enum content content;
  size_t payload_length;
  /* Frames of a message that the peer sends. */
  size_t fragments;
  uint8_t opcode;
  /* The library is the client; else the server. */
  int client;
  /* Echo messages; else only count them. */
  int echo;
  int no_buffering;
};

void session_open(struct session *session, const struct opening *opening);
void session_close(struct session *session);

/* Initialises another context of the same kind and frees it. */
void session_cycle_context(struct session *session);

/* Receives these bytes. */
void session_recv(struct session *session, const uint8_t *bytes, size_t length);
/* Sends what is queued. */
void session_send(struct session *session);
void session_queue(struct session *session);
void session_queue_fragmented(struct session *session);

/* The frame API: receives the bytes to their end; sends one frame. */
void session_frame_recv(struct session *session, const uint8_t *bytes,
                        size_t length);
void session_frame_send(struct session *session);

/* Ends the program. */
void fail(const char *what, long result);

#endif
