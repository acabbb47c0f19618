#include "obs/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <utility>

#include "obs/log_line.h"

namespace softlan::obs {
namespace {

// Above every level there is.
constexpr Level kNothing{0xff};

class OutletSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit OutletSink(LineOutlet outlet) : outlet_(std::move(outlet)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    outlet_({line.data(), line.size()});
  }
  void flush_() override {}

  LineOutlet outlet_;
};

std::shared_ptr<spdlog::logger> make_logger(spdlog::sink_ptr sink, LogFormat format) {
  auto logger = std::make_shared<spdlog::logger>("softlan", std::move(sink));
  logger->set_level(spdlog::level::trace);
  const char* pattern = format == LogFormat::json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v)" : "%Y-%m-%dT%H:%M:%S.%eZ %v";
  logger->set_pattern(pattern, spdlog::pattern_time_type::utc);
  // A log that cannot be written (a full disk, a closed terminal) must not become noise or an end.
  logger->set_error_handler([](const std::string&) {});
  return logger;
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

Log::Log(Level level, LogFormat format)
    : sink_(make_logger(std::make_shared<spdlog::sinks::stderr_sink_mt>(), format)), level_(level), format_(format) {}

Log Log::to(std::ostream& stream, Level level, LogFormat format) {
  Log log;
  log.sink_ = make_logger(std::make_shared<spdlog::sinks::ostream_sink_mt>(stream, /*force_flush=*/true), format);
  log.level_ = level;
  log.format_ = format;
  return log;
}

Log Log::through(LineOutlet outlet, Level level, LogFormat format) {
  Log log;
  log.sink_ = make_logger(std::make_shared<OutletSink>(std::move(outlet)), format);
  log.level_ = level;
  log.format_ = format;
  return log;
}

Log Log::quiet() {
  Log log;
  log.level_ = kNothing;
  return log;
}

Log::~Log() = default;
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!enabled(level) || sink_ == nullptr) return;
  sink_->log(spdlog_level(level), log_line(format_, level, event, fields));
}

}  // namespace softlan::obs
