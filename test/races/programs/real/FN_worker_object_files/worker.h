// A part of the program in this folder: its main file tells the idea.
struct worker;

struct worker *worker_start(void);
int worker_steps(const struct worker *worker);
void worker_stop(struct worker *worker);
