// Tasks that are put into a local container at which nobody looks again.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <array>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <vector>

task<int> load();
task<> work();
task<> run_all(std::vector<task<>>);

void pushed() {
  std::vector<task<>> all;
  all.reserve(2);
  all.push_back(work()); // finding: discarded-awaitable likely "'work' returns is stored in 'all' and never awaited; the task never runs"
  all.push_back(work());
}
task<> emplaced(int n) {
  std::deque<task<int>> all;
  for (int i = 0; i < n; ++i)
    all.emplace_back(load()); // finding: discarded-awaitable likely
  co_return;
}
void moved_into() {
  auto t = work();
  std::list<task<>> all;
  all.push_back(std::move(t)); // finding: discarded-awaitable likely
}
void inserted() {
  std::map<int, task<>> all;
  all.emplace(1, work()); // finding: discarded-awaitable likely
}
void cleared() {
  std::vector<task<>> all;
  all.push_back(work()); // finding: discarded-awaitable likely
  all.clear();
}
void optional() {
  std::optional<task<>> later;
  later.emplace(work()); // finding: discarded-awaitable likely
}
void in_an_array() {
  task<int> two[] = {load(), load()}; // finding: discarded-awaitable likely
}
task<> awaited_in_an_array() {
  task<int> two[] = {load(), load()};
  co_await two[0];
}
void in_a_lambda() {
  auto collect = [] {
    std::vector<task<>> all;
    all.push_back(work()); // finding: discarded-awaitable likely
  };
  collect();
}

// Silent: somebody looks.
task<> awaited_in_a_loop() {
  std::vector<task<>> all;
  all.push_back(work());
  for (auto &t : all)
    co_await t;
}
task<> handed_over() {
  std::vector<task<>> all;
  all.push_back(work());
  co_await run_all(std::move(all));
}
std::vector<task<>> returned() {
  std::vector<task<>> all;
  all.push_back(work());
  return all;
}
task<> captured() {
  std::vector<task<>> all;
  all.push_back(work());
  auto later = [&all]() -> task<> { co_await all[0]; };
  co_await later();
}
struct Group {
  std::vector<task<>> all_;
  void add() { all_.push_back(work()); }
};
void of_the_caller(std::vector<task<>> &all) { all.push_back(work()); }
void swapped(std::vector<task<>> &others) {
  std::vector<task<>> all;
  all.push_back(work());
  all.swap(others);
}
task<> taken_from_the_end() {
  std::vector<task<>> all;
  all.push_back(work());
  co_await all.back();
}
void numbers() {
  std::vector<int> all;
  all.push_back(1);
}
