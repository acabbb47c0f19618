// One log event as text or JSON, without its time stamp: a pure function, so that its form can be tested.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "obs/log.h"

namespace softlan::obs {

// Longest text value or event shown, in characters.
inline constexpr std::size_t kMaxLogText = 1000;

[[nodiscard]] std::string_view to_string(Level level);

// text: `info  member joined room=ROOM1 peer=3`
// json: `"level":"info","event":"member joined","room":"ROOM1","peer":3}`, to follow `{"ts":"...",`
[[nodiscard]] std::string log_line(LogFormat format, Level level, std::string_view event,
                                   std::initializer_list<Field> fields);

}  // namespace softlan::obs
