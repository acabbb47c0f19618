#include "quic/control_stream.h"

#include <gtest/gtest.h>

namespace softlan::quic {
namespace {

std::vector<std::uint8_t> bytes(std::size_t count, std::uint8_t value) {
  return std::vector<std::uint8_t>(count, value);
}

TEST(ControlSendBuffer, OffersUnsentBytesChunkByChunk) {
  ControlSendBuffer buffer;
  ASSERT_TRUE(buffer.append(bytes(10, 1)));
  ASSERT_TRUE(buffer.append(bytes(5, 2)));
  EXPECT_EQ(buffer.unsent().size(), 10u);
  buffer.sent(4);
  EXPECT_EQ(buffer.unsent().size(), 6u);
  buffer.sent(6);
  EXPECT_EQ(buffer.unsent()[0], 2);
  buffer.sent(5);
  EXPECT_TRUE(buffer.all_sent());
  EXPECT_FALSE(buffer.all_acknowledged());
}

TEST(ControlSendBuffer, ForgetsWhatWasAcknowledged) {
  ControlSendBuffer buffer;
  ASSERT_TRUE(buffer.append(bytes(10, 1)));
  ASSERT_TRUE(buffer.append(bytes(10, 2)));
  buffer.sent(10);
  buffer.sent(3);
  buffer.acknowledged(12);
  EXPECT_EQ(buffer.unsent().size(), 7u);
  buffer.sent(7);
  buffer.acknowledged(8);
  EXPECT_TRUE(buffer.all_acknowledged());
}

TEST(ControlSendBuffer, RefusesMoreThanItsBoundUntilThePeerReads) {
  ControlSendBuffer buffer;
  ASSERT_TRUE(buffer.append(bytes(ControlSendBuffer::kMaxBytes, 1)));
  EXPECT_FALSE(buffer.append(bytes(1, 2)));
  buffer.sent(ControlSendBuffer::kMaxBytes);
  buffer.acknowledged(ControlSendBuffer::kMaxBytes);
  EXPECT_TRUE(buffer.append(bytes(1, 2)));
}

}  // namespace
}  // namespace softlan::quic
