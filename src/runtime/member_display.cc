#include "runtime/member_display.h"

#include "runtime/status_view.h"

namespace softlan::runtime {

void MemberDisplay::on_deadline(TimePoint now) {
  if (now < next_) return;
  next_ = now + std::chrono::seconds(1);
  if (voice_.is_for_programs()) {
    voice_.put_out(to_json(console_.report(now)));
  } else if (const auto width = voice_.view_width()) {
    voice_.show(status_view(console_.report(now), *width));
  }
}

}  // namespace softlan::runtime
