/*
 * Preloaded, makes wslay_event_queue_msg take LOOPS turns of a loop more: what
 * self-test.sh plants.
 */
#include <dlfcn.h>
#include <stddef.h>

#include <wslay/wslay.h>

typedef int (*queue_msg)(wslay_event_context_ptr,
                         const struct wslay_event_msg *);

int wslay_event_queue_msg(wslay_event_context_ptr ctx,
                          const struct wslay_event_msg *arg) {
  static queue_msg next;
  int i;
  if (next == NULL) {
    *(void **)&next = dlsym(RTLD_NEXT, "wslay_event_queue_msg");
  }
  for (i = 0; i < LOOPS; i++) {
    __asm__ volatile("");
  }
  return next(ctx, arg);
}
