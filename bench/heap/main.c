/* Heap bytes of one connection, in this library and in C wslay.

     heap THEIRS OURS   a table
     heap --tsv ...     measure, library and value, with tabs between

   A block counts with all that malloc_usable_size says of it and the eight
   bytes that glibc keeps in front of it. The program's own memory is not
   counted. */
#include <stdio.h>
#include <string.h>

#include "../../capi-tests/frames.h"
#include "../../hostile-peers/connection.h"
#include "../../hostile-peers/heap.h"

enum { SMALL = 125, LARGE = 1 << 20 };

/* What comes in, made before anything is measured. */
static struct bytes small_to_server, small_to_client, large_to_server;

static size_t heap_used(const struct play *play) {
  return heap_now().live - play->heap_before;
}

static size_t heap_peak(const struct play *play) {
  return heap_now().peak - play->heap_before;
}

static void echo(struct connection *connection, const struct bytes *message,
                 size_t length, struct pace pace) {
  connection_receive(connection, message->at, message->length, pace);
  play_expect(connection->play, connection->last_message == length,
              "no message came");
  connection_queue(connection, WSLAY_BINARY_FRAME, length);
  connection_send(connection, ALL, ALL);
}

static size_t just_made(struct play *play, struct connection *connection) {
  connection_open(connection, play, SERVER);
  return heap_used(play);
}

static size_t after_small_echo(struct play *play,
                               struct connection *connection) {
  connection_open(connection, play, SERVER);
  echo(connection, &small_to_server, SMALL, at_once);
  return heap_used(play);
}

static size_t after_small_echo_of_client(struct play *play,
                                         struct connection *connection) {
  connection_open(connection, play, CLIENT);
  echo(connection, &small_to_client, SMALL, at_once);
  return heap_used(play);
}

static size_t after_large_echo(struct play *play,
                               struct connection *connection) {
  connection_open(connection, play, SERVER);
  echo(connection, &large_to_server, LARGE, at_once);
  return heap_used(play);
}

static size_t half_a_header(struct play *play, struct connection *connection) {
  connection_open(connection, play, SERVER);
  connection_receive(connection, small_to_server.at, 3, at_once);
  return heap_used(play);
}

static size_t half_a_message(struct play *play, struct connection *connection) {
  connection_open(connection, play, SERVER);
  connection_receive(connection, small_to_server.at,
                     small_to_server.length - SMALL / 2, at_once);
  return heap_used(play);
}

static size_t one_queued(struct play *play, struct connection *connection) {
  connection_open(connection, play, SERVER);
  connection_queue(connection, WSLAY_BINARY_FRAME, SMALL);
  connection_send(connection, 0, 0);
  return heap_used(play);
}

static size_t peak_of_small_echo(struct play *play,
                                 struct connection *connection) {
  connection_open(connection, play, SERVER);
  echo(connection, &small_to_server, SMALL, at_once);
  return heap_peak(play);
}

static size_t peak_of_large_at_once(struct play *play,
                                    struct connection *connection) {
  connection_open(connection, play, SERVER);
  connection_receive(connection, large_to_server.at, large_to_server.length,
                     at_once);
  return heap_peak(play);
}

static size_t peak_of_large_in_pieces(struct play *play,
                                      struct connection *connection) {
  static const struct pace a_segment_a_call = {1460, 1460};
  connection_open(connection, play, SERVER);
  connection_receive(connection, large_to_server.at, large_to_server.length,
                     a_segment_a_call);
  return heap_peak(play);
}

static size_t peak_of_large_out(struct play *play,
                                struct connection *connection) {
  connection_open(connection, play, SERVER);
  connection_queue(connection, WSLAY_BINARY_FRAME, LARGE);
  connection_send(connection, ALL, ALL);
  return heap_peak(play);
}

/* Of a connection that has been in use. */
static size_t requests_of_small_echo(struct play *play,
                                     struct connection *connection) {
  connection_open(connection, play, SERVER);
  echo(connection, &small_to_server, SMALL, at_once);
  size_t before = heap_now().requests;
  echo(connection, &small_to_server, SMALL, at_once);
  return heap_now().requests - before;
}

static size_t requests_of_large_in(struct play *play,
                                   struct connection *connection) {
  connection_open(connection, play, SERVER);
  size_t before = heap_now().requests;
  connection_receive(connection, large_to_server.at, large_to_server.length,
                     at_once);
  return heap_now().requests - before;
}

static const struct {
  const char *name;
  size_t (*measure)(struct play *play, struct connection *connection);
  size_t target; /* 0 for none */
} measures[] = {
    {"bytes, connection just made", just_made, 0},
    {"bytes, idle after an echo of 125 bytes", after_small_echo, 256},
    {"bytes, the same at a client", after_small_echo_of_client, 256},
    {"bytes, idle after an echo of 1 MiB", after_large_echo, 256},
    {"bytes, half a header is in", half_a_header, 256},
    {"bytes, half of 125 bytes is in", half_a_message, 0},
    {"bytes, 125 bytes wait to be sent", one_queued, 0},
    {"peak, an echo of 125 bytes", peak_of_small_echo, 0},
    {"peak, 1 MiB comes in at once", peak_of_large_at_once, 0},
    {"peak, 1 MiB comes in by 1,460 bytes", peak_of_large_in_pieces, 0},
    {"peak, 1 MiB is queued and sent", peak_of_large_out, 0},
    {"allocations, an echo of 125 bytes", requests_of_small_echo, 0},
    {"allocations, 1 MiB comes in at once", requests_of_large_in, 0},
};

static size_t measure(size_t number, const struct library *library,
                      bool *failed) {
  struct play play;
  struct connection connection;
  memset(&play, 0, sizeof play);
  play.library = library;
  play_begin(&play);
  size_t value = measures[number].measure(&play, &connection);
  connection_close(&connection);
  play_expect(&play, heap_used(&play) == 0, "memory is lost");
  if (play.complaint[0] != '\0') {
    fprintf(stderr, "%s, %s: %s\n", library->name, measures[number].name,
            play.complaint);
    *failed = true;
  }
  return value;
}

static void make_input(void) {
  static const uint8_t payload[LARGE];
  put_frame(&small_to_server, FIN | BINARY, 1, payload, SMALL);
  put_frame(&small_to_client, FIN | BINARY, 0, payload, SMALL);
  put_frame(&large_to_server, FIN | BINARY, 1, payload, LARGE);
}

int main(int argc, char **argv) {
  struct library theirs, ours;
  bool failed = false;
  bool tsv = argc > 1 && strcmp(argv[1], "--tsv") == 0;
  if (argc != 3 + tsv) {
    fputs("heap [--tsv] THEIRS OURS\n", stderr);
    return 2;
  }
  library_load(&theirs, "C wslay", argv[1 + tsv]);
  library_load(&ours, "ours", argv[2 + tsv]);
  make_input();
  if (!tsv) {
    printf("%-40s %9s %9s %9s\n", "", "ours", "C wslay", "target");
  }
  for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
    size_t our_value = measure(i, &ours, &failed);
    size_t their_value = measure(i, &theirs, &failed);
    if (tsv) {
      printf("%s\t%s\t%zu\n", measures[i].name, ours.name, our_value);
      printf("%s\t%s\t%zu\n", measures[i].name, theirs.name, their_value);
    } else {
      printf("%-40s %9zu %9zu", measures[i].name, our_value, their_value);
      if (measures[i].target > 0) {
        printf(" %9zu", measures[i].target);
      }
      putchar('\n');
    }
  }
  return failed;
}
