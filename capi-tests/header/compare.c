/* Ours against packaged wslay's header, which packaged.sed has prepared: any
 * difference is an error. Functions and callback types are declared by both;
 * the rest is compared here. Only compiled, as C11. */
#include <wslay/wslay.h>

#include "packaged.h"

#include <stddef.h>

/* Enums: the values, the representation, and that ours has no further one (the
 * compiler wants a case for each). */

#define SAME_VALUE(name)                                                       \
  _Static_assert((int)name == (int)packaged_##name, #name)
#define SAME_ENUM(name)                                                        \
  _Static_assert(sizeof(enum name) == sizeof(enum packaged_##name), #name);    \
  int only_packaged_##name(enum name)

SAME_ENUM(wslay_error);
SAME_VALUE(WSLAY_ERR_WANT_READ);
SAME_VALUE(WSLAY_ERR_WANT_WRITE);
SAME_VALUE(WSLAY_ERR_PROTO);
SAME_VALUE(WSLAY_ERR_INVALID_ARGUMENT);
SAME_VALUE(WSLAY_ERR_INVALID_CALLBACK);
SAME_VALUE(WSLAY_ERR_NO_MORE_MSG);
SAME_VALUE(WSLAY_ERR_CALLBACK_FAILURE);
SAME_VALUE(WSLAY_ERR_WOULDBLOCK);
SAME_VALUE(WSLAY_ERR_NOMEM);

int only_packaged_wslay_error(enum wslay_error value) {
  switch (value) {
  case WSLAY_ERR_WANT_READ:
  case WSLAY_ERR_WANT_WRITE:
  case WSLAY_ERR_PROTO:
  case WSLAY_ERR_INVALID_ARGUMENT:
  case WSLAY_ERR_INVALID_CALLBACK:
  case WSLAY_ERR_NO_MORE_MSG:
  case WSLAY_ERR_CALLBACK_FAILURE:
  case WSLAY_ERR_WOULDBLOCK:
  case WSLAY_ERR_NOMEM:
    return 1;
  }
  return 0;
}

SAME_ENUM(wslay_status_code);
SAME_VALUE(WSLAY_CODE_NORMAL_CLOSURE);
SAME_VALUE(WSLAY_CODE_GOING_AWAY);
SAME_VALUE(WSLAY_CODE_PROTOCOL_ERROR);
SAME_VALUE(WSLAY_CODE_UNSUPPORTED_DATA);
SAME_VALUE(WSLAY_CODE_NO_STATUS_RCVD);
SAME_VALUE(WSLAY_CODE_ABNORMAL_CLOSURE);
SAME_VALUE(WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA);
SAME_VALUE(WSLAY_CODE_POLICY_VIOLATION);
SAME_VALUE(WSLAY_CODE_MESSAGE_TOO_BIG);
SAME_VALUE(WSLAY_CODE_MANDATORY_EXT);
SAME_VALUE(WSLAY_CODE_INTERNAL_SERVER_ERROR);
SAME_VALUE(WSLAY_CODE_TLS_HANDSHAKE);

int only_packaged_wslay_status_code(enum wslay_status_code value) {
  switch (value) {
  case WSLAY_CODE_NORMAL_CLOSURE:
  case WSLAY_CODE_GOING_AWAY:
  case WSLAY_CODE_PROTOCOL_ERROR:
  case WSLAY_CODE_UNSUPPORTED_DATA:
  case WSLAY_CODE_NO_STATUS_RCVD:
  case WSLAY_CODE_ABNORMAL_CLOSURE:
  case WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA:
  case WSLAY_CODE_POLICY_VIOLATION:
  case WSLAY_CODE_MESSAGE_TOO_BIG:
  case WSLAY_CODE_MANDATORY_EXT:
  case WSLAY_CODE_INTERNAL_SERVER_ERROR:
  case WSLAY_CODE_TLS_HANDSHAKE:
    return 1;
  }
  return 0;
}

SAME_ENUM(wslay_io_flags);
SAME_VALUE(WSLAY_MSG_MORE);

int only_packaged_wslay_io_flags(enum wslay_io_flags value) {
  switch (value) {
  case WSLAY_MSG_MORE:
    return 1;
  }
  return 0;
}

SAME_ENUM(wslay_opcode);
SAME_VALUE(WSLAY_CONTINUATION_FRAME);
SAME_VALUE(WSLAY_TEXT_FRAME);
SAME_VALUE(WSLAY_BINARY_FRAME);
SAME_VALUE(WSLAY_CONNECTION_CLOSE);
SAME_VALUE(WSLAY_PING);
SAME_VALUE(WSLAY_PONG);

int only_packaged_wslay_opcode(enum wslay_opcode value) {
  switch (value) {
  case WSLAY_CONTINUATION_FRAME:
  case WSLAY_TEXT_FRAME:
  case WSLAY_BINARY_FRAME:
  case WSLAY_CONNECTION_CLOSE:
  case WSLAY_PING:
  case WSLAY_PONG:
    return 1;
  }
  return 0;
}

/* Macros */

SAME_VALUE(WSLAY_RSV_NONE);
SAME_VALUE(WSLAY_RSV1_BIT);
SAME_VALUE(WSLAY_RSV2_BIT);
SAME_VALUE(WSLAY_RSV3_BIT);

#define SAME_RESULT(name, argument)                                            \
  _Static_assert(name(argument) == packaged_##name(argument), #name)
#define SAME_FUNCTION(name)                                                    \
  SAME_RESULT(name, 0);                                                        \
  SAME_RESULT(name, 1);                                                        \
  SAME_RESULT(name, 2);                                                        \
  SAME_RESULT(name, 4);                                                        \
  SAME_RESULT(name, 7);                                                        \
  SAME_RESULT(name, 8);                                                        \
  SAME_RESULT(name, 15)

SAME_FUNCTION(wslay_is_ctrl_frame);
SAME_FUNCTION(wslay_get_rsv1);
SAME_FUNCTION(wslay_get_rsv2);
SAME_FUNCTION(wslay_get_rsv3);

/* Structs: sizes, and place and type of each member. That ours has no further
 * member, hidden in padding, is what the initialisers in use.c see to. */

#define TYPE_OF(type, member) __typeof__(&((type *)0)->member)
#define SAME_MEMBER(kind, name, member)                                        \
  _Static_assert(offsetof(kind name, member) ==                                \
                     offsetof(kind packaged_##name, member),                   \
                 #name "." #member);                                           \
  _Static_assert(                                                              \
      __builtin_types_compatible_p(TYPE_OF(kind name, member),                 \
                                   TYPE_OF(kind packaged_##name, member)),     \
      #name "." #member)
#define SAME_SIZE(kind, name)                                                  \
  _Static_assert(sizeof(kind name) == sizeof(kind packaged_##name), #name);    \
  _Static_assert(_Alignof(kind name) == _Alignof(kind packaged_##name), #name)

SAME_SIZE(struct, wslay_frame_callbacks);
SAME_MEMBER(struct, wslay_frame_callbacks, send_callback);
SAME_MEMBER(struct, wslay_frame_callbacks, recv_callback);
SAME_MEMBER(struct, wslay_frame_callbacks, genmask_callback);

SAME_SIZE(struct, wslay_frame_iocb);
SAME_MEMBER(struct, wslay_frame_iocb, fin);
SAME_MEMBER(struct, wslay_frame_iocb, rsv);
SAME_MEMBER(struct, wslay_frame_iocb, opcode);
SAME_MEMBER(struct, wslay_frame_iocb, payload_length);
SAME_MEMBER(struct, wslay_frame_iocb, mask);
SAME_MEMBER(struct, wslay_frame_iocb, data);
SAME_MEMBER(struct, wslay_frame_iocb, data_length);

SAME_SIZE(struct, wslay_event_callbacks);
SAME_MEMBER(struct, wslay_event_callbacks, recv_callback);
SAME_MEMBER(struct, wslay_event_callbacks, send_callback);
SAME_MEMBER(struct, wslay_event_callbacks, genmask_callback);
SAME_MEMBER(struct, wslay_event_callbacks, on_frame_recv_start_callback);
SAME_MEMBER(struct, wslay_event_callbacks, on_frame_recv_chunk_callback);
SAME_MEMBER(struct, wslay_event_callbacks, on_frame_recv_end_callback);
SAME_MEMBER(struct, wslay_event_callbacks, on_msg_recv_callback);

SAME_SIZE(struct, wslay_event_on_msg_recv_arg);
SAME_MEMBER(struct, wslay_event_on_msg_recv_arg, rsv);
SAME_MEMBER(struct, wslay_event_on_msg_recv_arg, opcode);
SAME_MEMBER(struct, wslay_event_on_msg_recv_arg, msg);
SAME_MEMBER(struct, wslay_event_on_msg_recv_arg, msg_length);
SAME_MEMBER(struct, wslay_event_on_msg_recv_arg, status_code);

SAME_SIZE(struct, wslay_event_on_frame_recv_start_arg);
SAME_MEMBER(struct, wslay_event_on_frame_recv_start_arg, fin);
SAME_MEMBER(struct, wslay_event_on_frame_recv_start_arg, rsv);
SAME_MEMBER(struct, wslay_event_on_frame_recv_start_arg, opcode);
SAME_MEMBER(struct, wslay_event_on_frame_recv_start_arg, payload_length);

SAME_SIZE(struct, wslay_event_on_frame_recv_chunk_arg);
SAME_MEMBER(struct, wslay_event_on_frame_recv_chunk_arg, data);
SAME_MEMBER(struct, wslay_event_on_frame_recv_chunk_arg, data_length);

SAME_SIZE(struct, wslay_event_msg);
SAME_MEMBER(struct, wslay_event_msg, opcode);
SAME_MEMBER(struct, wslay_event_msg, msg);
SAME_MEMBER(struct, wslay_event_msg, msg_length);

SAME_SIZE(union, wslay_event_msg_source);
SAME_MEMBER(union, wslay_event_msg_source, fd);
SAME_MEMBER(union, wslay_event_msg_source, data);

SAME_SIZE(struct, wslay_event_fragmented_msg);
SAME_MEMBER(struct, wslay_event_fragmented_msg, opcode);
SAME_MEMBER(struct, wslay_event_fragmented_msg, source);
SAME_MEMBER(struct, wslay_event_fragmented_msg, read_callback);
