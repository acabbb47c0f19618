#include "runtime/metrics_server.h"

#include <gmock/gmock.h>

#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <thread>

namespace softlan::runtime {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// A port nobody listens on, as far as one can know.
std::uint16_t free_port() {
  asio::io_context context;
  return asio::ip::tcp::acceptor(context, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

class AMetricsServer : public testing::Test {
 protected:
  void serve_while(const std::function<void()>& asking) {
    const auto server = MetricsServer::open(loop_, local_, [this](TimePoint) {
      ++rendered_;
      return std::string("lanparty_rooms 2\n");
    });
    ASSERT_TRUE(server) << server.error().message;
    std::thread beside([&] {
      asking();
      asio::post(loop_.context(), [this] { loop_.stop(); });
    });
    loop_.run();
    beside.join();
  }
  // The whole answer to these bytes.
  [[nodiscard]] std::string say(const std::string& request) const {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::address_v4::loopback(), local_.port});
    asio::write(socket, asio::buffer(request));
    std::string answer;
    std::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), end);
    return answer;
  }
  [[nodiscard]] std::string get(const std::string& path) const {
    return say("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  Loop loop_;
  SocketAddress local_{.ip = parse_ip("127.0.0.1").value(), .port = free_port()};
  int rendered_ = 0;
};

TEST_F(AMetricsServer, GivesPrometheusItsText) {
  serve_while([&] {
    const std::string answer = get("/metrics");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nlanparty_rooms 2\n"));
  });
}

TEST_F(AMetricsServer, SaysThatTheProgramLives) {
  serve_while([&] { EXPECT_THAT(get("/healthz"), EndsWith("\r\n\r\nok\n")); });
  EXPECT_EQ(rendered_, 0);
}

TEST_F(AMetricsServer, MakesTheTextOnceForManyWhoAskAtOnce) {
  serve_while([&] {
    for (int i = 0; i < 5; ++i) (void)get("/metrics");
  });
  EXPECT_LE(rendered_, 2);
}

TEST_F(AMetricsServer, HasNothingElse) {
  serve_while([&] {
    EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(say("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"),
                testing::Not(StartsWith("HTTP/1.1 200 ")));
    EXPECT_THAT(say("nonsense\r\n\r\n"), testing::Not(HasSubstr("200")));
    EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200 "));
  });
}

TEST_F(AMetricsServer, SaysThatItsPortIsTaken) {
  serve_while([&] {});
  const auto first = MetricsServer::open(loop_, local_, {});
  const auto second = MetricsServer::open(loop_, local_, {});
  ASSERT_TRUE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "cannot listen on " + to_string(local_) + " (TCP): Address already in use");
}

}  // namespace
}  // namespace softlan::runtime
