/* The frames that are played, as wire.py wrote them. */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/* The same `count` messages of `payload_length` bytes, twice. */
struct frames {
  /* As a client sends them: masked. */
  uint8_t *client;
  size_t client_length;
  /* As a server sends them. */
  uint8_t *server;
  size_t server_length;
  size_t count;
  size_t payload_length;
  /* Bytes of a frame before its payload. */
  size_t client_header, server_header;
  uint8_t opcode;
};

/* Reads DIR/KIND-SIZE.client and .server; ends the program if it cannot. */
void frames_read(struct frames *frames, const char *dir, const char *kind,
                 size_t size);

#endif
