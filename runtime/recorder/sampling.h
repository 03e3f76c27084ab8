// The signal by which a thread is asked for its stack. The program can neither see nor block nor wait for it: it is the one
// that glibc keeps for itself (SIGSETXID, 33, by which setuid() reaches all threads), which sigaction refuses and sigfillset
// leaves out. What glibc sends goes on to glibc's handler; ours is known by what it carries.
#ifndef TENTERHOOK_RUNTIME_RECORDER_SAMPLING_H
#define TENTERHOOK_RUNTIME_RECORDER_SAMPLING_H

#include <cstdint>
#include <signal.h>

namespace tenterhook::recorder {

// To be called after the process has made a thread, by which glibc has put its handler there. False: no samples.
bool prepare_sampling(void (*take)(void *context)) noexcept;
void end_sampling() noexcept; // the watchdog has ended
// By the watchdog's thread alone.
void ask_for_sample(std::uint32_t thread) noexcept;
// Whether there is room for a walk where the handler runs: an alternate stack of the program may be small.
bool has_room_for_walk(const void *context) noexcept;

// Whoever executes another program would hand it a signal that is still on its way, by which it dies.
class NoSamples {
public:
  NoSamples() noexcept;
  ~NoSamples(); // if exec failed
  NoSamples(const NoSamples &) = delete;
  NoSamples &operator=(const NoSamples &) = delete;
};

} // namespace tenterhook::recorder

#endif
