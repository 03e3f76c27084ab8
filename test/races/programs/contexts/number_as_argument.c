// A number is passed in the pointer, and each thread writes the element of its number: no race.
#include <pthread.h>
#include <stdint.h>

static int slot[2];

static void *work(void *argument) {
  intptr_t number = (intptr_t)argument;
  slot[number] = 1;
  return NULL;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, (void *)(intptr_t)0);
  pthread_create(&b, NULL, work, (void *)(intptr_t)1);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return slot[0] + slot[1] == 2 ? 0 : 1;
}
