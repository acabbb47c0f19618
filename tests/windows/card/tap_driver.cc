// A double of the TAP-Windows6 driver for Wine's kernel, written from what its interface shows: tests run the real
// client against it.
//
// Like the real one it names its device after the adapter's NetCfgInstanceId, reads the MAC from NetworkAddress when
// the adapter starts, keeps reads until there is a frame, cancels reads and writes while the media is down, and lets
// nobody in beside the program that has it open. Its version is the adapter's DriverVersion. The service's value
// Adapter says which key of the class it serves. One adapter; nothing is freed but the devices.
#include <intrin.h>
// These are there already, and these headers say it in another way.
#define InterlockedBitTestAndSet unused_bit_test_and_set
#define InterlockedBitTestAndReset unused_bit_test_and_reset
#include <ntddk.h>

#include <initializer_list>

#include "cable_seam.h"

// Of ntifs.h, which cannot stand beside ntddk.h here.
extern "C" NTSTATUS NTAPI PsLookupProcessByProcessId(HANDLE id, PEPROCESS* process);

namespace {

using namespace softlan::cable;

constexpr ULONG kGetMac = control_code(1);
constexpr ULONG kGetVersion = control_code(2);
constexpr ULONG kGetMtu = control_code(3);
constexpr ULONG kSetMedia = control_code(6);
constexpr ULONG kMtu = 1500;
constexpr ULONG kMacSize = 6;

struct Message {
  ULONG size;
  UCHAR bytes[kMaxMessage];
};

// What one side has to say, and who waits for it.
struct Side {
  static constexpr ULONG kMessages = 4096;
  Message messages[kMessages];
  ULONG first, count;
  LIST_ENTRY readers;
  bool frames_only;  // a read brings one frame and nothing more, as the card's do

  static void cancel(PDEVICE_OBJECT device, PIRP irp);
};

struct Opener {
  PFILE_OBJECT file;
  HANDLE process;
};

struct Adapter {
  UNICODE_STRING key, device_name, link_name;
  WCHAR key_text[256], device_text[80], link_text[80];
  UCHAR mac[kMacSize];
  ULONG version[3];
  PDEVICE_OBJECT card, cable;
  Opener openers[8];   // of the card
  PFILE_OBJECT owner;  // the open card whose reads and writes count
  bool media, present;
};

Adapter adapter;
Side to_card, to_cable;
KSPIN_LOCK lock;

class Locked {
 public:
  Locked() { KeAcquireSpinLock(&lock, &level_); }
  ~Locked() { KeReleaseSpinLock(&lock, level_); }

 private:
  KIRQL level_;
};

NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG size = 0) {
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = size;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

Side& side_of(PDEVICE_OBJECT device) { return device == adapter.card ? to_card : to_cable; }

// --- messages between the two sides ---

void Side::cancel(PDEVICE_OBJECT, PIRP irp) {
  IoReleaseCancelSpinLock(irp->CancelIrql);
  {
    const Locked locked;
    RemoveEntryList(&irp->Tail.Overlay.ListEntry);
  }
  complete(irp, STATUS_CANCELLED);
}

// The longest waiting reader that nobody is cancelling.
PIRP next_reader(Side& side) {
  while (!IsListEmpty(&side.readers)) {
    PIRP irp = CONTAINING_RECORD(RemoveHeadList(&side.readers), IRP, Tail.Overlay.ListEntry);
    if (IoSetCancelRoutine(irp, nullptr)) return irp;
    InitializeListHead(&irp->Tail.Overlay.ListEntry);  // its cancel routine is waiting for the lock
  }
  return nullptr;
}

// Moves what is there and fits to `out`. 0 when the first message does not fit; it is lost then.
ULONG take(Side& side, UCHAR* out, ULONG room) {
  const ULONG skipped = side.frames_only ? kHeader : 0;
  ULONG taken = 0;
  do {
    const Message& message = side.messages[side.first];
    const ULONG size = message.size - skipped;
    const bool fits = size <= room - taken;
    if (!fits && taken > 0) break;
    if (fits) RtlCopyMemory(out + taken, message.bytes + skipped, size);
    if (fits) taken += size;
    side.first = (side.first + 1) % Side::kMessages;
    --side.count;
  } while (side.count > 0 && !side.frames_only);
  return taken;
}

void serve(Side& side) {
  for (;;) {
    PIRP irp;
    ULONG size;
    {
      const Locked locked;
      if (side.count == 0 || !(irp = next_reader(side))) return;
      size = take(side, static_cast<UCHAR*>(irp->AssociatedIrp.SystemBuffer),
                  IoGetCurrentIrpStackLocation(irp)->Parameters.Read.Length);
    }
    complete(irp, size > 0 ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW, size);
  }
}

// What finds the other side full is lost, as on a wire. `size` is kMaxFrame at most.
void say(Side& side, UCHAR kind, const UCHAR* bytes, ULONG size) {
  {
    const Locked locked;
    if (side.count == Side::kMessages) return;
    Message& message = side.messages[(side.first + side.count++) % Side::kMessages];
    message.size = kHeader + size;
    message.bytes[0] = static_cast<UCHAR>(1 + size);
    message.bytes[1] = static_cast<UCHAR>((1 + size) >> 8);
    message.bytes[2] = kind;
    RtlCopyMemory(message.bytes + kHeader, bytes, size);
  }
  serve(side);
}

NTSTATUS read(Side& side, PIRP irp) {
  {
    const Locked locked;
    IoMarkIrpPending(irp);
    InsertTailList(&side.readers, &irp->Tail.Overlay.ListEntry);
    IoSetCancelRoutine(irp, Side::cancel);
  }
  serve(side);
  return STATUS_PENDING;
}

void dismiss_readers(Side& side) {
  for (;;) {
    PIRP irp;
    {
      const Locked locked;
      side.count = 0;
      irp = next_reader(side);
    }
    if (!irp) return;
    complete(irp, STATUS_CANCELLED);
  }
}

// --- the adapter ---

void tell_state() {
  UCHAR state[kStateSize] = {adapter.media};
  RtlCopyMemory(state + 1, adapter.mac, kMacSize);
  say(to_cable, kState, state, sizeof(state));
}

void set_media(bool up) {
  adapter.media = up;
  if (!up) dismiss_readers(to_card);
  tell_state();
}

// A text value of a key; empty when there is none.
void read_text(PCWSTR key, PCWSTR name, WCHAR* out, USHORT bytes) {
  UNICODE_STRING text = {0, bytes, out};
  RTL_QUERY_REGISTRY_TABLE table[2] = {};
  table[0].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED;
  table[0].Name = const_cast<PWSTR>(name);
  table[0].EntryContext = &text;
  if (RtlQueryRegistryValues(RTL_REGISTRY_ABSOLUTE, key, table, nullptr, nullptr) < 0) text.Length = 0;
  out[text.Length / sizeof(WCHAR)] = 0;
}

int hex_digit(WCHAR c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = c | 0x20;
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// Twelve hex digits, or else the address the adapter was built with.
void read_mac() {
  static constexpr UCHAR kBuiltIn[kMacSize] = {0x00, 0xff, 0x5e, 0x10, 0x20, 0x30};
  WCHAR text[32];
  read_text(adapter.key_text, L"NetworkAddress", text, sizeof(text) - sizeof(WCHAR));
  RtlCopyMemory(adapter.mac, kBuiltIn, kMacSize);
  for (ULONG i = 0; i < 2 * kMacSize; ++i) {
    if (hex_digit(text[i]) < 0) return;
  }
  for (ULONG i = 0; i < kMacSize; ++i) {
    adapter.mac[i] = static_cast<UCHAR>(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
  }
}

// The first two numbers of "9.27.0.0".
void read_version() {
  WCHAR text[32];
  read_text(adapter.key_text, L"DriverVersion", text, sizeof(text) - sizeof(WCHAR));
  adapter.version[0] = adapter.version[1] = 0;
  ULONG number = 0;
  for (const WCHAR* c = text; *c && number < 2; ++c) {
    if (*c == '.') {
      ++number;
    } else {
      adapter.version[number] = adapter.version[number] * 10 + static_cast<ULONG>(*c - '0');
    }
  }
}

// Who has the card open keeps a handle that is good for nothing.
void stop_adapter() {
  adapter.present = false;
  adapter.owner = nullptr;
  for (Opener& opener : adapter.openers) opener = {};
  set_media(false);
}

void start_adapter() {
  read_mac();
  read_version();
  adapter.present = true;
  tell_state();
}

// --- what programs ask ---

bool is_alive(HANDLE process) {
  PEPROCESS found = nullptr;
  if (PsLookupProcessByProcessId(process, &found) < 0) return false;
  ObDereferenceObject(found);
  return true;
}

// Of a program that has ended, Wine may not have told the closing yet.
void forget_the_dead() {
  for (Opener& opener : adapter.openers) {
    if (opener.file && !is_alive(opener.process)) opener = {};
  }
}

// The real driver lets one handle in at a time. Wine tells of closing only after the same program may have opened it
// again, so here it is one program; and it opens a device whatever the driver says, so who is not let in hears of it
// by the first control code.
NTSTATUS let_in(PIRP irp) {
  forget_the_dead();
  const HANDLE process = PsGetCurrentProcessId();
  PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;
  const Locked locked;
  Opener* free = nullptr;
  for (Opener& opener : adapter.openers) {
    if (!opener.file) free = &opener;
    if (opener.file && opener.process != process) return STATUS_UNSUCCESSFUL;
  }
  if (!free) return STATUS_UNSUCCESSFUL;
  *free = {file, process};
  return STATUS_SUCCESS;
}

bool is_let_in(PIRP irp) {
  const Locked locked;
  for (const Opener& opener : adapter.openers) {
    if (opener.file == IoGetCurrentIrpStackLocation(irp)->FileObject) return true;
  }
  return false;
}

void let_out(PFILE_OBJECT file) {
  const Locked locked;
  for (Opener& opener : adapter.openers) {
    if (opener.file == file) opener = {};
  }
}

NTSTATUS NTAPI on_create(PDEVICE_OBJECT device, PIRP irp) {
  if (device == adapter.cable) {
    tell_state();
    return complete(irp, STATUS_SUCCESS);
  }
  if (!adapter.present) return complete(irp, STATUS_DEVICE_DOES_NOT_EXIST);
  return complete(irp, let_in(irp));
}

bool is_owner(PIRP irp) { return IoGetCurrentIrpStackLocation(irp)->FileObject == adapter.owner; }

// The card belongs to the handle by which it was last asked something.
void become_owner(PIRP irp) { adapter.owner = IoGetCurrentIrpStackLocation(irp)->FileObject; }

NTSTATUS NTAPI on_cleanup(PDEVICE_OBJECT device, PIRP irp) {
  if (device == adapter.card) let_out(IoGetCurrentIrpStackLocation(irp)->FileObject);
  if (device == adapter.card && is_owner(irp)) {
    adapter.owner = nullptr;
    set_media(false);
  }
  return complete(irp, STATUS_SUCCESS);
}

NTSTATUS NTAPI on_close(PDEVICE_OBJECT, PIRP irp) {
  let_out(IoGetCurrentIrpStackLocation(irp)->FileObject);
  return complete(irp, STATUS_SUCCESS);
}

NTSTATUS NTAPI on_read(PDEVICE_OBJECT device, PIRP irp) {
  if (device == adapter.card && (!adapter.media || !is_owner(irp))) return complete(irp, STATUS_CANCELLED);
  return read(side_of(device), irp);
}

// Frames for the card; up to what makes no sense.
NTSTATUS hear_cable(PIRP irp, const UCHAR* bytes, ULONG size) {
  ULONG heard = 0;
  while (size - heard > kHeader) {
    const UCHAR* message = bytes + heard;
    const ULONG length = message_size(message);
    if (length <= kHeader || length > kMaxMessage || length > size - heard || message[kSizeBytes] != kFrame) break;
    if (adapter.media) say(to_card, kFrame, message + kHeader, length - kHeader);
    heard += length;
  }
  return complete(irp, heard == size ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER, heard);
}

NTSTATUS NTAPI on_write(PDEVICE_OBJECT device, PIRP irp) {
  const ULONG size = IoGetCurrentIrpStackLocation(irp)->Parameters.Write.Length;
  const UCHAR* bytes = static_cast<const UCHAR*>(irp->AssociatedIrp.SystemBuffer);
  if (device == adapter.cable) return hear_cable(irp, bytes, size);
  if (!adapter.media || !is_owner(irp)) return complete(irp, STATUS_CANCELLED);
  if (size > kMaxFrame) return complete(irp, STATUS_INVALID_PARAMETER);
  say(to_cable, kFrame, bytes, size);
  return complete(irp, STATUS_SUCCESS, size);
}

NTSTATUS answer(PIRP irp, const void* bytes, ULONG size) {
  const auto& request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;
  if (request.OutputBufferLength < size) return complete(irp, STATUS_BUFFER_TOO_SMALL);
  RtlCopyMemory(irp->AssociatedIrp.SystemBuffer, bytes, size);
  return complete(irp, STATUS_SUCCESS, size);
}

NTSTATUS control_card(PIRP irp, ULONG code) {
  if (!adapter.present || !is_let_in(irp)) return complete(irp, STATUS_UNSUCCESSFUL);
  become_owner(irp);
  const auto& request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;
  switch (code) {
    case kGetMac:
      return answer(irp, adapter.mac, sizeof(adapter.mac));
    case kGetVersion:
      return answer(irp, adapter.version, sizeof(adapter.version));
    case kGetMtu:
      if (request.InputBufferLength != request.OutputBufferLength) return complete(irp, STATUS_INVALID_PARAMETER);
      return answer(irp, &kMtu, sizeof(kMtu));
    case kSetMedia: {
      if (request.InputBufferLength < sizeof(ULONG)) return complete(irp, STATUS_INVALID_PARAMETER);
      const ULONG up = *static_cast<const ULONG*>(irp->AssociatedIrp.SystemBuffer);
      set_media(up != 0);
      return answer(irp, &up, sizeof(up));
    }
    default:
      return complete(irp, STATUS_INVALID_DEVICE_REQUEST);
  }
}

NTSTATUS NTAPI on_control(PDEVICE_OBJECT device, PIRP irp) {
  const ULONG code = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.IoControlCode;
  if (device == adapter.card) return control_card(irp, code);
  if (code != kRestart && code != kRemove) return complete(irp, STATUS_INVALID_DEVICE_REQUEST);
  stop_adapter();
  if (code == kRestart) start_adapter();
  return complete(irp, STATUS_SUCCESS);
}

// --- coming and going ---

UNICODE_STRING as_string(WCHAR* text) {
  UNICODE_STRING result;
  RtlInitUnicodeString(&result, text);
  return result;
}

UNICODE_STRING joined(WCHAR* buffer, USHORT bytes, PCWSTR first, PCWSTR second, PCWSTR third) {
  UNICODE_STRING result = {0, bytes, buffer};
  for (PCWSTR part : {first, second, third}) RtlAppendUnicodeToString(&result, part);
  return result;
}

NTSTATUS create_device(PDRIVER_OBJECT driver, UNICODE_STRING name, UNICODE_STRING link, PDEVICE_OBJECT* device) {
  NTSTATUS status = IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, device);
  if (status < 0) return status;
  (*device)->Flags |= DO_BUFFERED_IO;
  (*device)->Flags &= ~static_cast<ULONG>(DO_DEVICE_INITIALIZING);
  return IoCreateSymbolicLink(&link, &name);
}

WCHAR cable_name[] = L"\\Device\\SoftlanCable";
WCHAR cable_link[] = L"\\DosDevices\\SoftlanCable";

void NTAPI on_unload(PDRIVER_OBJECT) {
  UNICODE_STRING link = as_string(cable_link);
  IoDeleteSymbolicLink(&link);
  IoDeleteSymbolicLink(&adapter.link_name);
  IoDeleteDevice(adapter.cable);
  IoDeleteDevice(adapter.card);
}

}  // namespace

extern "C" NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING service) {
  KeInitializeSpinLock(&lock);
  InitializeListHead(&to_card.readers);
  InitializeListHead(&to_cable.readers);
  to_card.frames_only = true;

  WCHAR service_key[256] = {};
  if (service->Length >= sizeof(service_key)) return STATUS_NAME_TOO_LONG;
  RtlCopyMemory(service_key, service->Buffer, service->Length);
  read_text(service_key, L"Adapter", adapter.key_text, sizeof(adapter.key_text) - sizeof(WCHAR));
  WCHAR guid[48];
  read_text(adapter.key_text, L"NetCfgInstanceId", guid, sizeof(guid) - sizeof(WCHAR));
  if (!guid[0]) return STATUS_NOT_FOUND;

  driver->MajorFunction[IRP_MJ_CREATE] = on_create;
  driver->MajorFunction[IRP_MJ_CLEANUP] = on_cleanup;
  driver->MajorFunction[IRP_MJ_CLOSE] = on_close;
  driver->MajorFunction[IRP_MJ_READ] = on_read;
  driver->MajorFunction[IRP_MJ_WRITE] = on_write;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = on_control;
  driver->DriverUnload = on_unload;

  adapter.device_name = joined(adapter.device_text, sizeof(adapter.device_text), L"\\Device\\", guid, L".tap");
  adapter.link_name = joined(adapter.link_text, sizeof(adapter.link_text), L"\\DosDevices\\Global\\", guid, L".tap");
  NTSTATUS status = create_device(driver, adapter.device_name, adapter.link_name, &adapter.card);
  if (status >= 0) status = create_device(driver, as_string(cable_name), as_string(cable_link), &adapter.cable);
  if (status >= 0) start_adapter();
  return status;
}
