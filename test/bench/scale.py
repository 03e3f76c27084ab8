"""Time and memory of linking and analysing 10, 30, 100, 300 and 1,000 generated TUs, with the slope of both.

    scale.py --tenterhook FILE --work FOLDER [--sizes 10,30,…]

The programs are seeded, so they are the same everywhere: libraries of ten TUs that call only lower ones (fan-out by Zipf's law,
a few hubs that four functions in ten call), about 120 functions a TU with a log-normal number of statements, inline functions
and templates in shared headers, small recursions, classes with mutexes, virtual hierarchies, callbacks kept in containers,
coroutines on top. Blocking calls are planted below coroutines, 1 to 12 calls deep, and locks over awaits: each must be found at
every size, so that time does not come from dropping work. Each TU's facts are extracted once (`tenterhook facts`); what is
measured is `tenterhook check` of the stored facts: CPU seconds and peak memory (rusage), the split by pass as --stats tells it.

A slope is that of log(cost) over log(TUs), by least squares: 1 is linear. The peer is the work itself: reading the stored facts,
which is linear, is a pass of the same run.
"""
import argparse
import concurrent.futures
import json
import math
import os
import random
import re
import subprocess
import sys

FUNCTIONS, UNITS_A_LIBRARY, HUBS = 120, 10, 6

# What programs include, small: a stub of the standard library, as a system header.
STUB = """#pragma once
#include <coroutine>
namespace std {
struct mutex { void lock(); void unlock(); bool try_lock(); };
template <class M> struct lock_guard { explicit lock_guard(M &m); ~lock_guard(); };
struct thread { template <class F> explicit thread(F f); ~thread(); void join(); void detach(); };
template <class S> struct function;
template <class R, class... A> struct function<R(A...)> {
  function(); template <class F> function(F) {} R operator()(A... a) const;
};
template <class T> struct vector { void push_back(T t); T *begin(); T *end(); T &operator[](unsigned long); };
}
extern "C" int usleep(unsigned);
"""
COMMON = """#pragma once
#include <stub.h>
struct task {
  struct promise_type {
    task get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>) noexcept;
  void await_resume();
};
task tick();
struct state { std::mutex mutex; int count, total, last; int table[16]; };
template <class T> T clamp(T value, T most) { if (value > most) return most; return value < 0 ? -value : value; }
inline int mix(int a, int b) { int x = a; for (int i = 0; i < 4; ++i) x = x * 31 + b; return x; }
inline int guarded(state &s, int n) { std::lock_guard<std::mutex> hold(s.mutex); s.total += n; return s.total; }
"""


def function_name(library, unit, index):
    return f"f{library}_{unit}_{index}"


class Writer:
    """One program of `units` TUs in `folder`."""

    def __init__(self, folder, units):
        self.folder, self.units = folder, units
        self.libraries = max(1, units // UNITS_A_LIBRARY)
        self.planted = []  # (check, file, line)

    def callee(self, rng, library, unit, index):
        """The name of a function that this one may call, and its library: hubs, the same TU, the same library, a lower one."""
        draw = rng.random()
        if draw < 0.4 and (library, unit) != (0, 0):
            return function_name(0, 0, rng.randrange(HUBS))
        if draw < 0.75 or library == 0:
            return function_name(library, unit, rng.randrange(index)) if index else None
        if draw < 0.85 and unit:
            return function_name(library, rng.randrange(unit), rng.randrange(FUNCTIONS))
        lower = min(int(rng.paretovariate(0.7)) - 1, library - 1)
        return function_name(lower, rng.randrange(UNITS_A_LIBRARY), rng.randrange(FUNCTIONS))

    def body(self, rng, library, unit, index):
        lines = ["  int x = n, y = 1;"]
        wanted = min(int(rng.lognormvariate(math.log(4.5), 0.8)) + 1, 400)
        for _ in range(wanted):
            draw = rng.random()
            k = rng.randrange(100)
            if draw < 0.45:
                lines.append(f"  y = x * {k} + y;")
            elif draw < 0.6:
                lines.append(f"  s.{rng.choice(('count', 'total', 'last'))} += x;")
            elif draw < 0.66:
                lines.append(f"  global{library}_{unit} += {k};")
            elif draw < 0.7:
                lines.append("  s.table[x & 15] = y;")
            elif draw < 0.8:
                lines.append(f"  if (y > {k}) x = mix(x, y); else y = clamp(y, {k});")
            elif draw < 0.96:
                name = self.callee(rng, library, unit, index)
                if name:
                    lines.append(f"  if (x > {k}) y += {name}(x, s);" if rng.random() < 0.5 else f"  y += {name}(y, s);")
            elif draw < 0.975:
                lines.append("  y += guarded(s, x);")
            elif draw < 0.985:
                lines.append("  y += steps.run(x, s);")
            elif draw < 0.99:
                lines.append(f"  registry{library}.push_back([x](int v) {{ return v + x * {k}; }});")
            else:
                lines.append(f"  for (auto &f : registry{library}) y += f(x);")
        lines.append("  return x + y;")
        return lines

    def unit(self, library, unit):
        rng = random.Random(f"{library}:{unit}")
        path = f"{self.folder}/u{library}_{unit}.cpp"
        out = [f'#include "lib{library}.h"', "", f"int global{library}_{unit};"] # the second line: what is called
        for k in range(3):
            base = f"base{library}" if k == 0 else f"step{library}_{unit}_{k - 1}"
            out.append(f"struct step{library}_{unit}_{k} : {base} {{ int run(int n, state &s) override {{ s.last = n; return n + {k}; }} }};")
        out.append(f"static step{library}_{unit}_2 steps_here; static base{library} &steps = steps_here;")
        index = 0
        while index < FUNCTIONS:
            if index and rng.random() < 0.02:  # a small recursion
                size = min(rng.randrange(2, 6), FUNCTIONS - index)
                for i in range(size):
                    following = function_name(library, unit, index + (i + 1) % size)
                    out.append(f"int {function_name(library, unit, index + i)}(int n, state &s) {{ return n < 1 ? 0 : {following}(n - 1, s) + s.count; }}")
                index += size
                continue
            out.append(f"int {function_name(library, unit, index)}(int n, state &s) {{")
            out += self.body(rng, library, unit, index)
            out.append("}")
            index += 1
        self.plant(out, rng, library, unit, path)
        called = sorted(set(re.findall(r"\bf\d+_\d+_\d+", "\n".join(out))))
        out[1] = " ".join(f"int {name}(int, state &);" for name in called)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(out) + "\n")

    def plant(self, out, rng, library, unit, path):
        """A chain of calls below a coroutine, of which the last blocks, and a lock over an await."""
        tag, depth = f"{library}_{unit}", 1 + (library * 7 + unit) % 12
        for d in range(depth):
            below = "usleep(1000)" if d == 0 else f"planted{tag}_{d - 1}(n)"
            out.append(f"static int planted{tag}_{d}(int n) {{ return {below} + n; }}")
            if d == 0:
                self.planted.append(("blocking-call-in-coroutine", path, len(out)))
        out.append(f"task waits{tag}(int n, state &s) {{ planted{tag}_{depth - 1}(n); s.count = n; co_await tick(); }}")
        out.append(f"task holds{tag}(state &s) {{ std::lock_guard<std::mutex> hold(s.mutex); s.count = 1;")
        out.append("  co_await tick(); }")
        self.planted.append(("lock-across-await", path, len(out)))
        calls = "".join(f"y += {function_name(library, unit, rng.randrange(FUNCTIONS))}(n, s); " for _ in range(4))
        out.append(f"task works{tag}(int n, state &s) {{ int y = 0; {calls} co_await tick(); co_await waits{tag}(y, s); co_await holds{tag}(s); }}")

    def write(self):
        os.makedirs(self.folder + "/system", exist_ok=True)
        texts = {"system/stub.h": STUB, "common.h": COMMON}
        for library in range(self.libraries):
            texts[f"lib{library}.h"] = (
                f'#pragma once\n#include "common.h"\nstruct base{library} {{ virtual ~base{library}(); virtual int run(int n, state &s); }};\n'
                f"extern std::vector<std::function<int(int)>> registry{library};\n")
        entries = []
        units = [(l, u) for l in range(self.libraries) for u in range(min(UNITS_A_LIBRARY, self.units))]
        for name, text in texts.items():
            with open(f"{self.folder}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        for l, u in units:
            self.unit(l, u)
            entries.append({"directory": self.folder, "file": f"u{l}_{u}.cpp", "arguments":
                            ["clang++", "-std=c++20", "-isystem", "system", "-c", f"u{l}_{u}.cpp"]})
        with open(f"{self.folder}/compile_commands.json", "w", encoding="utf-8") as file:
            json.dump(entries, file)
        return [entry["file"] for entry in entries]


def extract(tool, folder, files, jobs):
    def one(file):
        stored = f"{folder}/{file}.facts"
        subprocess.run([tool, "facts", "-p", folder, f"{folder}/{file}", "-o", stored], check=True, capture_output=True)
        return stored
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, files))


def measure(tool, stored):
    """CPU seconds, peak MB, seconds by pass, the report."""
    process = subprocess.Popen([tool, "check", "-q", "-j1", "--stats", "--format", "json", "--fail-on", "never", *stored],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with concurrent.futures.ThreadPoolExecutor(1) as reader:
        errors = reader.submit(process.stderr.read)
        report = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"scale: exit code {process.returncode}\n{errors.result().decode()}")
    passes = {name: float(seconds) for name, seconds in re.findall(r"^pass (\S+) +([0-9.]+) s", errors.result().decode(), re.M)}
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, passes, json.loads(report)


def slope(xs, ys):
    points = [(math.log(x), math.log(y)) for x, y in zip(xs, ys) if y > 0]
    if len(points) < 2:  # a pass too short to be measured
        return float("nan")
    mx, my = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    over = sum((x - mx) ** 2 for x, _ in points)
    return sum((x - mx) * (y - my) for x, y in points) / over if over else float("nan")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenterhook", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--sizes", default="10,30,100,300,1000")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    sizes = [int(n) for n in options.sizes.split(",")]
    costs, memory, by_pass, lost = [], [], {}, 0
    for units in sizes:
        folder = os.path.abspath(f"{options.work}/scale/{units}")
        writer = Writer(folder, units)
        files = writer.write()
        stored = extract(options.tenterhook, folder, files, options.jobs)
        seconds, peak, passes, report = measure(options.tenterhook, stored)
        costs.append(seconds)
        memory.append(peak)
        for name, cost in passes.items():
            by_pass.setdefault(name, []).append(cost)
        found = {(f["rule"], os.path.join(folder, f["file"]), f["line"]) for f in report["findings"]}
        missing = [p for p in writer.planted if p not in found]
        lost += len(missing)
        print(f"{units:5} TUs: {seconds:7.2f} s, {peak:7.0f} MB; {len(writer.planted) - len(missing)} of {len(writer.planted)} planted found", flush=True)
        for check, path, line in missing[:3]:
            print(f"      missing: {path}:{line}: {check}")
    if len(sizes) > 1:
        print(f"slope: time {slope(sizes, costs):.2f}, memory {slope(sizes, memory):.2f} (1 is linear)")
        width = max((len(n) for n in by_pass), default=0)
        for name, values in by_pass.items():
            if len(values) == len(sizes):
                print(f"  {name:{width}} " + " ".join(f"{v:8.3f}" for v in values) + f"  slope {slope(sizes, values):5.2f}")
    return 1 if lost else 0


sys.exit(main())
