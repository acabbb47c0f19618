#include "runtime/tap_pump_windows.h"

#include <array>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/windows/stream_handle.hpp>
#include <cstddef>
#include <utility>
#include <vector>

#include "runtime/alarm.h"

namespace softlan::runtime {

namespace {

// Where Asio keeps what it needs for one operation, so that none of them allocates.
struct OperationMemory {
  alignas(std::max_align_t) std::array<std::byte, 256> bytes;
};

template <typename T>
class OperationAllocator {
 public:
  using value_type = T;

  explicit OperationAllocator(OperationMemory& memory) : memory_(&memory) {}
  template <typename U>
  explicit(false) OperationAllocator(const OperationAllocator<U>& other) : memory_(other.memory()) {}

  T* allocate(std::size_t count) {
    static_assert(sizeof(T) <= sizeof(OperationMemory));
    SOFTLAN_CHECK(count == 1);
    return reinterpret_cast<T*>(memory_->bytes.data());
  }
  void deallocate(T*, std::size_t) {}
  [[nodiscard]] OperationMemory* memory() const { return memory_; }
  bool operator==(const OperationAllocator&) const = default;

 private:
  OperationMemory* memory_;
};

// A handler whose operation lives in `memory`.
template <typename Function>
struct InMemory {
  using allocator_type = OperationAllocator<void>;

  [[nodiscard]] allocator_type get_allocator() const { return allocator_type(*memory); }
  template <typename... Arguments>
  void operator()(Arguments&&... arguments) {
    function(std::forward<Arguments>(arguments)...);
  }

  OperationMemory* memory;
  Function function;
};

}  // namespace

// Everything an operation touches. It lives until the last of them has come back, be it after the pump has gone.
struct TapPump::Flights : std::enable_shared_from_this<Flights> {
  struct Flight {
    FrameRef frame;
    OperationMemory memory;
    bool under_way = false;
  };

  Flights(Loop& l, platform::Handle handle, FramePool& p)
      : loop(l), pool(p), stream(l.context()), pause(l.context(), [this] { try_again(); }) {
    std::error_code error;
    stream.assign(handle.release(), error);
    for (Flight& flight : writes) free_writes.push_back(&flight);
    arrived.reserve(2 * kReads);
  }

  // --- from the card ---

  void read_all() {
    for (Flight& flight : reads) {
      if (!flight.under_way) read(flight);
    }
  }

  void read(Flight& flight) {
    if (!flight.frame) flight.frame = pool.acquire(kMaxFrameSize);
    const MutableBytes space = flight.frame ? flight.frame.mutable_bytes() : MutableBytes(nowhere);
    flight.under_way = true;
    auto done = [self = shared_from_this(), &flight](std::error_code error, std::size_t size) {
      flight.under_way = false;
      self->on_read(flight, error, size);
    };
    stream.async_read_some(asio::buffer(space.data(), space.size()), InMemory{&flight.memory, std::move(done)});
  }

  void on_read(Flight& flight, std::error_code error, std::size_t size) {
    if (!alive) return;
    if (error == kMoreData) {
      bridge->on_tap_drops(obs::DropReason::jumbo, 1);
    } else if (error) {
      return on_refused();
    } else if (!flight.frame) {
      bridge->on_tap_drops(obs::DropReason::no_buffer, 1);
    } else {
      flight.frame.resize(size);
      arrived.push_back(std::move(flight.frame));
      deliver_soon();
    }
    refusals = 0;
    if (plugged) read(flight);
  }

  // After the completions that are there already.
  void deliver_soon() {
    if (std::exchange(delivering, true)) return;
    asio::post(loop.context(), InMemory{&delivery, [self = shared_from_this()] {
                                          self->delivering = false;
                                          if (self->alive) self->deliver();
                                        }});
  }

  void deliver() {
    loop.turn([this](TimePoint now) { bridge->on_tap_frames(now, arrived); });
    arrived.clear();
  }

  // --- cancelled reads ---

  // Of a round of cancelled reads the first one sets the pause.
  void on_refused() {
    if (!plugged || std::exchange(pausing, true)) return;
    pause.set(kPause);
  }

  void try_again() {
    if (!std::exchange(pausing, false) || !alive || !plugged) return;
    if (++refusals < kPatience) return read_all();
    plugged = false;
    loop.turn([this](TimePoint) { on_gone(); });
  }

  // --- to the card ---

  bool write(const FrameRef& frame) {
    if (free_writes.empty()) return false;
    Flight& flight = *free_writes.back();
    free_writes.pop_back();
    flight.frame = frame;
    auto done = [self = shared_from_this(), &flight](std::error_code, std::size_t) {
      flight.frame.reset();
      self->free_writes.push_back(&flight);
    };
    const Bytes bytes = frame.bytes();
    stream.async_write_some(asio::buffer(bytes.data(), bytes.size()), InMemory{&flight.memory, std::move(done)});
    return true;
  }

  // ERROR_MORE_DATA: a frame longer than the buffer.
  inline static const std::error_code kMoreData{234, asio::error::get_system_category()};

  Loop& loop;
  FramePool& pool;
  asio::windows::stream_handle stream;
  Alarm pause;
  client::Bridge* bridge = nullptr;
  std::function<void()> on_gone;
  bool alive = true;
  bool plugged = false;
  bool pausing = false;
  bool delivering = false;
  int refusals = 0;  // pauses since a read last brought something
  std::array<Flight, kReads> reads;
  std::array<Flight, kWrites> writes;
  std::vector<Flight*> free_writes;
  std::vector<FrameRef> arrived;
  OperationMemory delivery;
  std::array<std::uint8_t, kMaxFrameSize> nowhere;  // where frames go when the pool is empty
};

TapPump::TapPump(Loop& loop, platform::TapDevice device, FramePool& pool, obs::Log& log,
                 std::function<void(std::uint16_t)> set_mtu)
    : device_(std::move(device)),
      log_(log),
      set_mtu_(std::move(set_mtu)),
      flights_(std::make_shared<Flights>(loop, device_.duplicate_handle(), pool)) {}

TapPump::~TapPump() {
  flights_->alive = flights_->plugged = false;
  std::error_code error;
  flights_->stream.close(error);
}

void TapPump::start(client::Bridge& bridge, std::function<void()> on_gone) {
  flights_->bridge = &bridge;
  flights_->on_gone = std::move(on_gone);
}

std::size_t TapPump::write(std::span<const FrameRef> frames) {
  std::size_t refused = 0;
  for (const FrameRef& frame : frames) refused += flights_->write(frame) ? 0 : 1;
  return refused;
}

void TapPump::set_carrier(bool on) {
  if (const auto set = device_.set_media(on); !set) log_.warn("carrier not set", {{"reason", set.error().message}});
  flights_->plugged = on;
  flights_->refusals = 0;
  if (on) flights_->read_all();
  if (carrier_listener_) carrier_listener_(on);
}

}  // namespace softlan::runtime
