// The cable out of the driver's double: moves what the double says and hears to and from a TCP port of this machine,
// where another program plugs it into a network. Also loads the double and provokes what happens to adapters.
//
//   cable load DRIVER.sys NNNN   installs and starts the double for the adapter with that key of the class
//   cable run PORT               connects to 127.0.0.1:PORT and moves messages until that hangs up
//   cable restart | remove       the adapter, as device manager would
//   cable hold GUID              has the adapter open, as another program would, until it is ended
#include <winsock2.h>
// After it.
#include <windows.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "cable_seam.h"

namespace {

using namespace softlan::cable;

constexpr const wchar_t* kService = L"SoftlanTapDouble";
constexpr const wchar_t* kClass =
    LR"(\Registry\Machine\System\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}\)";

int fail(const char* what) {
  std::fprintf(stderr, "cable: %s: error %lu\n", what, GetLastError());
  return 1;
}

int load(const std::wstring& driver, const std::wstring& number) {
  const SC_HANDLE services = OpenSCManagerW(nullptr, nullptr, SC_MANAGER_ALL_ACCESS);
  const SC_HANDLE service =
      CreateServiceW(services, kService, nullptr, SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER, SERVICE_DEMAND_START,
                     SERVICE_ERROR_NORMAL, driver.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr);
  if (!service) return fail("cannot install the driver");
  const std::wstring adapter = kClass + number;
  const std::wstring key = std::wstring(LR"(SYSTEM\CurrentControlSet\Services\)") + kService;
  if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, key.c_str(), L"Adapter", REG_SZ, adapter.c_str(),
                      static_cast<DWORD>((adapter.size() + 1) * sizeof(wchar_t))) != ERROR_SUCCESS)
    return fail("cannot write the driver's parameters");
  for (int pause = 0; !StartServiceW(service, 0, nullptr); ++pause) {
    // While Wine starts services of its own.
    if (GetLastError() != ERROR_SERVICE_DATABASE_LOCKED || pause == 300) return fail("cannot start the driver");
    Sleep(100);
  }
  return 0;
}

HANDLE open_cable() {
  return CreateFileW(LR"(\\.\SoftlanCable)", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                     OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr);
}

// One overlapped operation at a time, waited for.
class Operation {
 public:
  Operation() { overlapped_.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr); }
  OVERLAPPED* begin() { return &overlapped_; }
  // The bytes moved, or -1.
  int end(HANDLE device, BOOL begun) {
    DWORD moved = 0;
    if (!begun && GetLastError() != ERROR_IO_PENDING) return -1;
    return GetOverlappedResult(device, &overlapped_, &moved, TRUE) ? static_cast<int>(moved) : -1;
  }

 private:
  OVERLAPPED overlapped_{};
};

int control(unsigned long code) {
  const HANDLE cable = open_cable();
  if (cable == INVALID_HANDLE_VALUE) return fail("no driver");
  Operation operation;
  const BOOL begun = DeviceIoControl(cable, code, nullptr, 0, nullptr, 0, nullptr, operation.begin());
  return operation.end(cable, begun) < 0 ? fail("the driver refuses") : 0;
}

sockaddr_in local(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<u_short>(std::atoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

using Buffer = std::array<char, 32 * 1024>;

void from_card(HANDLE cable, SOCKET socket) {
  Buffer messages;
  Operation operation;
  for (;;) {
    const BOOL begun = ReadFile(cable, messages.data(), messages.size(), nullptr, operation.begin());
    const int size = operation.end(cable, begun);
    if (size < 0) std::exit(fail("the driver is gone"));
    send(socket, messages.data(), size, 0);
  }
}

// The bytes of `messages` up to the end of the last whole one.
std::size_t whole(std::span<const char> messages) {
  std::size_t end = 0;
  while (messages.size() - end >= kSizeBytes) {
    const std::size_t size = message_size(reinterpret_cast<const unsigned char*>(messages.data() + end));
    if (size > messages.size() - end) break;
    end += size;
  }
  return end;
}

void to_card(HANDLE cable, SOCKET socket) {
  Buffer messages;
  Operation operation;
  for (std::size_t held = 0;;) {
    const int size = recv(socket, messages.data() + held, static_cast<int>(messages.size() - held), 0);
    if (size <= 0) return;
    held += static_cast<std::size_t>(size);
    const std::size_t ready = whole(std::span(messages).first(held));
    if (ready == 0) continue;
    const BOOL begun = WriteFile(cable, messages.data(), static_cast<DWORD>(ready), nullptr, operation.begin());
    operation.end(cable, begun);
    std::copy(messages.data() + ready, messages.data() + held, messages.data());
    held -= ready;
  }
}

int run(const char* port) {
  WSADATA data;
  WSAStartup(MAKEWORD(2, 2), &data);
  const HANDLE cable = open_cable();
  if (cable == INVALID_HANDLE_VALUE) return fail("no driver");
  const SOCKET socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in peer = local(port);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0) return fail("cannot connect");
  const BOOL at_once = TRUE;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&at_once), sizeof(at_once));
  std::thread(from_card, cable, socket).detach();
  std::puts("plugged");
  std::fflush(stdout);
  to_card(cable, socket);
  std::exit(0);
}

int hold(const std::wstring& guid) {
  const HANDLE card = CreateFileW((LR"(\\.\Global\)" + guid + L".tap").c_str(), GENERIC_READ | GENERIC_WRITE, 0,
                                  nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_SYSTEM | FILE_FLAG_OVERLAPPED, nullptr);
  if (card == INVALID_HANDLE_VALUE) return fail("no adapter");
  std::puts("held");
  std::fflush(stdout);
  Sleep(INFINITE);
  return 0;
}

std::wstring wide(const char* text) { return {text, text + std::string_view(text).size()}; }

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "load" && argc == 4) return load(wide(argv[2]), wide(argv[3]));
  if (command == "run" && argc == 3) return run(argv[2]);
  if (command == "hold" && argc == 3) return hold(wide(argv[2]));
  if (command == "restart") return control(kRestart);
  if (command == "remove") return control(kRemove);
  std::fputs("usage: cable load DRIVER.sys NNNN | run PORT | restart | remove | hold GUID\n", stderr);
  return 2;
}
