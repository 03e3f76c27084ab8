"""CPU time and memory of `tenterhook check -j1` against `clang++ -fsyntax-only` and clang-tidy with one check.

The three read the same files with the same flags in one run, in turns, so that a busy machine slows all of them; the best
of the rounds counts. CPU seconds are user + system of the processes (rusage); memory is the largest resident set of one.
"""
import argparse
import json
import os
import shlex
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
parser.add_argument("--tenterhook", required=True, help=argparse.SUPPRESS)
parser.add_argument("--llvm", required=True, help=argparse.SUPPRESS)
parser.add_argument("--work", required=True, help=argparse.SUPPRESS)
parser.add_argument("-p", dest="build", help="build folder of a project; the corpus in test/bench by default")
parser.add_argument("--rounds", type=int, default=3, help="rounds of which the best counts (3)")
parser.add_argument("--limit", type=int, default=0, help="only the first N files, evenly spread over the database")
parser.add_argument("--check", default="bugprone-unused-raii", help="the clang-tidy check")
parser.add_argument("--no-tidy", action="store_true", help="leave clang-tidy out (it takes longest)")
parser.add_argument("--max-ratio", type=float, help="exit with 1 if tenterhook : -fsyntax-only is above this")
options = parser.parse_args()


def run(command, cwd=None):
    """CPU seconds, peak MB, exit code, standard error."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode, errors


def syntax_only(entry):
    """The entry's command as a call of clang++ -fsyntax-only."""
    argv = entry.get("arguments") or shlex.split(entry["command"])
    kept, skip = [], False
    for argument in argv[1:]:
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        elif argument not in ("-c", "-MD", "-MMD", "-MP"):
            kept.append(argument)
    compiler = "clang" if entry["file"].endswith(".c") else "clang++"
    return [os.path.join(options.llvm, "bin", compiler), "-fsyntax-only", "-w", *kept]


def prepare():
    """A folder with a database of C and C++ files that clang itself parses, one entry a file."""
    build = options.build
    if not build:
        build = os.path.join(options.work, "corpus")
        cxx = os.path.join(options.llvm, "bin", "clang++")
        subprocess.run(
            ["cmake", "-S", os.path.join(here, "corpus"), "-B", build, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={cxx}"],
            check=True, stdout=subprocess.DEVNULL,
        )
    path = build if build.endswith(".json") else os.path.join(build, "compile_commands.json")
    with open(path, encoding="utf-8") as stream:
        entries = json.load(stream)
    by_file = {}
    for entry in entries:
        if entry["file"].endswith((".c", ".cc", ".cpp", ".cxx")):
            by_file.setdefault(os.path.normpath(os.path.join(entry["directory"], entry["file"])), entry)
    entries = [by_file[file] for file in sorted(by_file)]
    if options.limit and options.limit < len(entries):
        entries = [entries[i * len(entries) // options.limit] for i in range(options.limit)]
    folder = os.path.join(options.work, "database")
    os.makedirs(folder, exist_ok=True)
    return folder, entries


def main():
    folder, entries = prepare()
    best, memory, parts = {}, {}, ""
    refused = set()
    for number in range(options.rounds):
        sums = {"clang++ -fsyntax-only": 0.0, "tenterhook check -j1": 0.0}
        if not options.no_tidy:
            sums[f"clang-tidy {options.check}"] = 0.0
        usable = [entry for entry in entries if entry["file"] not in refused]
        for entry in usable:
            seconds, peak, code, _ = run(syntax_only(entry), entry["directory"])
            if code:
                refused.add(entry["file"])
                continue
            sums["clang++ -fsyntax-only"] += seconds
            memory["clang++ -fsyntax-only"] = max(memory.get("clang++ -fsyntax-only", 0), peak)
        usable = [entry for entry in usable if entry["file"] not in refused]
        if not usable:
            sys.exit("bench.py: clang parses none of these files")
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as stream:
            json.dump(usable, stream)
        command = [options.tenterhook, "check", "-p", folder, "-j1", "--stats", "--quiet", "--fail-on", "never"]
        seconds, peak, code, errors = run(command)
        if code not in (0, 3):
            sys.exit(f"bench.py: {' '.join(command)} ended with {code}:\n{errors}")
        if seconds < best.get("tenterhook check -j1", seconds + 1):
            parts = errors.strip()
        sums["tenterhook check -j1"] = seconds
        memory["tenterhook check -j1"] = max(memory.get("tenterhook check -j1", 0), peak)
        for entry in usable if not options.no_tidy else []:
            name = f"clang-tidy {options.check}"
            tidy = os.path.join(options.llvm, "bin", "clang-tidy")
            seconds, peak, _, _ = run([tidy, "-p", folder, f"--checks=-*,{options.check}", "--quiet", entry["file"]],
                                      entry["directory"])
            sums[name] += seconds
            memory[name] = max(memory.get(name, 0), peak)
        for name, seconds in sums.items():
            best[name] = min(best.get(name, seconds), seconds)
        print(f"round {number + 1}: " + ", ".join(f"{name} {value:.2f} s" for name, value in sums.items()), flush=True)
    base, base_memory = best["clang++ -fsyntax-only"], memory["clang++ -fsyntax-only"]
    print(f"\n{len(entries) - len(refused)} files" + (f" ({len(refused)} that clang refuses left out)" if refused else ""))
    for name, seconds in best.items():
        print(f"  {name:36} {seconds:8.2f} s CPU  x{seconds / base:.2f}   {memory[name]:7.0f} MB  x{memory[name] / base_memory:.2f}")
    print("\ntenterhook's own account of its best round:\n  " + parts.replace("\n", "\n  "))
    if options.max_ratio and best["tenterhook check -j1"] / base > options.max_ratio:
        sys.exit(f"bench.py: above the ratio of {options.max_ratio}")


main()
