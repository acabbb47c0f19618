#include <cerrno>
#include <memory>
#include <vector>

#include "platform/linux/netlink_request.h"

namespace softlan::platform {

namespace {

constexpr std::size_t kReceiveSize = 32 * 1024;  // what the kernel fills at most per read of a dump
constexpr unsigned kSequence = 1;

struct CloseSocket {
  void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};

int call_answer(const nlmsghdr* message, void* answer) {
  (*static_cast<const std::function<void(const nlmsghdr*)>*>(answer))(message);
  return MNL_CB_OK;
}

}  // namespace

NetlinkRequest::NetlinkRequest(std::uint16_t type, bool dump) : header_(mnl_nlmsg_put_header(buffer_.data())) {
  header_->nlmsg_type = type;
  // An acknowledgement ends a single answer as DONE ends a dump.
  header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK));
  header_->nlmsg_seq = kSequence;
}

int NetlinkRequest::ask(const std::function<void(const nlmsghdr*)>& answer) {
  const std::unique_ptr<mnl_socket, CloseSocket> socket(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC));
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return errno;
  if (mnl_socket_sendto(socket.get(), header_, header_->nlmsg_len) < 0) return errno;
  const unsigned port = mnl_socket_get_portid(socket.get());
  std::vector<char> buffer(kReceiveSize);
  int state = MNL_CB_OK;
  while (state > MNL_CB_STOP) {
    const ssize_t size = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
    if (size < 0) return errno;
    state = mnl_cb_run(buffer.data(), static_cast<std::size_t>(size), kSequence, port, call_answer,
                       const_cast<void*>(static_cast<const void*>(&answer)));
  }
  return state == MNL_CB_STOP ? 0 : errno;
}

}  // namespace softlan::platform
