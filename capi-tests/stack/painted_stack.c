/* The stack is entered by a context switch, as a coroutine's is: it holds
   nothing but what the call puts there. */
#define _DEFAULT_SOURCE
#include "painted_stack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PAINT 0xa5

enum { GUARD = 64 * 1024, SIZE = 256 * 1024 };

static ucontext_t caller;
static ucontext_t callee;
static void (*call_now)(void *);
static void *argument_now;

static void enter(void) {
  call_now(argument_now);
}

static uint8_t *new_stack(void) {
  uint8_t *memory = mmap(NULL, GUARD + SIZE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory, GUARD, PROT_NONE) != 0) {
    abort();
  }
  return memory + GUARD;
}

static size_t used_by(void (*call)(void *), void *argument) {
  static uint8_t *stack;
  size_t untouched = 0;
  if (stack == NULL) {
    stack = new_stack();
  }
  memset(stack, PAINT, SIZE);
  call_now = call;
  argument_now = argument;
  getcontext(&callee);
  callee.uc_stack.ss_sp = stack;
  callee.uc_stack.ss_size = SIZE;
  callee.uc_link = &caller;
  makecontext(&callee, enter, 0);
  swapcontext(&caller, &callee);
  while (untouched < SIZE && stack[untouched] == PAINT) {
    ++untouched;
  }
  return SIZE - untouched;
}

static void nothing(void *argument) {
  (void)argument;
}

size_t stack_used_by(void (*call)(void *argument), void *argument) {
  return used_by(call, argument) - used_by(nothing, NULL);
}
