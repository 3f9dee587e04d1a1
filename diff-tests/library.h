/* One of the two libraries: its functions, found with dlsym. */
#ifndef DIFF_LIBRARY_H
#define DIFF_LIBRARY_H

#include <stdbool.h>

#include <wslay/wslay.h>

typedef wslay_event_context_ptr event_context;
typedef wslay_frame_context_ptr frame_context;
typedef const struct wslay_event_callbacks *event_callbacks;

enum which { THEIRS, OURS, BOTH };

struct library {
  const char *name;
  /* dlopen's. */
  void *handle;
  int (*server_init)(event_context *, event_callbacks, void *);
  int (*client_init)(event_context *, event_callbacks, void *);
  void (*free)(event_context);
  void (*set_allowed_rsv)(event_context, uint8_t);
  void (*set_no_buffering)(event_context, int);
  void (*set_max_length)(event_context, uint64_t);
  void (*set_callbacks)(event_context, event_callbacks);
  int (*recv)(event_context);
  int (*send)(event_context);
  /* NULL in wslay 1.1.1, which does not have it. */
  ssize_t (*write)(event_context, uint8_t *, size_t);
  int (*queue_msg)(event_context, const struct wslay_event_msg *, uint8_t);
  int (*queue_fragmented)(event_context,
                          const struct wslay_event_fragmented_msg *, uint8_t);
  int (*queue_close)(event_context, uint16_t, const uint8_t *, size_t);
  void (*set_error)(event_context, int);
  void (*shutdown_read)(event_context);
  void (*shutdown_write)(event_context);
  int (*want_read)(event_context);
  int (*want_write)(event_context);
  int (*read_enabled)(event_context);
  int (*write_enabled)(event_context);
  int (*close_received)(event_context);
  int (*close_sent)(event_context);
  uint16_t (*code_received)(event_context);
  uint16_t (*code_sent)(event_context);
  size_t (*queued_count)(event_context);
  size_t (*queued_length)(event_context);
  int (*frame_init)(frame_context *, const struct wslay_frame_callbacks *,
                    void *);
  void (*frame_free)(frame_context);
  ssize_t (*frame_send)(frame_context, struct wslay_frame_iocb *);
  ssize_t (*frame_recv)(frame_context, struct wslay_frame_iocb *);
};

/* Ends the program if the file or one of the functions is not there. */
void library_load(struct library *library, const char *name, const char *path);

#endif
