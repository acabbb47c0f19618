// Text from a peer, a relay or a file, made fit for a terminal or a log.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace softlan {

// True for well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
[[nodiscard]] bool is_utf8(std::string_view text);

// `text` without C0 and C1 control characters, DEL, bidirectional overrides and broken UTF-8 (each replaced by '?'),
// cut to at most `max_characters` code points.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_characters = 200);

// Columns that `text` takes on a terminal: two for wide characters (East Asian, emoji), none for combining ones. An
// estimate: terminals differ.
[[nodiscard]] std::size_t columns(std::string_view text);
// `text`, or as much of its beginning as fits into `width` columns with "…" behind it.
[[nodiscard]] std::string fit(std::string_view text, std::size_t width);

// `text` without blanks and line ends around it.
[[nodiscard]] std::string_view trim(std::string_view text);

}  // namespace softlan
