#include "obs/log_file.h"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace softlan::obs {

Result<LogFile> LogFile::open(const std::string& path, std::size_t max_bytes) {
  errno = 0;
  if (!std::ofstream(path, std::ios::app)) {
    return fail("cannot write {}: {}", path, std::generic_category().message(errno != 0 ? errno : EIO));
  }
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, max_bytes, /*max_files=*/1);
    sink->set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, /*eol=*/std::string()));
    return LogFile(std::move(sink));
  } catch (const spdlog::spdlog_ex& error) {
    return fail("cannot write {}: {}", path, error.what());
  }
}

void LogFile::write(std::string_view line) {
  try {
    sink_->log({{}, spdlog::level::info, {line.data(), line.size()}});
    sink_->flush();
  } catch (const spdlog::spdlog_ex&) {
    // As with every log that cannot be written: neither noise nor an end.
  }
}

}  // namespace softlan::obs
