// A part of the program in this folder: its main file tells the idea.
struct worker;

struct worker *worker_start(int steps);
int worker_steps(struct worker *worker);
void worker_stop(struct worker *worker);
