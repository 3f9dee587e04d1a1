/* How deep a call goes on the stack. */
#ifndef STACK_PAINTED_STACK_H
#define STACK_PAINTED_STACK_H

#include <stddef.h>

/* Runs `call` on a stack of its own, painted before, and gives the bytes from
   its top down to the lowest that was written to. Too deep a call ends the
   process by a signal. */
size_t stack_used_by(void (*call)(void *argument), void *argument);

#endif
