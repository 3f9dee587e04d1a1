/*
 * Opens the socket that a server accepts its clients from. A header like net.h,
 * so that a server compiles as a single file.
 */
#ifndef EXAMPLES_LISTEN_H
#define EXAMPLES_LISTEN_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

static inline int listen_at(const struct sockaddr *address, socklen_t size) {
  int on = 1, off = 0, fd = socket(address->sa_family, SOCK_STREAM, 0);
  if (fd == -1) {
    return -1;
  }
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (address->sa_family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  }
  if (bind(fd, address, size) == -1 || listen(fd, SOMAXCONN) == -1 ||
      make_non_block(fd) == -1) {
    close(fd);
    return -1;
  }
  return fd;
}

/* One IPv6 socket takes IPv4 clients, too; IPv4 alone where there is no IPv6.
 * Returns the socket, and the port in *port. */
static inline int open_listener(uint16_t *port) {
  struct sockaddr_in6 any6;
  struct sockaddr_in any4;
  struct sockaddr_storage bound;
  socklen_t size = sizeof(bound);
  int fd;
  memset(&any6, 0, sizeof(any6));
  memset(&any4, 0, sizeof(any4));
  any6.sin6_family = AF_INET6;
  any4.sin_family = AF_INET;
  any6.sin6_port = any4.sin_port = htons(*port);
  fd = listen_at((const struct sockaddr *)&any6, sizeof(any6));
  if (fd == -1) {
    fd = listen_at((const struct sockaddr *)&any4, sizeof(any4));
  }
  if (fd == -1 || getsockname(fd, (struct sockaddr *)&bound, &size) == -1) {
    return -1;
  }
  *port = ntohs(bound.ss_family == AF_INET6
                    ? ((struct sockaddr_in6 *)&bound)->sin6_port
                    : ((struct sockaddr_in *)&bound)->sin_port);
  return fd;
}

#endif
