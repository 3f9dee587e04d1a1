/* The interface as C source and as memory: layouts, constants, macros, types of
 * functions (contract 1.2 to 1.4). Most of it is judged by the compiler. */
#include "harness.h"

/* Contract 1.3, for pointers of 8 bytes. */

#define AT(type, field, offset)                                                \
  assert_int_equal(offsetof(struct type, field), offset)
/* A pointer to the field must have exactly this type. */
#define IS(type, field, field_type)                                            \
  do {                                                                         \
    struct type value;                                                         \
    field_type *pointer = &value.field;                                        \
    assert_int_equal(sizeof(*pointer), sizeof(field_type));                    \
  } while (0)
#define FIELD(type, field, field_type, offset)                                 \
  IS(type, field, field_type);                                                 \
  AT(type, field, offset)
#define SIZE(type, size) assert_int_equal(sizeof(type), size)

static void abi_frame_layouts(void **state) {
  (void)state;
  SIZE(void *, 8);
  SIZE(struct wslay_frame_callbacks, 24);
  FIELD(wslay_frame_callbacks, send_callback, wslay_frame_send_callback, 0);
  FIELD(wslay_frame_callbacks, recv_callback, wslay_frame_recv_callback, 8);
  FIELD(wslay_frame_callbacks, genmask_callback, wslay_frame_genmask_callback,
        16);
  SIZE(struct wslay_frame_iocb, 40);
  FIELD(wslay_frame_iocb, fin, uint8_t, 0);
  FIELD(wslay_frame_iocb, rsv, uint8_t, 1);
  FIELD(wslay_frame_iocb, opcode, uint8_t, 2);
  FIELD(wslay_frame_iocb, payload_length, uint64_t, 8);
  FIELD(wslay_frame_iocb, mask, uint8_t, 16);
  FIELD(wslay_frame_iocb, data, const uint8_t *, 24);
  FIELD(wslay_frame_iocb, data_length, size_t, 32);
}

static void abi_event_callbacks_layout(void **state) {
  (void)state;
  SIZE(struct wslay_event_callbacks, 56);
  FIELD(wslay_event_callbacks, recv_callback, wslay_event_recv_callback, 0);
  FIELD(wslay_event_callbacks, send_callback, wslay_event_send_callback, 8);
  FIELD(wslay_event_callbacks, genmask_callback, wslay_event_genmask_callback,
        16);
  FIELD(wslay_event_callbacks, on_frame_recv_start_callback,
        wslay_event_on_frame_recv_start_callback, 24);
  FIELD(wslay_event_callbacks, on_frame_recv_chunk_callback,
        wslay_event_on_frame_recv_chunk_callback, 32);
  FIELD(wslay_event_callbacks, on_frame_recv_end_callback,
        wslay_event_on_frame_recv_end_callback, 40);
  FIELD(wslay_event_callbacks, on_msg_recv_callback,
        wslay_event_on_msg_recv_callback, 48);
}

static void abi_event_argument_layouts(void **state) {
  (void)state;
  SIZE(struct wslay_event_on_msg_recv_arg, 32);
  FIELD(wslay_event_on_msg_recv_arg, rsv, uint8_t, 0);
  FIELD(wslay_event_on_msg_recv_arg, opcode, uint8_t, 1);
  FIELD(wslay_event_on_msg_recv_arg, msg, const uint8_t *, 8);
  FIELD(wslay_event_on_msg_recv_arg, msg_length, size_t, 16);
  FIELD(wslay_event_on_msg_recv_arg, status_code, uint16_t, 24);
  SIZE(struct wslay_event_on_frame_recv_start_arg, 16);
  FIELD(wslay_event_on_frame_recv_start_arg, fin, uint8_t, 0);
  FIELD(wslay_event_on_frame_recv_start_arg, rsv, uint8_t, 1);
  FIELD(wslay_event_on_frame_recv_start_arg, opcode, uint8_t, 2);
  FIELD(wslay_event_on_frame_recv_start_arg, payload_length, uint64_t, 8);
  SIZE(struct wslay_event_on_frame_recv_chunk_arg, 16);
  FIELD(wslay_event_on_frame_recv_chunk_arg, data, const uint8_t *, 0);
  FIELD(wslay_event_on_frame_recv_chunk_arg, data_length, size_t, 8);
}

static void abi_event_message_layouts(void **state) {
  union wslay_event_msg_source source;
  int *fd = &source.fd;
  void **data = &source.data;
  (void)state;
  assert_ptr_equal(fd, &source);
  assert_ptr_equal(data, &source);
  SIZE(union wslay_event_msg_source, 8);
  SIZE(struct wslay_event_msg, 24);
  FIELD(wslay_event_msg, opcode, uint8_t, 0);
  FIELD(wslay_event_msg, msg, const uint8_t *, 8);
  FIELD(wslay_event_msg, msg_length, size_t, 16);
  SIZE(struct wslay_event_fragmented_msg, 24);
  FIELD(wslay_event_fragmented_msg, opcode, uint8_t, 0);
  FIELD(wslay_event_fragmented_msg, source, union wslay_event_msg_source, 8);
  FIELD(wslay_event_fragmented_msg, read_callback,
        wslay_event_fragmented_msg_callback, 16);
}

/* Contract 1.4 */

static void abi_error_values(void **state) {
  enum wslay_error error = WSLAY_ERR_NOMEM;
  (void)state;
  assert_int_equal(error, -500);
  assert_int_equal(WSLAY_ERR_WANT_READ, -100);
  assert_int_equal(WSLAY_ERR_WANT_WRITE, -101);
  assert_int_equal(WSLAY_ERR_PROTO, -200);
  assert_int_equal(WSLAY_ERR_INVALID_ARGUMENT, -300);
  assert_int_equal(WSLAY_ERR_INVALID_CALLBACK, -301);
  assert_int_equal(WSLAY_ERR_NO_MORE_MSG, -302);
  assert_int_equal(WSLAY_ERR_CALLBACK_FAILURE, -400);
  assert_int_equal(WSLAY_ERR_WOULDBLOCK, -401);
}

static void abi_status_codes(void **state) {
  enum wslay_status_code code = WSLAY_CODE_NORMAL_CLOSURE;
  (void)state;
  assert_int_equal(code, 1000);
  assert_int_equal(WSLAY_CODE_GOING_AWAY, 1001);
  assert_int_equal(WSLAY_CODE_PROTOCOL_ERROR, 1002);
  assert_int_equal(WSLAY_CODE_UNSUPPORTED_DATA, 1003);
  assert_int_equal(WSLAY_CODE_NO_STATUS_RCVD, 1005);
  assert_int_equal(WSLAY_CODE_ABNORMAL_CLOSURE, 1006);
  assert_int_equal(WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA, 1007);
  assert_int_equal(WSLAY_CODE_POLICY_VIOLATION, 1008);
  assert_int_equal(WSLAY_CODE_MESSAGE_TOO_BIG, 1009);
  assert_int_equal(WSLAY_CODE_MANDATORY_EXT, 1010);
  assert_int_equal(WSLAY_CODE_INTERNAL_SERVER_ERROR, 1011);
  assert_int_equal(WSLAY_CODE_TLS_HANDSHAKE, 1015);
}

static void abi_flags_and_opcodes(void **state) {
  enum wslay_io_flags flags = WSLAY_MSG_MORE;
  enum wslay_opcode opcode = WSLAY_PONG;
  (void)state;
  assert_int_equal(flags, 1);
  assert_int_equal(opcode, 10);
  assert_int_equal(WSLAY_CONTINUATION_FRAME, 0);
  assert_int_equal(WSLAY_TEXT_FRAME, 1);
  assert_int_equal(WSLAY_BINARY_FRAME, 2);
  assert_int_equal(WSLAY_CONNECTION_CLOSE, 8);
  assert_int_equal(WSLAY_PING, 9);
}

/* Enumerators are integer constants: case labels and array sizes. */
static int is_constant(int opcode) {
  static const char sized_by_enum[WSLAY_PING] = "";
  switch (opcode) {
  case WSLAY_CONTINUATION_FRAME:
  case WSLAY_TEXT_FRAME:
  case WSLAY_BINARY_FRAME:
  case WSLAY_CONNECTION_CLOSE:
  case WSLAY_PING:
  case WSLAY_PONG:
    return sizeof(sized_by_enum) == 9;
  default:
    return 0;
  }
}

static void abi_enumerators_are_constants(void **state) {
  (void)state;
  assert_true(is_constant(WSLAY_PONG));
}

static void abi_control_frame_macro(void **state) {
  unsigned opcode;
  (void)state;
  for (opcode = 0; opcode < 16; opcode++) {
    uint8_t byte = (uint8_t)opcode;
    assert_int_equal(wslay_is_ctrl_frame(opcode), opcode >= 8);
    assert_int_equal(wslay_is_ctrl_frame(byte), opcode >= 8);
  }
  assert_int_equal(wslay_is_ctrl_frame(WSLAY_TEXT_FRAME), 0);
  assert_int_equal(wslay_is_ctrl_frame(WSLAY_PONG), 1);
}

static void abi_rsv_macros(void **state) {
  unsigned rsv;
  (void)state;
  assert_int_equal(WSLAY_RSV_NONE, 0);
  assert_int_equal(WSLAY_RSV1_BIT, 4);
  assert_int_equal(WSLAY_RSV2_BIT, 2);
  assert_int_equal(WSLAY_RSV3_BIT, 1);
  assert_int_equal(sizeof(WSLAY_RSV_NONE), 1);
  for (rsv = 0; rsv < 8; rsv++) {
    assert_int_equal(wslay_get_rsv1(rsv), rsv >> 2);
    assert_int_equal(wslay_get_rsv2(rsv), rsv >> 1 & 1);
    assert_int_equal(wslay_get_rsv3(rsv), rsv & 1);
  }
}

static void abi_version_is_a_string(void **state) {
  static const char version[] = "" WSLAY_VERSION;
  (void)state;
  assert_true(sizeof(version) > 1);
}

/* Positional initialisers, as programs write them. */

static ssize_t read_nothing(wslay_event_context_ptr ctx, uint8_t *buf,
                            size_t len,
                            const union wslay_event_msg_source *source,
                            int *eof, void *user_data) {
  (void)ctx, (void)buf, (void)len, (void)source, (void)user_data;
  *eof = 1;
  return 0;
}

static void ignore_message(wslay_event_context_ptr ctx,
                           const struct wslay_event_on_msg_recv_arg *arg,
                           void *user_data) {
  (void)ctx, (void)arg, (void)user_data;
}

static void abi_positional_initialisers(void **state) {
  static const uint8_t text[] = "ab";
  struct wslay_event_msg message = {WSLAY_TEXT_FRAME, text, 2};
  struct wslay_event_fragmented_msg fragmented = {
      WSLAY_BINARY_FRAME, {-3}, read_nothing};
  struct wslay_event_callbacks callbacks = {NULL, NULL, NULL,          NULL,
                                            NULL, NULL, ignore_message};
  struct wslay_frame_iocb frame = {1, 2, 3, 4, 5, text, 6};
  (void)state;
  assert_int_equal(message.opcode, 1);
  assert_ptr_equal(message.msg, text);
  assert_int_equal(message.msg_length, 2);
  assert_int_equal(fragmented.source.fd, -3);
  assert_true(fragmented.read_callback == read_nothing);
  assert_true(callbacks.on_msg_recv_callback == ignore_message);
  assert_int_equal(frame.fin + 10 * frame.rsv + 100 * frame.opcode, 321);
  assert_int_equal(frame.payload_length, 4);
  assert_int_equal(frame.mask, 5);
  assert_int_equal(frame.data_length, 6);
}

TEST_GROUP(test_abi, TEST(abi_frame_layouts), TEST(abi_event_callbacks_layout),
           TEST(abi_event_argument_layouts), TEST(abi_event_message_layouts),
           TEST(abi_error_values), TEST(abi_status_codes),
           TEST(abi_flags_and_opcodes), TEST(abi_enumerators_are_constants),
           TEST(abi_control_frame_macro), TEST(abi_rsv_macros),
           TEST(abi_version_is_a_string), TEST(abi_positional_initialisers))
