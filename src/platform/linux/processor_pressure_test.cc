#include "platform/linux/processor_pressure.h"

#include <gtest/gtest.h>

#include "platform/linux/temporary_folder.h"

namespace softlan::platform {
namespace {

class ProcessorPressureTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(folder_); }
  ProcessorPressure of(std::string_view content) {
    return ProcessorPressure(folder_->add_file("cpu", content, false).value());
  }

 private:
  Result<TemporaryFolder> folder_ = TemporaryFolder::create("softlan-pressure-");
};

TEST_F(ProcessorPressureTest, IsTheTimeInWhichSomebodyWaited) {
  const ProcessorPressure pressure =
      of("some avg10=1.53 avg60=0.87 avg300=0.73 total=1234567\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=89\n");
  EXPECT_TRUE(pressure.is_known());
  EXPECT_EQ(pressure.contended(), std::chrono::microseconds(1234567));
}

TEST_F(ProcessorPressureTest, IsNotKnownWithoutTheFile) {
  const ProcessorPressure pressure("/proc/pressure/nothing-of-this-name");
  EXPECT_FALSE(pressure.is_known());
  EXPECT_EQ(pressure.contended(), Duration::zero());
}

TEST_F(ProcessorPressureTest, IsNotKnownWhereTheFileCannotBeRead) { EXPECT_FALSE(of("").is_known()); }

TEST_F(ProcessorPressureTest, IsNothingWhereTheFileSaysSomethingElse) {
  for (const auto* content : {"full avg10=0.00 total=5", "some avg10=0.00", "some total=x", "5"})
    EXPECT_EQ(of(content).contended(), Duration::zero()) << content;
}

}  // namespace
}  // namespace softlan::platform
