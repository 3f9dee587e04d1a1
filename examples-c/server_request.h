/*
 * Judges the HTTP request that asks for a WebSocket. A header like net.h, so
 * that the server compiles as a single file.
 */
#ifndef EXAMPLES_SERVER_REQUEST_H
#define EXAMPLES_SERVER_REQUEST_H

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <wslay/wslayx.h>

#include "net.h"

/* What a request's header fields said, as far as the handshake cares. */
struct Request {
  int hosts, upgrade, connection, versions, keys;
  const char *host, *version, *key;
};

static inline int check_request_line(const char *line) {
  const char *target = strchr(line, ' ');
  const char *version = target ? strchr(target + 1, ' ') : NULL;
  unsigned major, minor;
  if (strpbrk(line, "\t\r\n") || target == line || version == NULL ||
      version == target + 1 || strlen(version) != strlen(" HTTP/1.1") ||
      sscanf(version, " HTTP/%1u.%1u", &major, &minor) != 2) {
    return 400;
  }
  if (major == 0 || (major == 1 && minor == 0)) {
    return 505;
  }
  return strncmp(line, "GET ", 4) == 0 ? 0 : 405;
}

/* Notes what a header line says. Returns 0, or 400 when it is none. */
static inline int take_header(struct Request *request, char *line) {
  const char *name = line, *value = split_header(line);
  if (value == NULL) {
    return 400;
  }
  if (strcasecmp(name, "Host") == 0) {
    request->hosts += 1;
    request->host = value;
  } else if (strcasecmp(name, "Upgrade") == 0) {
    request->upgrade |= has_token(value, "websocket");
  } else if (strcasecmp(name, "Connection") == 0) {
    request->connection |= has_token(value, "upgrade");
  } else if (strcasecmp(name, "Sec-WebSocket-Version") == 0) {
    request->versions += 1;
    request->version = value;
  } else if (strcasecmp(name, "Sec-WebSocket-Key") == 0) {
    request->keys += 1;
    request->key = value;
  }
  return 0;
}

/*
 * The checks of RFC 6455, section 4.2.1. Returns 0 and the value for
 * Sec-WebSocket-Accept, or the HTTP status to refuse with.
 */
static inline int check_request(char *head,
                                char accept[WSLAYX_ACCEPT_KEY_SIZE]) {
  struct Request request = {0, 0, 0, 0, 0, NULL, NULL, NULL};
  char *line = next_line(&head);
  int status = line ? check_request_line(line) : 400;
  while (status == 0 && (line = next_line(&head)) != NULL) {
    status = take_header(&request, line);
  }
  if (status != 0) {
    return status;
  }
  /* The server's authority, so never empty, whatever RFC 9112 (3.2) allows. */
  if (request.hosts != 1 || *request.host == '\0' || !request.upgrade ||
      !request.connection) {
    return 400;
  }
  if (request.versions != 1 || strcmp(request.version, "13") != 0) {
    return 426;
  }
  if (request.keys != 1 ||
      wslayx_accept_key(request.key, strlen(request.key), accept) != 0) {
    return 400;
  }
  return 0;
}

#endif
