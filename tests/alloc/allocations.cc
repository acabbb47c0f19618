#include "alloc/allocations.h"

#include <cstdlib>
#include <new>

namespace {
thread_local softlan::test::Allocations counted;
}

// Under these names glibc keeps what the functions below hide.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) noexcept {
  ++counted.libraries;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  ++counted.libraries;
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  ++counted.libraries;
  return __libc_realloc(memory, size);
}
void free(void* memory) noexcept { __libc_free(memory); }
}

void* operator new(std::size_t size) {
  ++counted.ours;
  if (void* memory = __libc_malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { __libc_free(memory); }
void operator delete(void* memory, std::size_t) noexcept { __libc_free(memory); }

namespace softlan::test {

Allocations allocations() { return counted; }

}  // namespace softlan::test
