/* A program of both languages that names all the header offers, including it
 * first. Only compiled. C++ refuses the declaration in front of each header's
 * functions if their linkage differs. */
#ifdef ONLY_EXTENSIONS
#include <wslay/wslayx.h>
#else
#include <wslay/wslay.h>
#include <wslay/wslayx.h>
#endif

typedef char accept_key_size_is_29[WSLAYX_ACCEPT_KEY_SIZE == 29 ? 1 : -1];

#ifdef __cplusplus
extern "C" {
#endif
int wslay_frame_context_init(wslay_frame_context_ptr *ctx,
                             const struct wslay_frame_callbacks *callbacks,
                             void *user_data);
size_t wslay_event_get_queued_msg_length(wslay_event_context_ptr ctx);
int wslayx_accept_key(const char *key, size_t key_length, char *accept);
void use_callback_types(void);
int use_macros(uint8_t rsv, enum wslay_opcode opcode);
void use_structs(void);
#ifdef __cplusplus
}
#endif

void use_callback_types(void) {
  wslay_frame_send_callback frame_send = NULL;
  wslay_frame_recv_callback frame_recv = NULL;
  wslay_frame_genmask_callback frame_genmask = NULL;
  wslay_event_recv_callback event_recv = NULL;
  wslay_event_send_callback event_send = NULL;
  wslay_event_genmask_callback event_genmask = NULL;
  wslay_event_on_frame_recv_start_callback on_start = NULL;
  wslay_event_on_frame_recv_chunk_callback on_chunk = NULL;
  wslay_event_on_frame_recv_end_callback on_end = NULL;
  wslay_event_on_msg_recv_callback on_message = NULL;
  wslay_event_fragmented_msg_callback fragmented = NULL;
  struct wslay_frame_callbacks frame = {frame_send, frame_recv, frame_genmask};
  struct wslay_event_callbacks event = {event_recv, event_send, event_genmask,
                                        on_start,   on_chunk,   on_end,
                                        on_message};
  (void)frame;
  (void)event;
  (void)fragmented;
}

/* All members, in order: one more or fewer is an error or a warning. */
void use_structs(void) {
  struct wslay_frame_iocb frame = {1, 0, 2, 3, 1, NULL, 0};
  struct wslay_event_on_msg_recv_arg message = {0, 1, NULL, 0, 0};
  struct wslay_event_on_frame_recv_start_arg start = {1, 0, 2, 3};
  struct wslay_event_on_frame_recv_chunk_arg chunk = {NULL, 0};
  struct wslay_event_msg queued = {1, NULL, 0};
  union wslay_event_msg_source source = {0};
  struct wslay_event_fragmented_msg fragmented = {1, {0}, NULL};
  enum wslay_error error = WSLAY_ERR_PROTO;
  enum wslay_status_code code = WSLAY_CODE_GOING_AWAY;
  enum wslay_io_flags flags = WSLAY_MSG_MORE;
  const char *version = WSLAY_VERSION;
  source.data = &source;
  (void)frame, (void)message, (void)start, (void)chunk, (void)queued;
  (void)source, (void)fragmented, (void)error, (void)code, (void)flags;
  (void)version;
}

/* The macros take expressions, without parentheses of the caller's. */
int use_macros(uint8_t rsv, enum wslay_opcode opcode) {
  int bits = WSLAY_RSV_NONE | WSLAY_RSV1_BIT | WSLAY_RSV2_BIT | WSLAY_RSV3_BIT;
  char accept[WSLAYX_ACCEPT_KEY_SIZE];
  accept[0] = 0;
  return wslay_is_ctrl_frame(opcode) + wslay_get_rsv1(rsv) +
         wslay_get_rsv2(rsv) + wslay_get_rsv3(rsv) + bits + accept[0];
}
