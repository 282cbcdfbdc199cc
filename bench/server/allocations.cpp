#include "allocations.hpp"

#include "common/system.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::uint64_t uncounted = 0;
std::uint64_t* count = &uncounted;

}  // namespace

void parley::bench::count_allocations_in(const char* path) {
  const Descriptor file{open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (file.number() < 0 || ftruncate(file.number(), sizeof *count) != 0)
    fail_with_errno(std::string{"cannot count in "} + path);
  void* const memory =
      mmap(nullptr, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  if (memory == MAP_FAILED) fail_with_errno(std::string{"cannot count in "} + path);
  count = static_cast<std::uint64_t*>(memory);
}

void* operator new(std::size_t size) {
  std::atomic_ref{*count}.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
