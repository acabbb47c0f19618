// lanparty-relay: the public server members meet at.
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "apps/common/command_line.h"
#include "apps/relay/listen_address.h"
#include "base/frame_pool.h"
#include "base/text.h"
#include "platform/linux/files.h"
#include "platform/linux/system_random.h"
#include "quic/endpoint_config.h"
#include "relay/relay.h"
#include "runtime/loop.h"
#include "runtime/relay_server.h"
#include "runtime/relay_state.h"

namespace {

using namespace softlan;

// Frames held for all members together; beyond it frames are dropped, not memory taken (about 400 MB).
constexpr std::size_t kMaxFrames = 256 * 1024;
constexpr char kDefaultName[] = "lanparty-relay.local";

struct Options {
  std::vector<std::string> listen{"443/udp"};
  std::string certificate_out;
  std::vector<std::string> server_names;
  std::string state_directory;
  relay::RelayConfig relay;

  void add_to(apps::CommandLine& line) {
    CLI::App& options = line.options();
    options
        .add_option("--listen", listen,
                    "Where to listen: 443/udp (every address, IPv4 and IPv6), 192.0.2.1:443 or [2001:db8::1]:443; "
                    "may be given again (default: 443/udp)")
        ->type_name("ADDR:PORT");
    options
        .add_option("--dev-cert-der-out", certificate_out,
                    "Write the relay's self-signed certificate here (DER); members get it for --relay-ca-cert")
        ->type_name("FILE");
    options
        .add_option("--server-name", server_names,
                    "A name the certificate is to hold besides lanparty-relay.local; may be given again")
        ->type_name("NAME");
    options
        .add_option("--state-dir", state_directory,
                    "Where certificate and keys are kept, so that members' pins survive a restart")
        ->type_name("DIR");
    options.add_option("--room-mtu", relay.room_mtu, "MTU of the members' TAPs (default: 1500)")
        ->check(CLI::Range(proto::kMinRoomMtu, proto::kMaxRoomMtu).description(""))
        ->type_name("BYTES");
    options.add_option("--max-rooms", relay.max_rooms, "Rooms at once (default: 256)")
        ->check(CLI::Range(1, 65535).description(""))
        ->type_name("N");
    options.add_option("--max-seats", relay.max_seats, "Members of one room, its gateway included (default: 64)")
        ->check(CLI::Range(2, 250).description(""))
        ->type_name("N");
  }
};

Result<std::vector<platform::UdpSocket>> open_sockets(const std::vector<SocketAddress>& addresses, bool any_family) {
  std::vector<platform::UdpSocket> sockets;
  Error last;
  for (const SocketAddress& address : addresses) {
    auto socket = platform::UdpSocket::bind(address);
    if (socket) {
      sockets.push_back(std::move(*socket));
    } else if (!any_family) {
      return std::unexpected(socket.error());
    } else {
      last = socket.error();
    }
  }
  if (sockets.empty()) return std::unexpected(last);
  return sockets;
}

int run(const apps::CommandLine& line, Options& options) {
  std::vector<platform::UdpSocket> sockets;
  std::vector<std::string> names{kDefaultName};
  for (const std::string& name : options.server_names) {
    if (name.empty() || printable(name) != name) return line.refuse("--server-name: that is not a DNS name");
    if (name != kDefaultName) names.push_back(name);
  }
  for (const std::string& text : options.listen) {
    const auto addresses = apps::parse_listen_address(text);
    if (addresses.empty()) {
      return line.refuse(fmt::format(
          "--listen: '{}' is not an address to listen on; write it like 443/udp, 192.0.2.1:443 or [::]:443", text));
    }
    auto opened = open_sockets(addresses, addresses.size() > 1);
    if (!opened) return line.give_up(opened.error().message);
    std::ranges::move(*opened, std::back_inserter(sockets));
  }

  platform::SystemRandom random;
  if (options.state_directory.empty()) {
    auto directory = platform::default_state_directory("relay");
    if (!directory) return line.give_up(directory.error().message + "; give one with --state-dir");
    options.state_directory = std::move(*directory);
  }
  const auto state = runtime::load_or_create_relay_state(options.state_directory, names, std::time(nullptr), random);
  if (!state) return line.give_up(state.error().message);
  const auto tls = quic::TlsContext::for_relay(state->certificate);
  if (!tls) return line.give_up(fmt::format("{}: {}", options.state_directory, tls.error().message));
  if (!options.certificate_out.empty()) {
    const auto der = quic::certificate_to_der(state->certificate.certificate_pem);
    if (!der) return line.give_up(der.error().message);
    const auto written =
        platform::write_public_file(options.certificate_out, {reinterpret_cast<const char*>(der->data()), der->size()});
    if (!written) return line.give_up(written.error().message);
  }

  obs::Log log = line.make_log();
  options.relay.software = line.software();
  quic::EndpointConfig endpoint;
  endpoint.reset_key = state->reset_key;
  FramePool pool(kMaxFrames);
  runtime::Loop loop;
  relay::Relay relay(options.relay, log);
  if (state->new_certificate) log.info("new certificate made", {{"directory", options.state_directory}});
  for (const platform::UdpSocket& socket : sockets) {
    log.info("listening", {{"address", to_string(socket.local())}, {"software", line.software()}});
  }
  runtime::RelayServer server(loop, relay, **tls, endpoint, pool, random, std::move(sockets));
  loop.on_stop_signal([&](TimePoint) {
    relay.shut_down();
    loop.after(std::chrono::milliseconds(400), [&] { loop.stop(); });
  });
  loop.run();
  log.info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  apps::CommandLine line("lanparty-relay",
                         "The relay of softlan: members of a room meet here and share one LAN over the internet.",
                         "Example, on a rented Linux machine:\n"
                         "  lanparty-relay --listen 443/udp --dev-cert-der-out relay-cert.der\n"
                         "Give relay-cert.der to the party's gateway and to every player.\n");
  Options options;
  options.add_to(line);
  if (const auto exit_code = line.parse(argc, argv)) return *exit_code;
  return run(line, options);
}
