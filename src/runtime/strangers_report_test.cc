#include "runtime/strangers_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace softlan::runtime {
namespace {

class StrangersReportTest : public testing::Test {
 protected:
  void write(std::uint64_t not_seated = 0) { report_.write(report_.next_deadline(), total_, not_seated); }
  [[nodiscard]] auto lines() const { return std::ranges::count(text_.str(), '\n'); }
  [[nodiscard]] bool says(std::string_view words) const { return text_.str().find(words) != std::string::npos; }

  std::ostringstream text_;
  obs::Log log_ = obs::Log::to(text_, obs::Level::info, obs::LogFormat::text);
  StrangersReport report_{TimePoint{}, log_};
  quic::EndpointCounters total_;
};

TEST_F(StrangersReportTest, SaysNothingOfMembers) {
  total_.packets = 1'000'000;
  write();
  EXPECT_EQ(lines(), 0);
}

TEST_F(StrangersReportTest, SumsUpAFloodInOneLine) {
  total_.junk_packets = 300'000;
  total_.unknown_connections = 20;
  total_.refused_connections = 3;
  total_.failed_handshakes = 2;
  write(7);
  EXPECT_EQ(lines(), 1);
  EXPECT_TRUE(says("junk_packets=300000 unknown_connections=20"));
  EXPECT_TRUE(says("refused_connections=3 failed_handshakes=2 not_seated=7"));
}

TEST_F(StrangersReportTest, IsSilentUntilThereIsMore) {
  total_.failed_handshakes = 1;
  write();
  write();
  EXPECT_EQ(lines(), 1);
  write(1);
  EXPECT_EQ(lines(), 2);
}

TEST_F(StrangersReportTest, IsDueOnceAMinute) {
  EXPECT_EQ(report_.next_deadline(), TimePoint(std::chrono::seconds(60)));
  write();
  EXPECT_EQ(report_.next_deadline(), TimePoint(std::chrono::seconds(120)));
}

TEST(EndpointCounters, OfSeveralEndpointsAddUp) {
  quic::EndpointCounters total{.packets = 10, .junk_packets = 1, .refused_connections = 2};
  total += {.packets = 5, .junk_packets = 1, .unknown_connections = 4, .stateless_resets = 4};
  EXPECT_EQ(total.packets, 15u);
  EXPECT_EQ(total.strange_packets(), 8u);
  EXPECT_EQ(total.stateless_resets, 4u);
}

}  // namespace
}  // namespace softlan::runtime
