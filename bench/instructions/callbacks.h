/* The callbacks of a session. Their user data is the session. */
#ifndef INSTRUCTIONS_CALLBACKS_H
#define INSTRUCTIONS_CALLBACKS_H

#include <wslay/wslay.h>

extern const struct wslay_event_callbacks event_callbacks;
extern const struct wslay_frame_callbacks frame_callbacks;

void echo_message_callback(wslay_event_context_ptr ctx,
                           const struct wslay_event_on_msg_recv_arg *arg,
                           void *user_data);
void count_message_callback(wslay_event_context_ptr ctx,
                            const struct wslay_event_on_msg_recv_arg *arg,
                            void *user_data);
void chunk_callback(wslay_event_context_ptr ctx,
                    const struct wslay_event_on_frame_recv_chunk_arg *arg,
                    void *user_data);
ssize_t fragment_callback(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                          const union wslay_event_msg_source *source, int *eof,
                          void *user_data);

#endif
