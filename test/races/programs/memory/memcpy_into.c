// memcpy writes the buffer that main reads.
#include <pthread.h>
#include <string.h>

static char buffer[16];
static const char text[16] = "fifteen letters";

static void *fill(void *unused) {
  memcpy(buffer, text, sizeof buffer); // RACE(buffer)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, fill, NULL);
  int first = buffer[0]; // RACE(buffer)
  pthread_join(thread, NULL);
  return first > 'f';
}
