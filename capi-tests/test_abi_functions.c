/* The type of every function and callback (contract 1.2): the initialisers
 * below compile only if the header says exactly that, and link only if the
 * library has the function. */
#include "harness.h"

typedef wslay_event_context_ptr P;
typedef wslay_frame_context_ptr F;

/* The opaque types behind the two pointers. */
static struct wslay_event_context *const p_is = (P)NULL;
static struct wslay_frame_context *const f_is = (F)NULL;

static int (*const frame_context_init)(F *,
                                       const struct wslay_frame_callbacks *,
                                       void *) = wslay_frame_context_init;
static void (*const frame_context_free)(F) = wslay_frame_context_free;
static ssize_t (*const frame_io[])(F, struct wslay_frame_iocb *) = {
    wslay_frame_send, wslay_frame_recv};
static ssize_t (*const frame_write)(F, struct wslay_frame_iocb *, uint8_t *,
                                    size_t, size_t *) = wslay_frame_write;

static int (*const event_context_init[])(P *,
                                         const struct wslay_event_callbacks *,
                                         void *) = {
    wslay_event_context_server_init, wslay_event_context_client_init};
static void (*const event_plain[])(P) = {wslay_event_context_free,
                                         wslay_event_shutdown_read,
                                         wslay_event_shutdown_write};
static void (*const set_allowed_rsv_bits)(P, uint8_t) =
    wslay_event_config_set_allowed_rsv_bits;
static void (*const event_int_setters[])(P, int) = {
    wslay_event_config_set_no_buffering, wslay_event_set_error};
static void (*const set_max_recv_msg_length)(P, uint64_t) =
    wslay_event_config_set_max_recv_msg_length;
static void (*const set_callbacks)(P, const struct wslay_event_callbacks *) =
    wslay_event_config_set_callbacks;
static int (*const event_int_functions[])(P) = {wslay_event_recv,
                                                wslay_event_send,
                                                wslay_event_want_read,
                                                wslay_event_want_write,
                                                wslay_event_get_read_enabled,
                                                wslay_event_get_write_enabled,
                                                wslay_event_get_close_received,
                                                wslay_event_get_close_sent};
static ssize_t (*const event_write)(P, uint8_t *, size_t) = wslay_event_write;
static int (*const queue_msg)(P, const struct wslay_event_msg *) =
    wslay_event_queue_msg;
static int (*const queue_msg_ex)(P, const struct wslay_event_msg *,
                                 uint8_t) = wslay_event_queue_msg_ex;
static int (*const queue_fragmented_msg)(
    P, const struct wslay_event_fragmented_msg *) =
    wslay_event_queue_fragmented_msg;
static int (*const queue_fragmented_msg_ex)(
    P, const struct wslay_event_fragmented_msg *,
    uint8_t) = wslay_event_queue_fragmented_msg_ex;
static int (*const queue_close)(P, uint16_t, const uint8_t *,
                                size_t) = wslay_event_queue_close;
static uint16_t (*const status_codes[])(P) = {
    wslay_event_get_status_code_received, wslay_event_get_status_code_sent};
static size_t (*const queued[])(P) = {wslay_event_get_queued_msg_count,
                                      wslay_event_get_queued_msg_length};

/* A pointer to the typedef converts to a pointer to the type spelled out only
 * if both are the same type. */
#define SAME_TYPE(name, typedef_name, type_of_field)                           \
  static typedef_name name##_value;                                            \
  static type_of_field = &name##_value

SAME_TYPE(frame_send, wslay_frame_send_callback,
          ssize_t (**frame_send_type)(const uint8_t *, size_t, int, void *));
SAME_TYPE(frame_recv, wslay_frame_recv_callback,
          ssize_t (**frame_recv_type)(uint8_t *, size_t, int, void *));
SAME_TYPE(frame_genmask, wslay_frame_genmask_callback,
          int (**frame_genmask_type)(uint8_t *, size_t, void *));
SAME_TYPE(event_recv, wslay_event_recv_callback,
          ssize_t (**event_recv_type)(P, uint8_t *, size_t, int, void *));
SAME_TYPE(event_send, wslay_event_send_callback,
          ssize_t (**event_send_type)(P, const uint8_t *, size_t, int, void *));
SAME_TYPE(event_genmask, wslay_event_genmask_callback,
          int (**event_genmask_type)(P, uint8_t *, size_t, void *));
SAME_TYPE(frame_start, wslay_event_on_frame_recv_start_callback,
          void (**frame_start_type)(
              P, const struct wslay_event_on_frame_recv_start_arg *, void *));
SAME_TYPE(frame_chunk, wslay_event_on_frame_recv_chunk_callback,
          void (**frame_chunk_type)(
              P, const struct wslay_event_on_frame_recv_chunk_arg *, void *));
SAME_TYPE(frame_end, wslay_event_on_frame_recv_end_callback,
          void (**frame_end_type)(P, void *));
SAME_TYPE(msg_recv, wslay_event_on_msg_recv_callback,
          void (**msg_recv_type)(P, const struct wslay_event_on_msg_recv_arg *,
                                 void *));
SAME_TYPE(fragmented_msg, wslay_event_fragmented_msg_callback,
          ssize_t (**fragmented_msg_type)(P, uint8_t *, size_t,
                                          const union wslay_event_msg_source *,
                                          int *, void *));

#define COUNT_EACH(functions)                                                  \
  for (i = 0; i < COUNT_OF(functions); i++)                                    \
  count += functions[i] != NULL

static void abi_every_function_is_there(void **state) {
  size_t count = 0;
  size_t i;
  (void)state;
  count += frame_context_init != NULL;
  count += frame_context_free != NULL;
  COUNT_EACH(frame_io);
  count += frame_write != NULL;
  COUNT_EACH(event_context_init);
  COUNT_EACH(event_plain);
  count += set_allowed_rsv_bits != NULL;
  COUNT_EACH(event_int_setters);
  count += set_max_recv_msg_length != NULL;
  count += set_callbacks != NULL;
  COUNT_EACH(event_int_functions);
  count += event_write != NULL;
  count += queue_msg != NULL;
  count += queue_msg_ex != NULL;
  count += queue_fragmented_msg != NULL;
  count += queue_fragmented_msg_ex != NULL;
  count += queue_close != NULL;
  COUNT_EACH(status_codes);
  COUNT_EACH(queued);
  assert_int_equal(count, 33);
}

static void abi_callback_types(void **state) {
  (void)state;
  assert_null(p_is);
  assert_null(f_is);
  assert_null(*frame_send_type);
  assert_null(*frame_recv_type);
  assert_null(*frame_genmask_type);
  assert_null(*event_recv_type);
  assert_null(*event_send_type);
  assert_null(*event_genmask_type);
  assert_null(*frame_start_type);
  assert_null(*frame_chunk_type);
  assert_null(*frame_end_type);
  assert_null(*msg_recv_type);
  assert_null(*fragmented_msg_type);
}

TEST_GROUP(test_abi_functions, TEST(abi_every_function_is_there),
           TEST(abi_callback_types))
