/* Loads a library apart from the other: each keeps its functions to itself. */
#include "library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct function {
  const char *name;
  size_t offset;
  bool optional;
};

#define FUNCTION(member, name)                                                 \
  { "wslay_" name, offsetof(struct library, member), false }

static const struct function functions[] = {
    FUNCTION(server_init, "event_context_server_init"),
    FUNCTION(client_init, "event_context_client_init"),
    FUNCTION(free, "event_context_free"),
    FUNCTION(set_allowed_rsv, "event_config_set_allowed_rsv_bits"),
    FUNCTION(set_no_buffering, "event_config_set_no_buffering"),
    FUNCTION(set_max_length, "event_config_set_max_recv_msg_length"),
    FUNCTION(set_callbacks, "event_config_set_callbacks"),
    FUNCTION(recv, "event_recv"),
    FUNCTION(send, "event_send"),
    {"wslay_event_write", offsetof(struct library, write), true},
    FUNCTION(queue_msg, "event_queue_msg_ex"),
    FUNCTION(queue_fragmented, "event_queue_fragmented_msg_ex"),
    FUNCTION(queue_close, "event_queue_close"),
    FUNCTION(set_error, "event_set_error"),
    FUNCTION(shutdown_read, "event_shutdown_read"),
    FUNCTION(shutdown_write, "event_shutdown_write"),
    FUNCTION(want_read, "event_want_read"),
    FUNCTION(want_write, "event_want_write"),
    FUNCTION(read_enabled, "event_get_read_enabled"),
    FUNCTION(write_enabled, "event_get_write_enabled"),
    FUNCTION(close_received, "event_get_close_received"),
    FUNCTION(close_sent, "event_get_close_sent"),
    FUNCTION(code_received, "event_get_status_code_received"),
    FUNCTION(code_sent, "event_get_status_code_sent"),
    FUNCTION(queued_count, "event_get_queued_msg_count"),
    FUNCTION(queued_length, "event_get_queued_msg_length"),
    FUNCTION(frame_init, "frame_context_init"),
    FUNCTION(frame_free, "frame_context_free"),
    FUNCTION(frame_send, "frame_send"),
    FUNCTION(frame_recv, "frame_recv"),
};

void library_load(struct library *library, const char *name, const char *path) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(2);
  }
  library->name = name;
  library->handle = handle;
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    void *address = dlsym(handle, functions[i].name);
    if (address == NULL && !functions[i].optional) {
      fprintf(stderr, "%s has no %s\n", path, functions[i].name);
      exit(2);
    }
    *(void **)((char *)library + functions[i].offset) = address;
  }
}
