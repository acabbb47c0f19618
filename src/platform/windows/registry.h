// Keys of the registry under HKEY_LOCAL_MACHINE: texts in them, and the keys below.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace softlan::platform {

class RegistryKey {
 public:
  // To read; nothing when there is no such key or this user may not.
  [[nodiscard]] static std::optional<RegistryKey> open(std::string_view path);
  // To read and write what is in it.
  [[nodiscard]] static Result<RegistryKey> open_to_write(std::string_view path);

  // Names of the keys directly below.
  [[nodiscard]] std::vector<std::string> keys() const;
  // Nothing when there is no such value or it is no text.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] Result<void> set_text(std::string_view name, std::string_view text);
  // Nothing to do when there is no such value.
  [[nodiscard]] Result<void> remove(std::string_view name);

 private:
  struct Closer {
    void operator()(void* key) const;
  };
  RegistryKey(void* key, std::string_view path) : key_(key), path_(path) {}

  std::unique_ptr<void, Closer> key_;
  std::string path_;
};

}  // namespace softlan::platform
