// What an address of code is: the program's or a system library's, in the body of a coroutine or not. Answers come from
// a lock-free cache; what is not in it is looked up among the loaded modules, whose symbols are read when first needed.
#ifndef TENTERHOOK_RUNTIME_RECORDER_CODE_H
#define TENTERHOOK_RUNTIME_RECORDER_CODE_H

#include <atomic>
#include <cstdint>

namespace tenterhook::recorder {

struct Code {
  bool system = false;               // libc, libstdc++ and what else is no place in the program
  bool library = false;              // in the program, but of the standard library's headers: see library_names.h
  bool own = false;                  // the recorder
  bool coroutine = false;            // in a coroutine's body
  bool loop = false, worker = false; // a library's function that runs a loop, or one that runs a pool's thread
};

// Of the instruction before `address`, which is a return address.
Code code_at(const void *address) noexcept;
// Which coroutine the body is of, the same number for all its parts; 0 if it is none.
std::uint64_t coroutine_at(const void *address) noexcept;
// It lies in a module that has a symbol table.
bool has_symbols_at(std::uint64_t address) noexcept;

// Addresses may mean something else from now on: a library was unloaded.
void forget_code() noexcept;

// Around dlclose: nothing else comes to lie where a library was, as far as possible, since the trace's addresses are
// to be told apart by themselves. That costs addresses, not memory, and is done so many times at most.
struct LoadedSpans {
  static constexpr unsigned most = 512;
  struct Span {
    std::uint64_t begin, end;
  } spans[most];
  unsigned count;
  void read() noexcept;
};
class KeptAddresses {
  static constexpr unsigned most = 1024;
  LoadedSpans before_;

public:
  KeptAddresses() noexcept { before_.read(); }
  ~KeptAddresses(); // takes the addresses of modules that are gone
  KeptAddresses(const KeptAddresses &) = delete;
  KeptAddresses &operator=(const KeptAddresses &) = delete;
};
extern std::atomic<std::uint32_t> generation_of_code;
inline std::uint32_t code_generation() noexcept { return generation_of_code.load(std::memory_order_relaxed); }
void lock_code() noexcept;       // before fork
void unlock_code() noexcept;     // after it, in the parent
void reset_code_lock() noexcept; // in the child

// The program's executable has a symbol table; without one no coroutine is recognized.
bool executable_has_symbols() noexcept;

} // namespace tenterhook::recorder

#endif
