#include "apps/relay/options.h"

namespace softlan::apps {

namespace {

// Not of rooms with a number of their own.
void set_max_seats(relay::RelayConfig& config, std::size_t seats) {
  for (auto& [code, rules] : config.own_rules) {
    if (rules.max_seats == config.rules.max_seats) rules.max_seats = seats;
  }
  config.rules.max_seats = seats;
}

}  // namespace

void RelayOptions::add_to(CommandLine& line) {
  CLI::App& options = line.options();
  options
      .add_option("--config", config_file_,
                  "relay.toml, which knows all of this and more: listed rooms, guards, limits. Flags win over it; "
                  "SIGHUP reads it again and drops nobody")
      ->type_name("FILE");
  options
      .add_option("--listen", listen_,
                  "Where to listen: 443/udp (every address, IPv4 and IPv6), 192.0.2.1:443 or [2001:db8::1]:443; "
                  "may be given again (default: 443/udp)")
      ->check(CLI::Validator(runtime::listen_problem, ""))
      ->type_name("ADDR:PORT");
  options
      .add_option("--rooms", rooms_,
                  "Who may enter: open (a gateway founds its room and says which passes open it), listed (only "
                  "rooms of --config) or passless (whoever knows a room's code; nobody needs a pass) (default: open)")
      ->check(CLI::Validator(runtime::entry_problem, ""))
      ->type_name("MODE");
  options
      .add_option("--dev-cert-der-out", certificate_out_,
                  "Write the relay's self-signed certificate here (DER); members get it for --relay-ca-cert")
      ->type_name("FILE");
  auto* const cert = options
                         .add_option("--cert", certificate_file_,
                                     "Use this certificate, not a self-signed one: PEM, the relay's first and its "
                                     "issuers' after it. Read again when it changes. Best with an ECDSA key: with RSA "
                                     "every join costs the relay about nine times as much")
                         ->type_name("FILE");
  auto* const key = options.add_option("--key", key_file_, "The private key of --cert: PEM, without a passphrase")
                        ->type_name("FILE")
                        ->needs(cert);
  cert->needs(key);
  options
      .add_option("--server-name", server_names_,
                  "A name the self-signed certificate is to hold besides lanparty-relay.local; may be given again")
      ->check(CLI::Validator(runtime::server_name_problem, ""))
      ->type_name("NAME");
  options
      .add_option("--state-dir", state_directory_,
                  "Where certificate, keys and founded rooms are kept, so that they survive a restart")
      ->type_name("DIR");
  options
      .add_option(
          "--threads", threads_,
          "Threads that rooms are spread over: a room lives on one of them (default: as many as the machine has "
          "processors)")
      ->check(CLI::Range(std::size_t{1}, runtime::kMaxThreads).description(""))
      ->type_name("N");
  options.add_flag_callback(
      "--no-priority", [this] { no_priority_ = true; },
      "Take turns with the machine's other programs; without this, frames go before them where the system allows it");
  options.add_option("--room-mtu", room_mtu_, "MTU of the members' TAPs (default: 1500)")
      ->check(CLI::Range(proto::kMinRoomMtu, proto::kMaxRoomMtu).description(""))
      ->type_name("BYTES");
  options.add_option("--max-rooms", max_rooms_, "Rooms at once (default: 256)")
      ->check(CLI::Range(1, 65535).description(""))
      ->type_name("N");
  options.add_option("--max-seats", max_seats_, "Members of one room, its gateway included (default: 64)")
      ->check(CLI::Range(std::size_t{2}, relay::kMaxSeats).description(""))
      ->type_name("N");
}

Result<runtime::RelaySettings> RelayOptions::settings(const runtime::Moment& moment) const {
  auto settings =
      config_file_.empty() ? Result<runtime::RelaySettings>() : runtime::load_relay_settings(config_file_, moment);
  if (!settings) return settings;
  if (!listen_.empty()) settings->listen = listen_;
  if (!server_names_.empty()) settings->server_names = server_names_;
  if (!certificate_file_.empty()) {
    settings->certificate_file = certificate_file_;
    settings->key_file = key_file_;
  }
  if (!state_directory_.empty()) settings->state_directory = state_directory_;
  settings->priority = settings->priority && !no_priority_;
  settings->threads = threads_.value_or(settings->threads);
  settings->entry = runtime::parse_entry(rooms_).value_or(settings->entry);
  settings->relay.room_mtu = room_mtu_.value_or(settings->relay.room_mtu);
  settings->relay.max_rooms = max_rooms_.value_or(settings->relay.max_rooms);
  if (max_seats_) set_max_seats(settings->relay, *max_seats_);
  return settings;
}

}  // namespace softlan::apps
