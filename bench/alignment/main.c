/* How much the place of a message in memory matters to sending it: queues and
 * sends one at every eighth byte of a page, and prints nanoseconds a message.
 *
 *   alignment LENGTH
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wslay/wslay.h>

enum { PAGE = 4096, STEP = 8, PLACES = PAGE / STEP, ROUNDS = 5, MESSAGES = 20 };

static ssize_t send_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  (void)ctx, (void)data, (void)flags, (void)user_data;
  return (ssize_t)len;
}

static double nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double send_from(wslay_event_context_ptr ctx, const uint8_t *payload,
                        size_t length) {
  struct wslay_event_msg message = {WSLAY_BINARY_FRAME, payload, length};
  double best = 0;
  int round, i;
  for (round = 0; round < ROUNDS; round++) {
    double start = nanoseconds(), time;
    for (i = 0; i < MESSAGES; i++) {
      if (wslay_event_queue_msg(ctx, &message) != 0 ||
          wslay_event_send(ctx) != 0) {
        fprintf(stderr, "alignment: a message was not sent\n");
        exit(1);
      }
    }
    time = (nanoseconds() - start) / MESSAGES;
    if (round == 0 || time < best) {
      best = time;
    }
  }
  return best;
}

static int compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

int main(int argc, char **argv) {
  struct wslay_event_callbacks callbacks = {0};
  size_t length = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
  uint8_t *memory = calloc(1, length + PAGE);
  wslay_event_context_ptr ctx;
  double times[PLACES];
  size_t i;
  callbacks.send_callback = send_callback;
  if (memory == NULL ||
      wslay_event_context_server_init(&ctx, &callbacks, NULL) != 0) {
    return 1;
  }
  for (i = 0; i < PLACES; i++) {
    times[i] = send_from(ctx, memory + i * STEP, length);
  }
  qsort(times, PLACES, sizeof *times, compare);
  printf("%zu bytes: least %.0f, median %.0f, most %.0f ns\n", length, times[0],
         times[PLACES / 2], times[PLACES - 1]);
  wslay_event_context_free(ctx);
  free(memory);
  return 0;
}
