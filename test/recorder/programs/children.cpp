// Processes of a run, for children.py: a worker that is forked, programs that are executed, what has nothing to tell.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

template <typename Work> int in_child(Work work) {
  std::fflush(stdout);
  pid_t child = fork();
  if (child == 0) work();
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int executed(const char *program, const char *how) {
  return in_child([&] {
    unlink("/between/fork/and/exec");
    execl(program, program, how, static_cast<char *>(nullptr));
    _exit(127);
  });
}

void look(const char *path) { unlink(path); }

} // namespace

int main(int count, char **arguments) {
  std::string how = count > 1 ? arguments[1] : "";
  if (how == "slow") return usleep(20'000), 3;
  if (how == "fast") return look("/fast"), 4;
  if (how == "killed") return usleep(20'000), usleep(200'000), look("/killed"), raise(SIGTERM);
  if (how == "again") {
    execl("/proc/self/exe", arguments[0], "slow", static_cast<char *>(nullptr));
    return 9;
  }
  if (how == "elsewhere") { // under the folder, where the trace's is not, and as a user who may not go there
    int root = in_child([&] { usleep(chroot(arguments[2]) ? 0 : 20'000), _exit(chdir("/") ? 1 : 5); });
    int user = in_child([] { usleep(setuid(65534) ? 0 : 20'000), _exit(6); });
    int idle = in_child([&] { _exit(chroot(arguments[2]) ? 1 : 7); });
    std::printf("%d %d %d\n", root, user, idle);
    return 8;
  }
  if (how == "one") return executed("/proc/self/exe", "slow");
  int forked = in_child([] { usleep(20'000), _exit(5); });
  int quick = in_child([] { look("/quick"), exit(6); });
  std::printf("%d %d %d %d %d %d\n", forked, quick, executed("/proc/self/exe", "slow"), executed("/proc/self/exe", "fast"),
              executed("/proc/self/exe", "killed"), executed("/bin/true", ""));
  return 7;
}
