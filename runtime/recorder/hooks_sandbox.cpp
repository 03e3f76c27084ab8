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

bool put_threads_away() noexcept {
  if (!trace::active() || trace::inside_writer() || (current && current->busy && !current->forks))
    return false;
  int error = errno;
  bool done = trace::put_off_threads();
  if (done)
    end_watchdog();
  errno = error;
  return done;
}

void before_namespace(bool of_process_numbers) noexcept {
  if (of_process_numbers && trace::active())
    trace::detail::stay_here();
  put_threads_away();
}

void before_filter() noexcept {
  trace::detail::dispositions.leave(); // a handler of ours makes calls
  if (!trace::active() || trace::inside_writer())
    return;
  int error = errno;
  end_watchdog();
  trace::finish(trace::Ending::stopped, 0);
  errno = error;
}

} // namespace tenterhook::recorder

TENTERHOOK_HOOK(int, unshare, (int flags)) {
  before_namespace((flags & CLONE_NEWPID) != 0);
  return real_unshare(flags);
}
TENTERHOOK_HOOK(int, setns, (int file, int type)) {
  before_namespace(type == 0 || (type & CLONE_NEWPID) != 0);
  return real_setns(file, type);
}
TENTERHOOK_HOOK(int, prctl, (int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)) {
  if (option == PR_SET_SECCOMP && (a != SECCOMP_MODE_FILTER || b))
    before_filter(); // without a filter it is a question
  return real_prctl(option, a, b, c, d);
}
