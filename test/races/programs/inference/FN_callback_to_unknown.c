// The callback is given to a function that is not here: it may run in another thread, and main code writes the same counter.
extern void register_event(void (*callback)(void *), void *context);
void start(void);
int events(void);

static int count;

static void on_event(void *context) {
  (void)context;
  count++; // RACE(count): possible
}

void start(void) {
  count = 0;
  register_event(on_event, 0);
}

int events(void) {
  int now = count; // RACE(count): possible
  count = 0;       // RACE(count): possible
  return now;
}
