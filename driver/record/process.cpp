// See process.h. Signals are not handled but waited for, so that each is looked at outside of a handler.
#include "record/process.h"
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace tenterhook::record {
namespace {

// What would end or stop us and not the program, and people send to the program that they started.
constexpr std::array passed_on = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU};

struct ProcessState {
  char state = 0; // as ps shows it
  pid_t parent = 0;
};
ProcessState state_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  std::size_t name_end = text.rfind(')'); // the name may hold anything
  ProcessState found;
  if (name_end != std::string::npos) {
    std::istringstream rest(text.substr(name_end + 1));
    rest >> found.state >> found.parent;
  }
  return found;
}
bool is_program_or_its_child(pid_t process, pid_t program) {
  for (int depth = 0; process > 1 && depth < 64; ++depth, process = state_of(process).parent) {
    if (process == program)
      return true;
  }
  return false;
}

// By the default of `number`, at once.
void happen(int number) {
  struct sigaction plain{}, before{};
  plain.sa_handler = SIG_DFL;
  sigaction(number, &plain, &before);
  sigset_t one, mask;
  sigemptyset(&one);
  sigaddset(&one, number);
  raise(number);
  sigprocmask(SIG_UNBLOCK, &one, &mask);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  sigaction(number, &before, nullptr);
}

// The shell is to see the program stop, when it has stopped and not before: it may put its terminal in order first.
void stop_with(pid_t program, int number) {
  happen(number);
  if (state_of(program).state == 'T')
    kill(program, SIGCONT); // only we were told to go on
}

// A key of the terminal reaches the whole foreground group, a hang-up the session's leader first; what the program sends
// to its group has reached it, too.
bool is_for_us_alone(const siginfo_t &info, pid_t program) {
  if (info.si_code == SI_KERNEL)
    return info.si_signo == SIGHUP && getsid(0) == getpid();
  return !is_program_or_its_child(info.si_pid, program);
}

} // namespace

llvm::Expected<int> run_and_wait(const Program &program, const std::vector<std::string> &arguments,
                                 llvm::function_ref<void()> prepare) {
  std::vector<char *> list;
  for (const std::string &argument : arguments)
    list.push_back(const_cast<char *>(argument.c_str()));
  list.push_back(nullptr);

  sigset_t waited_for, mask;
  sigemptyset(&waited_for);
  sigaddset(&waited_for, SIGCHLD);
  for (int number : passed_on) // also what we were told to ignore (nohup, a shell's `&`): the program may want it all the same
    sigaddset(&waited_for, number);
  sigprocmask(SIG_BLOCK, &waited_for, &mask);
  struct sigaction plain{}, of_children{};
  plain.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &plain, &of_children); // where it is ignored, nobody can wait for a child
  pid_t process = fork();
  if (process == 0) {
    sigaction(SIGCHLD, &of_children, nullptr);
    sigprocmask(SIG_SETMASK, &mask, nullptr);
    prepare();
    execve(program.path.c_str(), list.data(), environ);
    std::string message = "tenterhook: error: " + program.path + ": cannot run it: " + std::strerror(errno) + "\n";
    [[maybe_unused]] ssize_t written = write(2, message.data(), message.size());
    _exit(126);
  }
  if (process < 0)
    return error(llvm::Twine("cannot make a process: ") + std::strerror(errno));

  int status = 0;
  for (;;) {
    pid_t ended = waitpid(process, &status, WNOHANG | WUNTRACED);
    if (ended == process && WIFSTOPPED(status)) {
      stop_with(process, WSTOPSIG(status));
      continue;
    }
    if (ended == process)
      break;
    if (ended < 0)
      return error(llvm::Twine("cannot wait for the program: ") + std::strerror(errno));
    siginfo_t info{};
    int number = sigwaitinfo(&waited_for, &info); // also returns, with EINTR, after a stop
    if (number > 0 && number != SIGCHLD && is_for_us_alone(info, process))
      kill(process, number);
  }
  timespec at_once{};
  while (sigtimedwait(&waited_for, nullptr, &at_once) > 0) { // those were the program's
  }
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  return status;
}

void die_by(int number) {
  rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  happen(number);
}

} // namespace tenterhook::record
