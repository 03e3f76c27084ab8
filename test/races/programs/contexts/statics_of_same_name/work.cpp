// A part of the program in this folder: its main file tells the idea.
static int counter;
void work();

void work() {
  counter += 5;
  if (counter > 100)
    counter = 0;
}
