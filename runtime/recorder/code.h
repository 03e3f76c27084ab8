// What an address of code is: the program's or a system library's, in the body of a coroutine or not. Answers come from
// a lock-free cache; what is not in it is looked up among the loaded modules, whose symbols are read when first needed.
#ifndef TENTERHOOK_RUNTIME_RECORDER_CODE_H
#define TENTERHOOK_RUNTIME_RECORDER_CODE_H

#include <atomic>
#include <cstdint>

namespace tenterhook::recorder {

struct Code {
  bool system = false;    // libc, libstdc++ and what else is no place in the program
  bool library = false;   // in the program, but of the standard library's headers: see library_names.h
  bool own = false;       // the recorder
  bool coroutine = false; // in a coroutine's body
  bool loop = false, worker = false; // a library's function that runs a loop, or one that runs a pool's thread
};

// Of the instruction before `address`, which is a return address.
Code code_at(const void *address) noexcept;
// Which coroutine the body is of, the same number for all its parts; 0 if it is none.
std::uint64_t coroutine_at(const void *address) noexcept;

// Addresses may mean something else from now on: a library was unloaded.
void forget_code() noexcept;
extern std::atomic<std::uint32_t> generation_of_code;
inline std::uint32_t code_generation() noexcept { return generation_of_code.load(std::memory_order_relaxed); }
void lock_code() noexcept;       // before fork
void unlock_code() noexcept;     // after it, in the parent
void reset_code_lock() noexcept; // in the child

// The program's executable has a symbol table; without one no coroutine is recognized.
bool executable_has_symbols() noexcept;

} // namespace tenterhook::recorder

#endif
