// Unix stream sockets: how a running program is asked about itself by another one on the same machine.
//
// The socket file is the owner's alone (0600), and whoever connects must be the same user or root: the kernel says who
// it is (SO_PEERCRED, unix(7)). Streams are non-blocking; none of them raises SIGPIPE.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/linux/file_descriptor.h"

namespace softlan::platform {

class LocalStream {
 public:
  explicit LocalStream(FileDescriptor socket) : socket_(std::move(socket)) {}

  [[nodiscard]] int fd() const { return socket_.get(); }
  // How much was read: 0 when the other side has said everything or is gone, nothing when there is no more for now.
  [[nodiscard]] std::optional<std::size_t> read(MutableBytes room);
  // How much was taken: nothing when the other side is gone, 0 when it reads too slowly for now.
  [[nodiscard]] std::optional<std::size_t> write(std::string_view text);

 private:
  FileDescriptor socket_;
};

class LocalListener {
 public:
  // The parent folder is created for the owner alone when it is missing. A socket that a program left behind is
  // replaced; one that a program listens on is an error.
  [[nodiscard]] static Result<LocalListener> open(const std::string& path);
  LocalListener(LocalListener&&) noexcept = default;
  LocalListener& operator=(LocalListener&&) = delete;
  // Removes the file, unless another program has replaced it.
  ~LocalListener();

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  // The next who may ask; the others are sent away. Nothing when nobody waits.
  [[nodiscard]] std::optional<LocalStream> accept();

 private:
  LocalListener(FileDescriptor socket, std::string path);

  FileDescriptor socket_;
  std::string path_;
  std::uint64_t inode_ = 0;
};

// Says `request` to the program that listens at `path` and answers all it says, at most `max_bytes`. Waits no longer
// than `patience` at a time.
[[nodiscard]] Result<std::string> ask(const std::string& path, std::string_view request, std::size_t max_bytes,
                                      Duration patience);

// Where `program` ("relay", "client", ...) listens: $RUNTIME_DIRECTORY as systemd sets it, else /run/lanparty for root,
// else $XDG_RUNTIME_DIR/lanparty; followed by PROGRAM.sock. Empty when none of these can be.
[[nodiscard]] std::string default_socket_path(std::string_view program);
// Where to look for one that runs: there, else where a service of ours has it, else at root's place.
[[nodiscard]] std::string find_socket(std::string_view program);

}  // namespace softlan::platform
