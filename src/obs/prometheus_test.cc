#include "obs/prometheus.h"

#include <gtest/gtest.h>

namespace softlan::obs {
namespace {

TEST(PrometheusText, SaysWhatAFamilyIsAndThenItsSamples) {
  PrometheusText text;
  text.family("lanparty_members", MetricType::gauge, "Members.");
  text.sample({{"room", "A"}, {"role", "client"}}, 3u);
  text.sample({{"room", "B"}, {"role", "client"}}, std::uint64_t{18446744073709551615u});
  EXPECT_EQ(text.text(),
            "# HELP lanparty_members Members.\n"
            "# TYPE lanparty_members gauge\n"
            "lanparty_members{room=\"A\",role=\"client\"} 3\n"
            "lanparty_members{room=\"B\",role=\"client\"} 18446744073709551615\n");
}

TEST(PrometheusText, WritesASampleWithoutLabelsAndAFraction) {
  PrometheusText text;
  text.family("lanparty_rtt_seconds", MetricType::gauge, "Time.");
  text.sample({}, 0.0125);
  EXPECT_TRUE(text.text().ends_with("\nlanparty_rtt_seconds 0.0125\n")) << text.text();
}

TEST(PrometheusText, NoLabelCanBreakOutOfItsQuotes) {
  PrometheusText text;
  text.family("lanparty_x_total", MetricType::counter, "X.");
  text.sample({{"room", "a\"} 1\nb\\"}}, 1u);
  EXPECT_TRUE(text.text().ends_with("lanparty_x_total{room=\"a\\\"} 1\\nb\\\\\"} 1\n")) << text.text();
}

}  // namespace
}  // namespace softlan::obs
