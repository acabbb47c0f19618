// An open TAP-Windows6 adapter: its control codes. Frames are read and written by runtime/tap_pump_windows.h, through a
// handle of its own.
//
// One program at a time may have an adapter open. While the media is down the driver cancels every read and write.
// Source: tap-windows.h and device.c of TAP-Windows6.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/tap_adapters.h"
#include "platform/windows/handle.h"

namespace softlan::platform {

class TapDevice {
 public:
  // With the media down. An error when the driver is older than 9.27.
  [[nodiscard]] static Result<TapDevice> open(const TapAdapter& adapter);

  [[nodiscard]] Result<TapAdapters::HardwareAddress> hardware_address() const;
  // Largest payload of a frame. The driver decides it when the adapter starts.
  [[nodiscard]] Result<std::uint32_t> mtu() const;
  // Plugs the cable in or out.
  [[nodiscard]] Result<void> set_media(bool up);

  // Of the driver: "9.27".
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // Another handle to it, for overlapped reads and writes; empty when the system has no more.
  [[nodiscard]] Handle duplicate_handle() const;

 private:
  TapDevice(Handle handle, std::string name) : handle_(std::move(handle)), name_(std::move(name)) {}

  Handle handle_;
  std::string name_;
  std::string version_;
};

}  // namespace softlan::platform
