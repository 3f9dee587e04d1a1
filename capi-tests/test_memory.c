/* Running out of memory, and how much of it is used. The limit is one on the
   address space; without it (sanitizers, valgrind) these tests are skipped. */
#define _POSIX_C_SOURCE 200809L
#include "peer.h"

#include <sys/wait.h>
#include <unistd.h>

#define MB ((size_t)1 << 20)

static void need_memory_limit(void) {
  if (!memory_can_be_limited()) {
    skip_test(NULL);
  }
}

/* In a process of its own, which no lack of memory can hurt. */
static int run_apart(int (*part)(void)) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    alarm(60); /* that of the parent is not inherited */
    _exit(part());
  }
  assert_true(child > 0);
  assert_true(waitpid(child, &status, 0) == child);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

/* Every size on its own: freed blocks are kept by size. The pointer is
   volatile, as compilers leave out allocations that nobody uses. */
static void use_up_memory(void) {
  void *volatile block;
  size_t size;
  for (size = 4 * MB; size >= 4096; size /= 2) {
    do {
      block = malloc(size);
    } while (block != NULL);
  }
  for (; size >= 16; size -= 16) {
    do {
      block = malloc(size);
    } while (block != NULL);
  }
}

static int init_without_memory(void) {
  wslay_event_context_ptr server = (wslay_event_context_ptr)&server;
  wslay_event_context_ptr client = (wslay_event_context_ptr)&client;
  limit_memory(0);
  use_up_memory();
  if (wslay_event_context_server_init(&server, &peer_callbacks, NULL) !=
      WSLAY_ERR_NOMEM) {
    return 1;
  }
  if (wslay_event_context_client_init(&client, &peer_callbacks, NULL) !=
      WSLAY_ERR_NOMEM) {
    return 2;
  }
  return server != NULL || client != NULL ? 3 : 0;
}

static void e1_init_without_memory(void **state) {
  (void)state;
  need_memory_limit();
  assert_int_equal(run_apart(init_without_memory), 0);
}

/* Room for one block of every size, so that the first allocation works and a
   later one does not. */
static int init_with_little_memory(void) {
  static void *blocks[1024];
  wslay_event_context_ptr ctx;
  size_t i;
  int result;
  for (i = 0; i < COUNT_OF(blocks); ++i) {
    blocks[i] = malloc((i + 1) * 16);
  }
  limit_memory(0);
  use_up_memory();
  for (i = 0; i < COUNT_OF(blocks); ++i) {
    free(blocks[i]);
    ctx = (wslay_event_context_ptr)&ctx;
    result = wslay_event_context_server_init(&ctx, &peer_callbacks, NULL);
    if (result == 0) {
      wslay_event_context_free(ctx);
    } else if (result != WSLAY_ERR_NOMEM) {
      return 1;
    } else if (ctx != NULL) {
      return 2;
    }
    use_up_memory();
  }
  return 0;
}

static void d14_every_lack_of_memory_is_nomem(void **state) {
  (void)state;
  need_memory_limit();
  assert_int_equal(run_apart(init_with_little_memory), 0);
}

/* A peer whose own log does not grow with what is received. */
static void begin(struct peer *peer) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  callbacks.on_frame_recv_chunk_callback = NULL;
  peer_init_with(peer, SERVER, &callbacks);
}

static void r10_message_without_memory_for_it(void **state) {
  static uint8_t block[MB];
  struct bytes header = {NULL, 0, 0};
  struct peer peer;
  int result;
  int i;
  (void)state;
  need_memory_limit();
  begin(&peer);
  put_header(&header, FIN | BINARY, 1, 0x7fffffff, SHORTEST);
  peer_input(&peer, header.at, header.length);
  peer_input(&peer, block, MB);
  limit_memory(64 * MB);
  result = wslay_event_recv(peer.ctx);
  for (i = 0; i < 200 && result == 0; ++i) {
    peer_input(&peer, block, MB);
    result = wslay_event_recv(peer.ctx);
  }
  unlimit_memory();
  assert_int_equal(result, WSLAY_ERR_NOMEM);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(peer.messages, 0);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  peer_free(&peer);
  bytes_free(&header);
}

static void d11_announced_length_reserves_nothing(void **state) {
  static uint8_t block[MB];
  struct bytes header = {NULL, 0, 0};
  struct peer peers[8];
  size_t i;
  (void)state;
  need_memory_limit();
  put_header(&header, FIN | BINARY, 1, 0x7fffffff, SHORTEST);
  for (i = 0; i < COUNT_OF(peers); ++i) {
    begin(&peers[i]);
    peer_input(&peers[i], header.at, header.length);
    peer_input(&peers[i], block, MB / 2);
  }
  limit_memory(16 * MB);
  for (i = 0; i < COUNT_OF(peers); ++i) {
    int result = wslay_event_recv(peers[i].ctx);
    if (result != 0) {
      unlimit_memory();
    }
    assert_int_equal(result, 0);
  }
  unlimit_memory();
  for (i = 0; i < COUNT_OF(peers); ++i) {
    assert_events(&peers[i], "start binary 2147483647\n");
    peer_free(&peers[i]);
  }
  bytes_free(&header);
}

static void d11_no_maximum_and_the_longest_frame(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  begin(&peer);
  wslay_event_config_set_max_recv_msg_length(peer.ctx, UINT64_MAX);
  put_header(&frame, FIN | BINARY, 1, INT64_MAX, SHORTEST);
  bytes_add(&frame, "abc", 3);
  peer_feed(&peer, frame.at, frame.length);
  assert_events(&peer, "start binary 9223372036854775807\n");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  peer_free(&peer);
  bytes_free(&frame);
}

TEST_GROUP(test_memory, TEST(e1_init_without_memory),
           BEYOND_C(d14_every_lack_of_memory_is_nomem),
           TEST(r10_message_without_memory_for_it),
           BEYOND_C(d11_announced_length_reserves_nothing),
           BEYOND_C(d11_no_maximum_and_the_longest_frame))
