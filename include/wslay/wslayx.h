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

/**
 * What wslayx_server_handshake_feed() has found.
 */
enum wslayx_request {
  /**
   * The head of the request has not ended: feed more.
   */
  WSLAYX_REQUEST_INCOMPLETE = 0,
  /**
   * A request for a WebSocket, as RFC 6455 section 4.2.1 wants it: call
   * wslayx_server_handshake_accept() or wslayx_server_handshake_respond().
   */
  WSLAYX_REQUEST_WEBSOCKET = 1,
  /**
   * A well-formed HTTP request that asks for no WebSocket. A response that refuses
   * it is ready to be sent (426 for a GET, 405 for others); a program that serves
   * HTTP, too, replaces it by wslayx_server_handshake_respond().
   */
  WSLAYX_REQUEST_HTTP = 2,
  /**
   * Not a request that can be taken. A response that says why is ready to be sent
   * (400, 405, 426, 431 or 505); then the connection is to be closed.
   */
  WSLAYX_REQUEST_BAD = 3,
};

/**
 * What wslayx_client_handshake_feed() has found.
 */
enum wslayx_response {
  /**
   * The head of the response has not ended: feed more.
   */
  WSLAYX_RESPONSE_INCOMPLETE = 0,
  /**
   * The WebSocket is open: the connection is ready for an event context.
   */
  WSLAYX_RESPONSE_WEBSOCKET = 1,
  /**
   * A well-formed HTTP response that opens none: its status and headers say why, such
   * as 401 with WWW-Authenticate, or 302 with Location.
   */
  WSLAYX_RESPONSE_HTTP = 2,
  /**
   * Not a response that can be taken: the connection is to be closed.
   */
  WSLAYX_RESPONSE_BAD = 3,
};

/**
 * A client's end of one opening handshake; opaque.
 *
 * It writes the request, is fed the bytes of the server until they make up a response,
 * and says whether that opens the WebSocket. It does no I/O, calls no callback, and
 * holds memory in proportion to the two heads, and to the bytes behind the response
 * until they are read. All its functions may be called inside the callbacks of an event
 * context. One handshake is used by one thread at a time.
 */
struct wslayx_client_handshake;

/**
 * A server's end of one opening handshake; opaque.
 *
 * It is fed the bytes of a client until they make up an HTTP request, says what that
 * request is, and writes the response. It does no I/O, calls no callback, and holds
 * memory in proportion to the head of the request, to the bytes behind it until they are
 * read, and to the response until it is sent. All its functions may be called inside the
 * callbacks of an event context. One handshake is used by one thread at a time.
 */
struct wslayx_server_handshake;

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

/**
 * Makes a handshake, waiting for the first byte of a request.
 *
 * `handshake` points to where it is stored (NULL on failure); free it with
 * wslayx_server_handshake_free(). Returns 0, `WSLAY_ERR_NOMEM`, or
 * `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL.
 */
int wslayx_server_handshake_init(struct wslayx_server_handshake **handshake);

/**
 * Frees a handshake, and with it all strings and bytes that it gave out; does nothing
 * for NULL.
 */
void wslayx_server_handshake_free(struct wslayx_server_handshake *handshake);

/**
 * Sets how many bytes the head of the request may have, up to and with its blank line;
 * by default 16384. A longer one is answered with 431. Call it before the first byte is
 * fed; for a NULL handshake it does nothing.
 */
void wslayx_server_handshake_config_set_max_head_length(struct wslayx_server_handshake *handshake,
                                                        size_t length);

/**
 * Sets how many header lines the request may have; by default 100. More are answered
 * with 431. Call it before the first byte is fed; for a NULL handshake it does nothing.
 */
void wslayx_server_handshake_config_set_max_header_count(struct wslayx_server_handshake *handshake,
                                                         size_t count);

/**
 * Takes what was read from the client: all of it, in pieces of any size.
 *
 * `data` points to `length` bytes, which are copied as far as they are needed. Bytes
 * behind the head of the request are kept for wslayx_server_handshake_read(), also those
 * of later calls; behind a bad request they are dropped.
 *
 * Returns a value of `enum wslayx_request`, which stays the same once it is not
 * `WSLAYX_REQUEST_INCOMPLETE`; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL (`data`
 * may be, when `length` is 0); or `WSLAY_ERR_NOMEM`, after which the handshake can only
 * be freed.
 */
int wslayx_server_handshake_feed(struct wslayx_server_handshake *handshake,
                                 const uint8_t *data,
                                 size_t length);

/**
 * The method of the request, such as "GET".
 *
 * This and the strings of the functions below end in a NUL, live until the handshake is
 * freed, and are NULL while the request is incomplete. After a bad request they are
 * there as far as its head could be taken apart.
 */
const char *wslayx_server_handshake_get_method(struct wslayx_server_handshake *handshake);

/**
 * The target of the request, undecoded: path and query, such as "/chat?room=1". Of an
 * absolute http or https URI these are what is left. In a request for a WebSocket it
 * begins with a slash.
 */
const char *wslayx_server_handshake_get_target(struct wslayx_server_handshake *handshake);

/**
 * The host that the request is for, with the port if one was given: the value of Host,
 * or what an absolute URI as target says. Not NULL in a request for a WebSocket.
 */
const char *wslayx_server_handshake_get_host(struct wslayx_server_handshake *handshake);

/**
 * The value of Origin, or NULL. Browsers always send it, and a server that acts on
 * their users' authority must look at it (RFC 6455 section 10.2).
 */
const char *wslayx_server_handshake_get_origin(struct wslayx_server_handshake *handshake);

/**
 * Subprotocol number `index`, from 0, of those that the client offers, which it prefers
 * in this order; NULL behind the last. No two are the same.
 */
const char *wslayx_server_handshake_get_subprotocol(struct wslayx_server_handshake *handshake,
                                                    size_t index);

/**
 * The value of a header, without the white space around it.
 *
 * `name` is compared without regard to case; where it occurs in several lines, `index`
 * counts them from 0. NULL if there is no such line.
 */
const char *wslayx_server_handshake_get_header(struct wslayx_server_handshake *handshake,
                                               const char *name,
                                               size_t index);

/**
 * What is wrong with the request, in English, for a log; NULL if nothing is. It holds
 * nothing of what the client sent. After `WSLAYX_REQUEST_HTTP` it says why the request
 * is refused by default.
 */
const char *wslayx_server_handshake_get_problem(struct wslayx_server_handshake *handshake);

/**
 * Adds a header to the response that wslayx_server_handshake_accept() or
 * wslayx_server_handshake_respond() is going to write.
 *
 * `name` and `value` are strings, which are copied. The headers that the library writes
 * itself cannot be added: Connection, Content-Length, Host, Transfer-Encoding, Upgrade,
 * and those of the handshake but Sec-WebSocket-Extensions, which a program adds that
 * handles an offered extension itself (see wslay_event_config_set_allowed_rsv_bits()).
 *
 * Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL, the name is no token or
 * one of the above, the value has a control character other than a tab (such as a line
 * break) or white space at its ends, or the response is decided; or `WSLAY_ERR_NOMEM`.
 * Unless it returns 0, nothing is added.
 */
int wslayx_server_handshake_add_header(struct wslayx_server_handshake *handshake,
                                       const char *name,
                                       const char *value);

/**
 * Accepts a request for a WebSocket: writes the response that opens it.
 *
 * `subprotocol` is one of those that the client offers, or NULL for none. No extension
 * is accepted. When the response is sent, the connection is ready for an event context.
 *
 * Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if the last feed did not return
 * `WSLAYX_REQUEST_WEBSOCKET`, the response is decided, or the subprotocol was not
 * offered; or `WSLAY_ERR_NOMEM`. Unless it returns 0, nothing is written.
 */
int wslayx_server_handshake_accept(struct wslayx_server_handshake *handshake,
                                   const char *subprotocol);

/**
 * Writes an HTTP response, by which the connection ends: a refusal, or whatever else a
 * request that asks for no WebSocket is to get. It replaces the response of the library
 * as long as nothing of that was sent.
 *
 * `status_code` is from 200 to 599. `content_type` is the value of Content-Type, or NULL for
 * none. `body` points to `length` bytes, which are copied; 204, 205 and 304 have none,
 * and the response to a HEAD tells their number alone. The headers Connection (close)
 * and, but for 204 and 304, Content-Length are added, for 405 also Allow, and for 426
 * Upgrade and Sec-WebSocket-Version. The request may still be incomplete, say to tell a slow client
 * 408; it is given up and counts as bad.
 *
 * Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL, an argument is none of
 * the above, or the response is decided or on its way; or `WSLAY_ERR_NOMEM`. Unless it
 * returns 0, nothing is written.
 */
int wslayx_server_handshake_respond(struct wslayx_server_handshake *handshake,
                                    unsigned int status_code,
                                    const char *content_type,
                                    const uint8_t *body,
                                    size_t length);

/**
 * What of the response is to be sent: a pointer to `*length` bytes, or NULL and 0 when
 * there is nothing to send, now or any more.
 *
 * The pointer is valid until the next call that writes a response, of
 * wslayx_server_handshake_sent(), or of wslayx_server_handshake_free().
 */
const uint8_t *wslayx_server_handshake_output(struct wslayx_server_handshake *handshake,
                                              size_t *length);

/**
 * Says that the first `length` bytes of wslayx_server_handshake_output() were sent.
 *
 * Returns 0, or `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL or there are fewer.
 */
int wslayx_server_handshake_sent(struct wslayx_server_handshake *handshake,
                                 size_t length);

/**
 * Takes the bytes that came behind the head of the request: the client's first frames,
 * or the body of another request.
 *
 * Copies up to `length` of them to `buf` and returns how many, 0 when none are left or
 * `handshake` is NULL. The recv callback of an event context calls it before it reads
 * from the connection, so that no byte is lost; and since these bytes do not make the
 * connection readable, wslay_event_recv() is to be called once as soon as the context is
 * there.
 */
size_t wslayx_server_handshake_read(struct wslayx_server_handshake *handshake,
                                    uint8_t *buf,
                                    size_t length);

/**
 * Makes a handshake and begins its request, with a key from the operating system's
 * random source.
 *
 * `handshake` points to where it is stored (NULL on failure); free it with
 * wslayx_client_handshake_free(). The strings are copied. `host` is the value of Host:
 * the server's name or address (IPv6 in brackets), and the port if it is not the
 * scheme's own, such as "localhost:9000". `target` is path and query, such as
 * "/chat?room=1", with everything in it encoded as in a URI. `subprotocols` is a comma
 * separated list of those to offer, the preferred first, or NULL for none.
 *
 * Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if another pointer is NULL or a string has
 * characters that cannot stand there, such as a space or a line break, or a subprotocol
 * twice; `WSLAY_ERR_CALLBACK_FAILURE` if the system has no random bytes; or
 * `WSLAY_ERR_NOMEM`.
 */
int wslayx_client_handshake_init(struct wslayx_client_handshake **handshake,
                                 const char *host,
                                 const char *target,
                                 const char *subprotocols);

/**
 * Frees a handshake, and with it all strings and bytes that it gave out; does nothing
 * for NULL.
 */
void wslayx_client_handshake_free(struct wslayx_client_handshake *handshake);

/**
 * Sets how many bytes the head of the response may have, up to and with its blank line,
 * and together with the interim responses before it; by default 16384. A longer one is
 * bad. Call it before the first byte is fed; for a NULL handshake it does nothing.
 */
void wslayx_client_handshake_config_set_max_head_length(struct wslayx_client_handshake *handshake,
                                                        size_t length);

/**
 * Sets how many header lines the response may have; by default 100. A response with more
 * is bad. Call it before the first byte is fed; for a NULL handshake it does nothing.
 */
void wslayx_client_handshake_config_set_max_header_count(struct wslayx_client_handshake *handshake,
                                                         size_t count);

/**
 * Adds a header to the request, such as Origin, Authorization or Cookie.
 *
 * `name` and `value` are strings, which are copied. The headers that the library writes
 * itself cannot be added: Connection, Content-Length, Host, Transfer-Encoding, Upgrade,
 * and those of the handshake but Sec-WebSocket-Extensions, by which a program offers
 * extensions that it handles itself (see wslay_event_config_set_allowed_rsv_bits()).
 *
 * Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL, the name is no token or
 * one of the above, the value has a control character other than a tab (such as a line
 * break) or white space at its ends, or wslayx_client_handshake_output() was called
 * before; or `WSLAY_ERR_NOMEM`. Unless it returns 0, nothing is added.
 */
int wslayx_client_handshake_add_header(struct wslayx_client_handshake *handshake,
                                       const char *name,
                                       const char *value);

/**
 * What of the request is to be sent: a pointer to `*length` bytes, or NULL and 0 when
 * all is sent. The first call completes the request.
 *
 * The pointer is valid until the next call of wslayx_client_handshake_sent() or
 * wslayx_client_handshake_free().
 */
const uint8_t *wslayx_client_handshake_output(struct wslayx_client_handshake *handshake,
                                              size_t *length);

/**
 * Says that the first `length` bytes of wslayx_client_handshake_output() were sent.
 *
 * Returns 0, or `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL or there are fewer.
 */
int wslayx_client_handshake_sent(struct wslayx_client_handshake *handshake,
                                 size_t length);

/**
 * Takes what was read from the server: all of it, in pieces of any size.
 *
 * `data` points to `length` bytes, which are copied as far as they are needed. Interim
 * responses (100, 103) are passed over. Bytes behind the head of the response are kept
 * for wslayx_client_handshake_read(), also those of later calls; behind a bad response
 * they are dropped.
 *
 * Returns a value of `enum wslayx_response`, which stays the same once it is not
 * `WSLAYX_RESPONSE_INCOMPLETE`; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL (`data`
 * may be, when `length` is 0); or `WSLAY_ERR_NOMEM`, after which the handshake can only
 * be freed.
 */
int wslayx_client_handshake_feed(struct wslayx_client_handshake *handshake,
                                 const uint8_t *data,
                                 size_t length);

/**
 * The status of the response, such as 101 or 403; 0 before its head is complete, and
 * when it could not be taken apart.
 */
unsigned int wslayx_client_handshake_get_status(struct wslayx_client_handshake *handshake);

/**
 * The subprotocol that the server has chosen, one of those offered; NULL if none.
 *
 * This and the strings of the functions below end in a NUL and live until the handshake
 * is freed.
 */
const char *wslayx_client_handshake_get_subprotocol(struct wslayx_client_handshake *handshake);

/**
 * The value of a header, without the white space around it.
 *
 * `name` is compared without regard to case; where it occurs in several lines, `index`
 * counts them from 0. NULL if there is no such line.
 */
const char *wslayx_client_handshake_get_header(struct wslayx_client_handshake *handshake,
                                               const char *name,
                                               size_t index);

/**
 * What is wrong with a bad response, in English, for a log; NULL if nothing is. It holds
 * nothing of what the server sent.
 */
const char *wslayx_client_handshake_get_problem(struct wslayx_client_handshake *handshake);

/**
 * Takes the bytes that came behind the head of the response: the server's first frames,
 * or the body of another response.
 *
 * Copies up to `length` of them to `buf` and returns how many, 0 when none are left or
 * `handshake` is NULL. The recv callback of an event context calls it before it reads
 * from the connection, so that no byte is lost; and since these bytes do not make the
 * connection readable, wslay_event_recv() is to be called once as soon as the context is
 * there.
 */
size_t wslayx_client_handshake_read(struct wslayx_client_handshake *handshake,
                                    uint8_t *buf,
                                    size_t length);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* WSLAYX_H */
