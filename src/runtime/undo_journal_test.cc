#include "runtime/undo_journal.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>

#include "platform/files.h"
#include "platform/system_random.h"

namespace softlan::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Change kMetric{"network", "interface v4 77", "automatic 25 1500 default-routes"};
const Change kRoute{"network", "route 203.0.113.5/32 192.168.1.1 11", "none"};
const Change kMac{"adapter", "{4d36e972}", "02:00:00:00:00:01"};

class UndoJournalTest : public testing::Test {
 protected:
  UndoJournalTest() {
    platform::SystemRandom random;
    folder_ = testing::TempDir() + fmt::format("softlan-undo-journal-{:016x}", random.next_u64());
    file_ = folder_ + "/state/undo.json";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  UndoJournal open() { return UndoJournal::open(file_).value(); }
  void write(std::string_view text) { ASSERT_TRUE(platform::write_private_file(file_, text)); }
  std::string content() { return platform::read_file(file_, 1 << 20).value_or(""); }

  std::string folder_;
  std::string file_;
  std::ostringstream said_;
  obs::Log log_ = obs::Log::to(said_, obs::Level::info, obs::LogFormat::text);
};

TEST_F(UndoJournalTest, RemembersBeyondTheEndOfItsProgram) {
  {
    auto journal = open();
    ASSERT_TRUE(journal.remember(kMetric));
    ASSERT_TRUE(journal.remember(kRoute));
  }
  EXPECT_THAT(open().changes(), ElementsAre(kMetric, kRoute));
}

TEST_F(UndoJournalTest, LeavesNoFileWhenNothingIsToBePutBack) {
  auto journal = open();
  ASSERT_TRUE(journal.remember(kMetric));
  EXPECT_TRUE(platform::file_exists(file_));
  journal.forget(kMetric);
  EXPECT_FALSE(platform::file_exists(file_));
}

TEST_F(UndoJournalTest, BelongsToOneProgramAtATime) {
  {
    const auto journal = open();
    const auto second = UndoJournal::open(file_);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("another program"));
  }
  EXPECT_TRUE(UndoJournal::open(file_));
}

TEST_F(UndoJournalTest, HasWhatAnEarlierRunLeftPutBackNewestFirst) {
  auto journal = open();
  for (const Change& change : {kMetric, kMac, kRoute}) ASSERT_TRUE(journal.remember(change));
  std::vector<Change> order;
  const auto note = [&](const Change& change) -> Result<void> {
    order.push_back(change);
    return {};
  };
  journal.recover({{"network", note}, {"adapter", note}}, log_);
  EXPECT_THAT(order, ElementsAre(kRoute, kMac, kMetric));
  EXPECT_FALSE(platform::file_exists(file_));
}

TEST_F(UndoJournalTest, KeepsWhatCannotBePutBack) {
  auto journal = open();
  for (const Change& change : {kMetric, kMac}) ASSERT_TRUE(journal.remember(change));
  journal.recover({{"network", [](const Change&) -> Result<void> { return fail("no such interface"); }}}, log_);
  EXPECT_THAT(journal.changes(), ElementsAre(kMetric, kMac));
  EXPECT_THAT(said_.str(), HasSubstr("no such interface"));
  EXPECT_THAT(content(), HasSubstr("02:00:00:00:00:01"));
}

TEST_F(UndoJournalTest, PassesOverLinesThatCannotBeRead) {
  {
    auto journal = open();
    ASSERT_TRUE(journal.remember(kMetric));
  }
  const std::string whole = content();
  for (const std::string& torn :
       {whole.substr(0, whole.size() / 2), std::string("[]\n"), std::string("{\"kind\": 1}\n"), std::string("\x80{")}) {
    write(whole + torn);
    EXPECT_THAT(open().changes(), ElementsAre(kMetric)) << torn;
  }
}

TEST_F(UndoJournalTest, HoldsSoManyChangesAndNoMore) {
  auto journal = open();
  for (std::size_t i = 0; i < UndoJournal::kMaxChanges; ++i) ASSERT_TRUE(journal.remember(kMetric));
  const auto more = journal.remember(kRoute);
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().message, HasSubstr("full"));
}

TEST_F(UndoJournalTest, RemembersNothingItCouldNotWrite) {
  auto journal = open();
  ASSERT_TRUE(platform::write_private_file(file_ + "/in-its-place", ""));
  EXPECT_FALSE(journal.remember(kMetric));
  EXPECT_THAT(journal.changes(), IsEmpty());
}

}  // namespace
}  // namespace softlan::runtime
