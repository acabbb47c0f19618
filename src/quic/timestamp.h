// TimePoint <-> the timestamps of ngtcp2: nanoseconds, UINT64_MAX for never.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include "base/time.h"

namespace softlan::quic {

inline ngtcp2_tstamp to_ts(TimePoint now) { return static_cast<ngtcp2_tstamp>(now.time_since_epoch().count()); }

inline TimePoint from_ts(ngtcp2_tstamp ts) {
  return ts == UINT64_MAX ? kNever : TimePoint(Duration(static_cast<std::int64_t>(ts)));
}

}  // namespace softlan::quic
