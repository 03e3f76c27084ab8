// fread writes the record that the other thread looks at.
#include <pthread.h>
#include <stdio.h>

struct record {
  int kind, length;
};

static struct record record;

static void *load(void *file) {
  if (fread(&record, sizeof record, 1, file) != 1) // RACE(record)
    return file;
  return NULL;
}

int main(void) {
  pthread_t thread;
  FILE *zeros = fopen("/dev/zero", "rb");
  if (zeros == NULL)
    return 0;
  pthread_create(&thread, NULL, load, zeros);
  int kind = record.kind; // RACE(record)
  pthread_join(thread, NULL);
  fclose(zeros);
  return kind;
}
