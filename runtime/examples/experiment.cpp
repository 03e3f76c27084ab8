// The classic experiment: the same jobs, each half a second of waiting (or with --cpu of computing), done in six ways.
//
//   experiment                      the table
//   experiment --scale 0.02         with waits of 10 ms
//   experiment --jobs 10 --only 3   fewer jobs, one way
//   experiment --cpu                jobs that compute: which ways gain from a second core
//
// Way 3 is the mistake that `tenterhook check` finds (blocking-call-in-coroutine, at the sleep in `blocking_job`): its
// coroutines take turns where those of way 4 wait side by side. Each way is done when all its jobs are. "time" is
// wall-clock, "as fast" is the first way's time by this one's, "cores" is the processor time by the time, "others" how
// many of the same cores other programs used meanwhile: they make times grow, but not processor times.
#include <tenterhook/as_completed.h>
#include <tenterhook/blocking_queue.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/process_pool.h>
#include <tenterhook/sleep.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/when_all.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <numeric>
#include <optional>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace tenterhook;
using seconds = std::chrono::duration<double>;

namespace {

struct settings {
  unsigned jobs = 50;
  double scale = 1;
  std::optional<unsigned> only;
  bool cpu = false;

  seconds job() const { return seconds(0.5 * scale); }
};

// --- clocks and cores -----------------------------------------------------------------------------------------------

// Of this process and the children that it has waited for.
double processor_time() {
  double total = 0;
  for (int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used{};
    getrusage(who, &used);
    for (const timeval &each : {used.ru_utime, used.ru_stime})
      total += double(each.tv_sec) + 1e-6 * double(each.tv_usec);
  }
  return total;
}

// The cores that this process may use.
struct machine {
  machine() {
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
      CPU_ZERO(&allowed);
  }
  unsigned cores() const { return std::max(1, CPU_COUNT(&allowed)); }
  // For which they ran anything, in all; 0 if the system does not tell.
  double busy() const {
    std::ifstream stat("/proc/stat");
    double ticks = 0;
    for (std::string line; std::getline(stat, line);) {
      unsigned core = 0;
      double user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft_irq = 0, steal = 0;
      // NOLINTNEXTLINE(bugprone-unchecked-string-to-number-conversion): how many were read is asked
      if (std::sscanf(line.c_str(), "cpu%u %lf %lf %lf %lf %lf %lf %lf %lf", &core, &user, &nice, &system, &idle, &wait, &irq,
                      &soft_irq, &steal) == 9 &&
          CPU_ISSET(core, &allowed))
        ticks += user + nice + system + irq + soft_irq + steal;
    }
    return ticks / double(sysconf(_SC_CLK_TCK));
  }

private:
  cpu_set_t allowed;
};

// --- the job --------------------------------------------------------------------------------------------------------

// So many steps of a generator of pseudo-random numbers.
[[gnu::noinline]] unsigned long compute_steps(unsigned long steps) {
  unsigned long value = 1;
  for (unsigned long i = 0; i != steps; ++i)
    value = value * 6364136223846793005u + 1442695040888963407u;
  return value;
}
volatile unsigned long results_go_here;
double steps_a_second = 0; // measured once, so that each job is the same amount of work

void measure_steps() {
  constexpr unsigned long steps = 20'000'000;
  double begin = processor_time(); // not the wall clock: others may have the machine
  results_go_here = compute_steps(steps);
  steps_a_second = double(steps) / (processor_time() - begin);
}

// One job as plain code does it. Gives its number.
unsigned job(const settings &how, unsigned number) {
  if (how.cpu)
    results_go_here = compute_steps((unsigned long)(how.job().count() * steps_a_second));
  else
    std::this_thread::sleep_for(how.job());
  return number;
}

std::vector<unsigned> numbers(unsigned jobs) {
  std::vector<unsigned> all(jobs);
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

// --- the six ways: each gives the sum of the numbers of the jobs that it has done ------------------------------------

unsigned long with_threads(const settings &how, unsigned workers) {
  blocking_queue<unsigned> jobs;
  std::atomic<unsigned long> sum = 0;
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i != workers; ++i)
    threads.emplace_back([&] {
      while (std::optional<unsigned> number = jobs.get()) {
        sum += job(how, *number);
        jobs.task_done();
      }
    });
  for (unsigned number : numbers(how.jobs))
    jobs.put(number);
  jobs.join();
  jobs.close();
  return sum;
}

task<unsigned> blocking_job(const settings &how, unsigned number) {
  if (how.cpu)
    results_go_here = compute_steps((unsigned long)(how.job().count() * steps_a_second));
  else
    std::this_thread::sleep_for(how.job()); // the mistake: nothing else of the loop runs meanwhile
  co_return number;
}

task<unsigned> awaiting_job(const settings &how, unsigned number) {
  if (!how.cpu) {
    co_await sleep_for(how.job());
    co_return number;
  }
  // Computing cannot be awaited, only be cut into slices so that others have their turn.
  constexpr int slices = 10;
  for (int i = 0; i != slices; ++i) {
    results_go_here = compute_steps((unsigned long)(how.job().count() * steps_a_second / slices));
    co_await yield();
  }
  co_return number;
}

task<unsigned long> all_of(std::vector<task<unsigned>> jobs) {
  unsigned long sum = 0;
  for (unsigned number : co_await when_all(std::move(jobs)))
    sum += number;
  co_return sum;
}

unsigned long with_coroutines(const settings &how, task<unsigned> (*one)(const settings &, unsigned)) {
  unsigned stalls = 0;
  seconds longest{0};
  event_loop_options options;
  options.slow_threshold = std::chrono::duration_cast<std::chrono::nanoseconds>(how.job() / 2);
  options.on_slow = [&](const slow_callback &stall) {
    ++stalls;
    longest = std::max(longest, seconds(stall.duration));
  };
  event_loop loop(options);
  std::vector<task<unsigned>> jobs;
  for (unsigned number : numbers(how.jobs))
    jobs.push_back(one(how, number));
  unsigned long sum = loop.run_until_complete(all_of(std::move(jobs)));
  if (stalls != 0)
    std::fprintf(stderr, "way %c: the loop was kept from its other work %u time%s, at most for %.3f s\n",
                 one == blocking_job ? '3' : '4', stalls, stalls == 1 ? "" : "s", longest.count());
  return sum;
}

unsigned long with_pool(const settings &how) {
  thread_pool pool(how.cpu ? 0 : how.jobs);
  std::vector<future<unsigned>> futures;
  for (unsigned number : numbers(how.jobs))
    futures.push_back(pool.submit([&how, number] { return job(how, number); }));
  unsigned long sum = 0;
  for (auto [index, done] : as_completed(std::move(futures)))
    sum += done.get();
  return sum;
}

unsigned long with_processes(const settings &how) {
  unsigned processes = how.cpu ? std::max(1u, std::thread::hardware_concurrency()) : how.jobs;
  process_pool<unsigned(unsigned)> pool(processes, [how](unsigned number) { return job(how, number); });
  std::vector<unsigned> done = pool.map(numbers(how.jobs));
  return std::accumulate(done.begin(), done.end(), 0ul);
}

struct way {
  const char *name;
  unsigned long (*run)(const settings &);
};
const way ways[] = {
    {"one worker thread", [](const settings &how) { return with_threads(how, 1); }},
    {"a worker thread a job, queue and join", [](const settings &how) { return with_threads(how, how.jobs); }},
    {"coroutines that block", [](const settings &how) { return with_coroutines(how, blocking_job); }},
    {"coroutines that await", [](const settings &how) { return with_coroutines(how, awaiting_job); }},
    {"thread pool, futures, as_completed", with_pool},
    {"process pool", with_processes},
};

// --- the table ------------------------------------------------------------------------------------------------------

struct row {
  unsigned number;
  double cores, others;
};

// Which ways gain from further cores, by the cores that they used: "as fast" also tells what other programs left over.
void tell_gains(const std::vector<row> &rows, unsigned cores) {
  constexpr double more_than_one = 1.2, some = 0.2;
  std::string gained, others;
  for (const row &each : rows) {
    std::string &list = each.cores >= more_than_one ? gained : others;
    list += (list.empty() ? "" : ", ") + std::to_string(each.number);
  }
  if (cores < 2)
    std::printf("one core: no way can gain\n");
  else if (!gained.empty())
    std::printf("%s gain from %u cores; %s used one\n", gained.c_str(), cores, others.c_str());
  else
    std::printf("no way got more than one of %u cores\n", cores);
  if (std::any_of(rows.begin(), rows.end(), [](const row &each) { return each.others >= some; }))
    std::printf("other programs had these cores as well: times tell of them too, processor times do not\n");
}

// False if a way has not done all its jobs.
bool measure(const settings &how) {
  const machine here;
  unsigned all_cores = here.cores();
  std::printf("%u jobs, each %.3f s of %s, on %u core%s\n", how.jobs, how.job().count(), how.cpu ? "computing" : "waiting",
              all_cores, all_cores == 1 ? "" : "s");
  std::printf("   way                                        time   processor  as fast  cores  others\n");
  const unsigned long expected = (unsigned long)how.jobs * (how.jobs - 1) / 2;
  double first = 0;
  bool right = true;
  std::vector<row> rows;
  for (unsigned number = 1; number <= std::size(ways); ++number) {
    if (how.only && *how.only != number)
      continue;
    std::fflush(stdout);
    double before = processor_time(), busy_before = here.busy();
    auto begin = std::chrono::steady_clock::now();
    unsigned long sum = ways[number - 1].run(how);
    double time = seconds(std::chrono::steady_clock::now() - begin).count();
    double processor = processor_time() - before;
    double others = std::max(0.0, here.busy() - busy_before - processor) / time;
    if (first == 0)
      first = time;
    std::printf("%u  %-38s %8.3f s %9.3f s %7.1fx  %5.2f  %6.2f\n", number, ways[number - 1].name, time, processor, first / time,
                processor / time, others);
    rows.push_back({number, processor / time, others});
    if (sum != expected) {
      std::fprintf(stderr, "experiment: way %u did other jobs than it was given\n", number);
      right = false;
    }
  }
  if (how.cpu && rows.size() > 1)
    tell_gains(rows, all_cores);
  return right;
}

// --- the command line -----------------------------------------------------------------------------------------------

[[noreturn]] void refuse(const std::string &reason) {
  std::fprintf(stderr, "experiment: %s; usage: experiment [--jobs N] [--scale X] [--only 1-6] [--cpu]\n", reason.c_str());
  std::exit(2);
}

template <typename Number> Number number_of(const char *option, const char *text, Number least, Number most) {
  Number value{};
  const char *end = text ? text + std::strlen(text) : nullptr;
  if (!text)
    refuse(std::string(option) + " needs a value");
  auto [read, error] = std::from_chars(text, end, value);
  if (error != std::errc() || read != end || !(value >= least && value <= most))
    refuse(std::string(option) + " " + text + ": not a number from " +
           (std::is_integral_v<Number> ? std::to_string(least) : "0.0001") + " to " + std::to_string(long(most)));
  return value;
}

settings parse(int count, char **arguments) {
  settings chosen;
  for (int i = 1; i < count; ++i) {
    std::string option = arguments[i];
    const char *value = i + 1 < count ? arguments[i + 1] : nullptr;
    if (option == "--cpu") {
      chosen.cpu = true;
      continue;
    }
    if (option == "--jobs")
      chosen.jobs = number_of<unsigned>("--jobs", value, 1, 1000);
    else if (option == "--scale")
      chosen.scale = number_of<double>("--scale", value, 0.0001, 100);
    else if (option == "--only")
      chosen.only = number_of<unsigned>("--only", value, 1, std::size(ways));
    else
      refuse("unknown option '" + option + "'");
    ++i;
  }
  return chosen;
}

} // namespace

int main(int count, char **arguments) {
  settings chosen = parse(count, arguments);
  if (chosen.cpu)
    measure_steps();
  return measure(chosen) ? 0 : 1;
}
