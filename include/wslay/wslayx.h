/*
 * wslayx.h: what wslay leaves to the programs that use it.
 *
 * These functions are an extension: wslay itself does not have them.
 *
 * Generated from the Rust sources: change those and run `make headers`.
 */

#ifndef WSLAYX_H
#define WSLAYX_H

#include <stddef.h>
#include <wslay/wslay.h>

/**
 * Bytes that wslayx_accept_key() writes: 28 characters and a NUL.
 */
#define WSLAYX_ACCEPT_KEY_SIZE 29

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Computes the value of `Sec-WebSocket-Accept` for a client's key.
 *
 * `key` points to the `key_length` characters of the client's `Sec-WebSocket-Key`,
 * without white space around them; no NUL is needed. `accept` points to
 * `WSLAYX_ACCEPT_KEY_SIZE` bytes, which get the value as a string.
 *
 * Returns 0, or `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL or the key is not
 * the base64 form of exactly 16 bytes, in which case the request deserves a 400;
 * `accept`, unless NULL, then holds the empty string. May be called anywhere, also
 * inside callbacks and from several threads at once. (RFC 6455 section 4.2)
 */
int wslayx_accept_key(const char *key,
                      size_t key_length,
                      char *accept);

/**
 * Whether a Close that the library itself raises (its answer to the peer's Close, and the
 * Closes of a protocol error, of invalid UTF-8, of a message that is too big, and of a
 * failed recv callback) goes out behind the messages queued before it.
 *
 * `val` is 0 for no, as in wslay: the Close overtakes the data messages that wait, which
 * are then never sent, and drops the control messages. Anything else for yes: what was
 * queued before goes out first, so that a peer gets every answer that it is owed; the Close
 * waits for fragmented messages until their callbacks end them. It concerns Closes raised
 * from then on, and not those of wslay_event_queue_close().
 *
 * `ctx` may be NULL. May be called inside callbacks. (S3; RFC 6455 section 5.5.1)
 */
void wslayx_event_config_set_close_after_queued(wslay_event_context_ptr ctx,
                                                int val);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* WSLAYX_H */
