// The machine facts of a Linux machine: asked of the kernel, nothing is changed.
#pragma once

#include <optional>
#include <string>

#include "base/address.h"
#include "runtime/machine_facts.h"

namespace softlan::runtime {

// Of the card `interface`, as far as there is one, and of the way to `relay` that does not lead through it.
[[nodiscard]] MachineFacts look_at_machine(const std::string& interface, const std::optional<SocketAddress>& relay);

}  // namespace softlan::runtime
