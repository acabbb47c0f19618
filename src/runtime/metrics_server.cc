#include "runtime/metrics_server.h"

#include <microhttpd.h>

#include <utility>

#include "platform/linux/tcp_listener.h"

namespace softlan::runtime {

namespace {

constexpr unsigned kSecondsPerConnection = 5;
constexpr std::size_t kBytesPerConnection = 16 * 1024;

MHD_Result answer(MHD_Connection* connection, unsigned status, std::string_view type, std::string_view text) {
  MHD_Response* response =
      MHD_create_response_from_buffer(text.size(), const_cast<char*>(text.data()), MHD_RESPMEM_MUST_COPY);
  if (!response) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, std::string(type).c_str());
  const MHD_Result queued = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

struct MetricsServer::Http {
  // Called with the header read, and once more when a body would have come.
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url, const char* method,
                               const char* /*version*/, const char* /*body*/, std::size_t* body_size, void** state) {
    constexpr std::string_view kPlain = "text/plain; charset=utf-8";
    if (*state == nullptr) {
      *state = self;
      return MHD_YES;
    }
    if (*body_size > 0) return MHD_NO;
    const std::string_view asked(method);
    if (asked != "GET" && asked != "HEAD") return answer(connection, 405, kPlain, "GET only\n");
    const std::string_view path(url);
    if (path == "/healthz") return answer(connection, 200, kPlain, "ok\n");
    if (path != "/metrics") return answer(connection, 404, kPlain, "/metrics or /healthz\n");
    return answer(connection, 200, "text/plain; version=0.0.4; charset=utf-8",
                  static_cast<MetricsServer*>(self)->metrics());
  }
};

Result<std::unique_ptr<MetricsServer>> MetricsServer::open(Loop& loop, const SocketAddress& local,
                                                           std::function<std::string(TimePoint)> render) {
  auto listener = platform::listen_tcp(local);
  if (!listener) return std::unexpected(listener.error());
  std::unique_ptr<MetricsServer> server(new MetricsServer(loop, *std::move(listener), std::move(render)));
  if (auto started = server->start(); !started) return std::unexpected(started.error());
  return server;
}

MetricsServer::MetricsServer(Loop& loop, platform::FileDescriptor listener,
                             std::function<std::string(TimePoint)> render)
    : loop_(loop), listener_(std::move(listener)), render_(std::move(render)) {}

Result<void> MetricsServer::start() {
  daemon_ =
      MHD_start_daemon(MHD_USE_EPOLL, 0, nullptr, nullptr, &Http::on_request, this, MHD_OPTION_LISTEN_SOCKET,
                       listener_.get(), MHD_OPTION_CONNECTION_LIMIT, kMaxConnections, MHD_OPTION_CONNECTION_TIMEOUT,
                       kSecondsPerConnection, MHD_OPTION_CONNECTION_MEMORY_LIMIT, kBytesPerConnection, MHD_OPTION_END);
  if (!daemon_) return fail("cannot start the HTTP server");
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD);
  watch_ = std::make_unique<Watch>(loop_, info->epoll_fd, [this](TimePoint now) {
    run(now);
    return false;
  });
  loop_.attach(
      {.next_deadline = [this] { return next_run_; }, .on_deadline = [this](TimePoint now) { run(now); }, .flush = {}});
  return {};
}

MetricsServer::~MetricsServer() {
  watch_.reset();
  if (!daemon_) return;
  MHD_quiesce_daemon(daemon_);  // leaves the listener to its owner
  MHD_stop_daemon(daemon_);
}

void MetricsServer::run(TimePoint now) {
  MHD_run(daemon_);
  MHD_UNSIGNED_LONG_LONG milliseconds = 0;
  const bool waits = MHD_get_timeout(daemon_, &milliseconds) == MHD_YES;
  next_run_ = waits ? now + std::chrono::milliseconds(milliseconds) : kNever;
}

const std::string& MetricsServer::metrics() {
  const TimePoint now = loop_.now();
  if (now >= stale_at_) {
    text_ = render_(now);
    stale_at_ = now + kFresh;
  }
  return text_;
}

}  // namespace softlan::runtime
