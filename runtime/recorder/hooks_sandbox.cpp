// Calls by which a program puts itself into a box: what they need of the process, and what may be called afterwards.
//
// unshare and setns want a process of one thread for some of their namespaces: ours are put away meanwhile. After a new
// namespace of process numbers no helper may be made, as the first child is that namespace's init. Once system calls are
// filtered nobody knows which are left, and one too many ends the process: the trace ends there, as if it were stopped.
#include "recorder/hooks_sandbox.h"
#include "recorder/loops.h"
#include "trace/aside.h"
#include "trace/dispositions.h"
#include "trace/system.h"

#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>

using namespace tenterhook::recorder;
namespace trace = tenterhook::trace;

namespace tenterhook::recorder {

ThreadsPutAway::ThreadsPutAway(bool new_process_numbers) noexcept : error_(errno) {
  if (!trace::active() || trace::inside_writer()) return;
  if (new_process_numbers) trace::detail::stay_here();
  bool had_watchdog = end_watchdog();
  put_away_ = trace::end_draining() || had_watchdog;
  errno = error_;
}

ThreadsPutAway::~ThreadsPutAway() {
  if (!put_away_) return;
  int error = errno;
  trace::start_draining(true);
  errno = error;
}

// A thread that has ended is the kernel's for a moment longer.
bool ThreadsPutAway::may_be_early(long result) noexcept {
  constexpr unsigned most = 50;
  if (!put_away_ || result != -1 || errno != EINVAL || ++tries_ > most) return false;
  timespec moment{0, 200'000};
  trace::detail::system_call(SYS_nanosleep, trace::detail::word(&moment));
  errno = error_;
  return true;
}

void before_filter() noexcept {
  trace::detail::dispositions.leave(); // a handler of ours makes calls
  if (!trace::active() || trace::inside_writer()) return;
  int error = errno;
  end_watchdog();
  trace::finish(trace::Ending::stopped, 0);
  errno = error;
}

} // namespace tenterhook::recorder

TENTERHOOK_HOOK(int, unshare, (int flags)) {
  ThreadsPutAway meanwhile((flags & CLONE_NEWPID) != 0);
  int result;
  do
    result = real_unshare(flags);
  while (meanwhile.may_be_early(result));
  return result;
}
TENTERHOOK_HOOK(int, setns, (int file, int type)) {
  ThreadsPutAway meanwhile(type == 0 || (type & CLONE_NEWPID) != 0);
  int result;
  do
    result = real_setns(file, type);
  while (meanwhile.may_be_early(result));
  return result;
}
TENTERHOOK_HOOK(int, prctl, (int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)) {
  if (option == PR_SET_SECCOMP && (a != SECCOMP_MODE_FILTER || b)) before_filter(); // without a filter it is a question
  return real_prctl(option, a, b, c, d);
}
