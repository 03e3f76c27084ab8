// The disk: streams, stdio, POSIX, std::filesystem.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>
namespace fs = std::filesystem;

// All that happens to one stream is one finding, at the first call.
task<> reads_a_stream(std::string line) {
  std::ifstream in("file"); // finding: blocking-call-in-coroutine "opens a file" "std::getline' reads a file too"
  std::getline(in, line);
  int n;
  in >> n;
  in.read(&line[0], 1);
  co_await tick();
}
task<> writes_a_stream() {
  std::ofstream out; // finding@+1: blocking-call-in-coroutine
  out.open("file");
  out << "text" << 1 << std::endl;
  co_await tick();
}
void save(std::fstream &file) { file << 1; } // finding: blocking-call-in-coroutine
task<> in_a_helper(std::fstream &file) {
  save(file);
  co_await tick();
}

task<> stdio(char *buffer) {
  std::FILE *f = std::fopen("file", "r"); // finding: blocking-call-in-coroutine
  std::fread(buffer, 1, 10, f);
  std::fgets(buffer, 10, f);
  std::fclose(f);
  co_await tick();
}
task<> posix(char *buffer) {
  int fd = open("file", O_RDONLY); // finding: blocking-call-in-coroutine
  pread(fd, buffer, 10, 0);
  fsync(fd);
  co_await tick();
}
task<> metadata(struct stat *s) {
  stat("file", s);   // finding: blocking-call-in-coroutine
  unlink("file");    // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> filesystem(const fs::path &p) {
  use(fs::exists(p));              // finding: blocking-call-in-coroutine "asks the file system"
  fs::create_directories("a/b");   // finding: blocking-call-in-coroutine
  fs::remove_all("a");             // finding: blocking-call-in-coroutine
  use(fs::file_size("file"));      // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> directories(const fs::path &p) {
  for (const auto &entry : fs::directory_iterator(p)) // finding: blocking-call-in-coroutine "reads a directory"
    use(entry.path().string());
  co_await tick();
}

// No disk: paths are strings, a default constructed stream opens nothing.
task<> quiet(const fs::path &p, fs::file_status known) {
  use((p / "name").string());
  use(p.extension().string());
  use(fs::is_directory(known));
  std::ifstream unused;
  co_await tick();
}

// Setting a position in a file that is read, and asking for one, reads nothing.
task<> positions(std::ifstream &in, std::fstream &both) {
  in.seekg(10);
  in.seekg(0, std::ios::end);
  use(static_cast<int>(in.tellg()));
  both.seekg(10);
  use(static_cast<int>(both.tellp()));
  co_await tick();
}
task<> reads_behind_a_position(std::ifstream &in, char *buffer) {
  in.seekg(10);
  in.read(buffer, 1); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> sets_a_position_to_write(std::ofstream &out) {
  out.seekp(10);
  co_await tick();
}
