/*
 * A chat room: whoever opens the program's page in a browser is in it. The
 * page, chat.html, is compiled into the program and served from the same port.
 *
 *   make chat          (in the directory above)
 *
 * Messages are text. The first line says what it is, the next who it is about:
 *
 *   from a client:  name NAME           takes a name, which is how one enters
 *                   say TEXT
 *   to a client:    you ID NAME         its own name, then who else is there:
 *                   here ID NAME
 *                   joined ID NAME      what goes to everybody
 *                   renamed ID NAME
 *                   left ID NAME
 *                   said ID TEXT        its sender gets it, too
 *
 * with a newline where a space is shown; TEXT may have more of them.
 *
 * A client that does not read cannot hold up the others, and what waits for it
 * may not fill the memory: once its backlog has reached the limit, it has to
 * go.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wslay/wslay.h>
#include <wslay/wslayx.h>

#include "chat_page.h"
#include "epoll_server.h"

enum {
  NAME_MAX_BYTES = 128,
  MESSAGE_MAX = 4 << 20,
  BACKLOG_MAX = 4 * MESSAGE_MAX,
  TRY_AGAIN_LATER = 1013 /* registered after RFC 6455 */
};

/* The page has no need to load anything or to talk to anyone else. */
static const char page_policy[] =
    "default-src 'none'; connect-src 'self'; img-src data:; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Member {
  struct Member *next;
  struct Connection *connection;
  unsigned long id;
  char name[NAME_MAX_BYTES + 1]; /* empty: connected, but not in the room */
};

static struct Member *members;
static unsigned long last_id;

/* The page opens its WebSocket at the address that it came from; pages of
 * others have no business here (RFC 6455, section 10.2). Only browsers send an
 * Origin. */
static int is_foreign(struct wslayx_server_handshake *handshake) {
  const char *origin = wslayx_server_handshake_get_origin(handshake);
  const char *host = wslayx_server_handshake_get_host(handshake);
  const char *authority = origin == NULL ? NULL : strstr(origin, "://");
  return origin != NULL &&
         (authority == NULL || strcmp(authority + strlen("://"), host) != 0);
}

static void on_request(struct wslayx_server_handshake *handshake, int request) {
  const char *method = wslayx_server_handshake_get_method(handshake);
  const char *target = wslayx_server_handshake_get_target(handshake);
  if (request == WSLAYX_REQUEST_WEBSOCKET) {
    if (is_foreign(handshake)) {
      wslayx_server_handshake_respond(handshake, 403, NULL, NULL, 0);
    }
  } else if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
    if (strcmp(target, "/") == 0) {
      wslayx_server_handshake_add_header(handshake, "Content-Security-Policy",
                                         page_policy);
      wslayx_server_handshake_respond(
          handshake, 200, "text/html; charset=utf-8", page, sizeof(page));
    } else {
      wslayx_server_handshake_respond(handshake, 404, NULL, NULL, 0);
    }
  } /* else the library has refused it */
}

/* Sends one message to a member, unless it is too slow to be sent any more. */
static void send_to(struct Member *member, const char *message, size_t length) {
  if (is_full(member->connection)) {
    close_connection(member->connection, TRY_AGAIN_LATER, "too slow");
  } else {
    send_message(member->connection, WSLAY_TEXT_FRAME, (const uint8_t *)message,
                 length);
  }
}

/* Sends to everybody in the room what is said about one of them. */
static void broadcast(const char *kind, const struct Member *about,
                      const char *text, size_t length) {
  struct Member *member;
  char *message = malloc(64 + length);
  int head;
  if (message == NULL) {
    close_connection(about->connection, WSLAY_CODE_INTERNAL_SERVER_ERROR, "");
    return;
  }
  head = sprintf(message, "%s\n%lu\n", kind, about->id);
  if (length > 0) {
    memcpy(message + head, text, length);
  }
  for (member = members; member != NULL; member = member->next) {
    if (member->name[0] != '\0') {
      send_to(member, message, (size_t)head + length);
    }
  }
  free(message);
}

static void tell(struct Member *member, const char *kind,
                 const struct Member *about) {
  char message[64 + NAME_MAX_BYTES];
  int length = snprintf(message, sizeof(message), "%s\n%lu\n%s", kind,
                        about->id, about->name);
  send_to(member, message, (size_t)length);
}

/* The library has seen to it that it is UTF-8. */
static int is_name(const char *text, size_t length) {
  size_t i;
  for (i = 0; i < length; ++i) {
    if ((unsigned char)text[i] < ' ' || text[i] == '\x7f') {
      return 0;
    }
  }
  return length > 0 && length <= NAME_MAX_BYTES;
}

static void set_name(struct Member *member, const char *name, size_t length) {
  int is_new = member->name[0] == '\0';
  struct Member *other;
  if (!is_name(name, length)) {
    close_connection(member->connection, WSLAY_CODE_POLICY_VIOLATION,
                     "not a name");
    return;
  }
  if (is_new) {
    for (other = members; other != NULL; other = other->next) {
      if (other->name[0] != '\0') {
        tell(member, "here", other);
      }
    }
    memcpy(member->name, name, length); /* the rest is 0 */
    tell(member, "you", member);
    broadcast("joined", member, name, length);
  } else {
    memset(member->name, 0, sizeof(member->name));
    memcpy(member->name, name, length);
    broadcast("renamed", member, name, length);
  }
}

static void on_open(struct Connection *connection, void **state) {
  struct Member *member = calloc(1, sizeof(*member));
  if (member == NULL) {
    close_connection(connection, WSLAY_CODE_INTERNAL_SERVER_ERROR, "");
    return;
  }
  member->connection = connection;
  member->id = ++last_id;
  member->next = members;
  members = member;
  *state = member;
}

static void on_message(struct Connection *connection, void *state,
                       const struct wslay_event_on_msg_recv_arg *message) {
  struct Member *member = (struct Member *)state;
  const char *text = (const char *)message->msg;
  size_t length = message->msg_length;
  if (message->opcode != WSLAY_TEXT_FRAME) {
    close_connection(connection, WSLAY_CODE_UNSUPPORTED_DATA, "text only");
  } else if (length >= 5 && memcmp(text, "name\n", 5) == 0) {
    set_name(member, text + 5, length - 5);
  } else if (length >= 4 && memcmp(text, "say\n", 4) == 0 &&
             member->name[0] != '\0') {
    broadcast("said", member, text + 4, length - 4);
  } else {
    close_connection(connection, WSLAY_CODE_POLICY_VIOLATION,
                     "no such message");
  }
}

static void on_close(struct Connection *connection, void *state) {
  struct Member *member = (struct Member *)state, **at = &members;
  (void)connection;
  if (member == NULL) {
    return;
  }
  while (*at != member) {
    at = &(*at)->next;
  }
  *at = member->next;
  if (member->name[0] != '\0') {
    broadcast("left", member, member->name, strlen(member->name));
  }
  free(member);
}

int main(int argc, char **argv) {
  static const struct Service chat = {
      on_request, MESSAGE_MAX, BACKLOG_MAX, on_open, on_message, on_close,
  };
  return serve(&chat, argc, argv);
}
