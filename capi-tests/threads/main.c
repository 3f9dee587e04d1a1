/* Sessions between two threads, which drive one context each at the same time
   (contract C3). The argument is how many sessions to play. */
#include "end.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not 0 if it failed. */
static int play(struct ring *to_server, struct ring *to_client,
                uint32_t number) {
  struct end ends[2];
  pthread_t threads[2];
  int i;
  memset(to_server, 0, sizeof(*to_server));
  memset(to_client, 0, sizeof(*to_client));
  memset(ends, 0, sizeof(ends));
  for (i = 0; i < 2; ++i) {
    ends[i].role = i == 0 ? SERVER : CLIENT;
    ends[i].in = i == 0 ? to_server : to_client;
    ends[i].out = i == 0 ? to_client : to_server;
    ends[i].random = number;
  }
  for (i = 0; i < 2; ++i) {
    if (pthread_create(&threads[i], NULL, end_run, &ends[i]) != 0) {
      abort();
    }
  }
  for (i = 0; i < 2; ++i) {
    pthread_join(threads[i], NULL);
  }
  return ends[0].failed || ends[1].failed;
}

int main(int argc, char **argv) {
  static struct ring to_server;
  static struct ring to_client;
  uint32_t sessions = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
  uint32_t failed = 0;
  uint32_t number;
  for (number = 0; number < sessions; ++number) {
    if (play(&to_server, &to_client, number) != 0) {
      ++failed;
      fprintf(stderr, "session %u failed\n", number);
    }
  }
  printf("%u passed, %u failed\n", sessions - failed, failed);
  return failed != 0 || sessions == 0;
}
