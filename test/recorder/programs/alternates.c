/* Sets alternate signal stacks without libc, as Go does, and runs handlers that want one: each is to run on the stack that
   its thread has by the kernel's word. Built with GO it has the note of Go's linker and, again as Go, takes for its own what the
   main thread has already. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef GO
__asm__(".pushsection .note.go.buildid,\"a\",@note\n.balign 4\n.long 4, 4, 4\n.asciz \"Go\"\n.byte 0\n.ascii \"test\"\n.popsection");
#endif

static long set_directly(const stack_t *wanted, stack_t *before) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_sigaltstack), "D"(wanted), "S"(before) : "rcx", "r11", "memory");
  return result;
}

static __thread char *begin, *end;
static __thread volatile int on_it;
static void handle(int number) {
  char here;
  on_it += number > 0 && &here >= begin && &here < end;
}

static void *run(void *sets) {
  struct timespec moment = {0, 2000000};
  stack_t there;
  nanosleep(&moment, NULL); /* something to record */
  set_directly(NULL, &there);
#ifdef GO
  int has_one = !(there.ss_flags & SS_DISABLE);
#else
  int has_one = 0;
#endif
  if (!has_one) {
    there = (stack_t){.ss_size = 1 << 16};
    there.ss_sp = mmap(NULL, there.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    set_directly(&there, NULL);
  }
  begin = there.ss_sp;
  end = begin + there.ss_size;
  if (sets) {
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR2, &action, NULL);
    sigaction(SIGUSR2, NULL, &action);
    printf("flags %x\n", action.sa_flags & SA_ONSTACK);
  }
  for (int i = 0; i < 3; ++i) {
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR2);
    nanosleep(&moment, NULL);
  }
  printf("on its stack %d\n", on_it);
  return NULL;
}

int main(void) {
  run("sets");
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    pthread_create(&thread, NULL, run, NULL);
    pthread_join(thread, NULL);
  }
  return 0;
}
