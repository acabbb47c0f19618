#include "runtime/voice.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace softlan::runtime {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

class AVoice : public testing::Test {
 protected:
  Voice make(Voice::For whom = Voice::For::people) {
    return Voice({.out = [this](std::string_view text) { out_ += text; },
                  .err = [this](std::string_view text) { err_ += text; },
                  .screen = [this] { return screen_; },
                  .err_on_screen = err_on_screen_},
                 whom, obs::Level::info, obs::LogFormat::text);
  }

  std::optional<platform::ScreenSize> screen_;
  bool err_on_screen_ = false;
  std::string out_;
  std::string err_;
};

const std::vector<ViewLine> kView{{Mood::plain, "the view"}};

TEST_F(AVoice, SaysSentencesAndLogsApartWhereNobodyWatches) {
  Voice voice = make();
  voice.tell("Bob joined.");
  voice.log().warn("odd");
  voice.show(kView);
  EXPECT_EQ(out_, "Bob joined.\n");
  EXPECT_THAT(err_, EndsWith(" warn  odd\n"));
  EXPECT_FALSE(voice.view_width());
}

TEST_F(AVoice, SaysBothAboveTheViewOnATerminal) {
  screen_ = platform::ScreenSize{.columns = 80, .rows = 24};
  err_on_screen_ = true;
  Voice voice = make();
  EXPECT_EQ(voice.view_width(), 78u);
  voice.show(kView);
  out_.clear();
  voice.log().warn("odd");
  EXPECT_THAT(out_, HasSubstr(" warn  odd\n"));
  EXPECT_THAT(out_, HasSubstr("the view"));
  EXPECT_THAT(err_, IsEmpty());
  voice.end_view();
  voice.show(kView);
  out_.clear();
  voice.tell("Bob joined.");
  EXPECT_EQ(out_, "Bob joined.\n");
}

TEST_F(AVoice, LeavesALogThatGoesElsewhereAlone) {
  screen_ = platform::ScreenSize{};
  Voice voice = make();
  voice.show(kView);
  out_.clear();
  voice.log().warn("odd");
  EXPECT_THAT(out_, IsEmpty());
  EXPECT_THAT(err_, EndsWith(" warn  odd\n"));
}

TEST_F(AVoice, KeepsNoSecret) {
  Voice voice = make();
  voice.show_once("The pass is swordfish.\n");
  EXPECT_EQ(out_, "The pass is swordfish.\n");
  EXPECT_THAT(voice.last_lines(), IsEmpty());
}

TEST_F(AVoice, ForProgramsHasNothingButObjectsOnStandardOutput) {
  screen_ = platform::ScreenSize{};
  err_on_screen_ = true;
  Voice voice = make(Voice::For::programs);
  voice.show(kView);
  voice.tell("Bob joined.");
  voice.put_out("{}\n");
  EXPECT_EQ(out_, "{}\n");
  EXPECT_THAT(err_, EndsWith(" info  Bob joined.\n"));
}

TEST_F(AVoice, RemembersWhatItSaidLast) {
  Voice voice = make();
  voice.tell("Bob joined.");
  voice.log().warn("odd", {{"why", "\x1b[2J"}});
  voice.log().debug("too fine");
  EXPECT_THAT(voice.last_lines(), ElementsAre(EndsWith("info  Bob joined."), EndsWith("warn  odd why=?[2J")));
  for (std::size_t i = 0; i < Voice::kLastLines; ++i) voice.tell(std::string(2000, 'x'));
  EXPECT_EQ(voice.last_lines().size(), Voice::kLastLines);
  EXPECT_EQ(voice.last_lines().front().size(), Voice::kLongestLastLine);
}

TEST_F(AVoice, KeepsSentencesAndLogLinesInAFile) {
  const std::string path = (std::filesystem::temp_directory_path() / "voice_test_log.txt").string();
  std::filesystem::remove(path);
  {
    Voice voice = make();
    voice.keep_in(obs::LogFile::open(path).value());
    voice.tell("Bob joined.");
    voice.log().warn("odd");
  }
  std::string content;
  {
    std::ifstream file(path);  // closed before it is removed, as Windows wants it
    content.assign(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_THAT(content, HasSubstr(" info  Bob joined.\n"));
  EXPECT_THAT(content, EndsWith(" warn  odd\n"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace softlan::runtime
