// The frames that are compressed once for many, against RFC 7692, section 6.

#include "frame_deflater.hpp"

#include <parley/websocket/receiver.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::net {
namespace {

std::string message_of(FrameDeflater& deflater, std::string_view frame) {
  std::string bytes{frame};
  websocket::Receiver receiver{websocket::Role::client, {}, &deflater.inflater()};
  receiver.receive(bytes);
  const auto event = receiver.poll();
  const auto* message = event ? std::get_if<websocket::Message>(&*event) : nullptr;
  return message ? std::string{message->payload} : "no message";
}

TEST(FrameDeflater, MakesAFrameThatAPeerReads) {
  Arena arena;
  FrameDeflater deflater;
  const std::string text(5000, 'a');
  const auto frame = deflater.frame(MessageKind::text, Payload{arena, text});
  ASSERT_TRUE(frame);
  EXPECT_LT(frame->size(), 100u);
  EXPECT_EQ(message_of(deflater, *frame), text);
}

TEST(FrameDeflater, MakesOneFrameOfOnePayload) {
  Arena arena;
  FrameDeflater deflater;
  const Payload payload{arena, std::string(5000, 'a')};
  const auto frame = deflater.frame(MessageKind::text, payload);
  EXPECT_EQ(deflater.frame(MessageKind::text, payload)->data(), frame->data());
  const Payload other{arena, std::string(5000, 'b')};
  EXPECT_EQ(message_of(deflater, *deflater.frame(MessageKind::text, other)),
            std::string(5000, 'b'));
}

TEST(FrameDeflater, LooksAtAPayloadAnewOnceItHasForgotten) {
  Arena arena;
  FrameDeflater deflater;
  Payload payload{arena, std::string(5000, 'a')};
  deflater.frame(MessageKind::text, payload);
  deflater.forget();
  payload.bytes()[0] = 'b';  // the arena of another turn
  EXPECT_EQ(message_of(deflater, *deflater.frame(MessageKind::text, payload)),
            "b" + std::string(4999, 'a'));
}

TEST(FrameDeflater, LeavesAloneWhatDoesNotShrink) {
  Arena arena;
  FrameDeflater deflater;
  EXPECT_FALSE(deflater.frame(MessageKind::text, Payload{arena, "short"}));
}

}  // namespace
}  // namespace parley::net
