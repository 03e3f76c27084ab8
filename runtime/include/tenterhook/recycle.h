// Memory for coroutine frames and queued callables: each thread keeps some freed blocks of each size and hands them out
// again, which costs a load and a store instead of malloc's ~10 ns.
//
// Invariants: every block comes from malloc with its size rounded up to a class, so a block may be freed by another
// thread than took it, and by code compiled with another setting. A thread keeps at most `kept_bytes` of a class and
// gives them back when it ends. Under AddressSanitizer and ThreadSanitizer nothing is kept, so that both see every
// reuse.
#ifndef TENTERHOOK_RECYCLE_H
#define TENTERHOOK_RECYCLE_H

#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TENTERHOOK_RECYCLE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TENTERHOOK_RECYCLE 0
#endif
#endif
#ifndef TENTERHOOK_RECYCLE
#define TENTERHOOK_RECYCLE 1
#endif

namespace tenterhook::detail {

struct free_block {
  free_block *next;
};
struct recycled_blocks {
  static constexpr std::size_t granule = 64, classes = 16; // up to 1 KiB
  static constexpr std::size_t kept_bytes = 128 << 10;     // so at most 2 MiB a thread
  free_block *first[classes] = {};
  unsigned room[classes] = {}; // how many more a class may keep; 0 before the thread's first free
  bool registered = false;
};
extern constinit thread_local recycled_blocks blocks __attribute__((tls_model("initial-exec")));
void recycle_slowly(void *block, std::size_t index) noexcept; // the thread's first free, or the class is full

constexpr std::size_t block_class(std::size_t size) noexcept {
  return (size + recycled_blocks::granule - 1) / recycled_blocks::granule - 1;
}

// Throws std::bad_alloc.
[[nodiscard]] inline void *recycled_allocate(std::size_t size) {
  std::size_t index = block_class(size);
#if TENTERHOOK_RECYCLE
  if (index < recycled_blocks::classes) [[likely]] {
    if (free_block *block = blocks.first[index]) [[likely]] {
      blocks.first[index] = block->next;
      ++blocks.room[index];
      return block;
    }
  }
#endif
  if (void *memory = std::malloc((index + 1) * recycled_blocks::granule))
    return memory;
  throw std::bad_alloc();
}

inline void recycled_free(void *memory, std::size_t size) noexcept {
#if TENTERHOOK_RECYCLE
  std::size_t index = block_class(size);
  if (index < recycled_blocks::classes) [[likely]] {
    if (blocks.room[index]) [[likely]] {
      --blocks.room[index];
      auto *block = static_cast<free_block *>(memory);
      block->next = blocks.first[index];
      blocks.first[index] = block;
    } else {
      recycle_slowly(memory, index);
    }
    return;
  }
#else
  (void)size;
#endif
  std::free(memory);
}

} // namespace tenterhook::detail

#endif
