#include "apps/common/question.h"

#include <cstdio>

#include "apps/common/status_socket.h"
#include "platform/linux/local_socket.h"

namespace softlan::apps {

namespace {

constexpr std::size_t kMaxAnswer = 4 * 1024 * 1024;
constexpr Duration kPatience = std::chrono::seconds(5);

// Words go one a line, so none may hold a line's end.
Result<std::string> in_lines(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (word.find('\n') != std::string::npos) return fail("an argument goes over more than one line");
    text += word + '\n';
  }
  return text;
}

}  // namespace

void Question::add_to(CLI::App& command) {
  // Asking needs nothing of what running needs.
  command.preparse_callback([program = command.get_parent()](std::size_t) {
    for (CLI::Option* option : program->get_options()) option->required(false);
  });
  command.add_option("--status-socket", path_, "As given to the program that is asked (default: the usual place)")
      ->type_name("PATH");
}

Result<std::string> Question::ask(const CommandLine& line, const std::vector<std::string>& words) const {
  const auto lines = in_lines(words);
  if (!lines) return lines;
  const std::string path = path_.empty() ? platform::find_socket(short_name(line)) : path_;
  auto answer = platform::ask(path, *lines, kMaxAnswer, kPatience);
  if (!answer) return fail("{}; is {} running here?", answer.error().message, line.program());
  const std::size_t end = answer->find('\n');
  const std::string text = end == std::string::npos ? "" : answer->substr(end + 1);
  if (!answer->starts_with("ok\n")) return fail("{}", text.empty() ? "the answer makes no sense" : text);
  return text;
}

int Question::ask_once(const CommandLine& line, const std::vector<std::string>& words) const {
  const auto answer = ask(line, words);
  if (!answer) {
    std::fprintf(stderr, "%s: %s", line.program().c_str(), answer.error().message.c_str());
    if (!answer.error().message.ends_with('\n')) std::fputc('\n', stderr);
    return kExitFailure;
  }
  std::fputs(answer->c_str(), stdout);
  return 0;
}

}  // namespace softlan::apps
