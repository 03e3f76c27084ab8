#!/usr/bin/env python3
"""agreement.py [PROGRAM…] [-j N]: what ThreadSanitizer says of the race corpus is what the programs say it says.

Each program that is run (program.py says how they are written) is compiled with clang-22 -O0 -fsanitize=thread and run
five times, until the first report. A program with `tsan: race` must be reported in one of the runs, and each report's two
accesses must stand on lines with a mark of one label; one with `tsan: silent` must end each time without a report and with 0.
Prints the table of verdicts against ThreadSanitizer's answers and each disagreement with its reason; a disagreement that the
program does not explain is an error, and the exit code 1.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from program import all_programs

CXX, CC = "clang++-22", "clang-22"
INSTRUMENT = ["-O0", "-gline-tables-only", "-fsanitize=thread", "-Wall", "-Werror", "-pthread"]
INSTANTIATE = "-fpch-instantiate-templates"  # half of a compilation's time
RUNS, SECONDS = 5, 10
OPTIONS = ("halt_on_error=0 exitcode=66 report_thread_leaks=0 report_signal_unsafe=0 report_mutex_bugs=0 "
           "detect_deadlocks=0 history_size=4")
HEADERS = ("algorithm array atomic barrier chrono condition_variable cstdio cstdlib cstring deque exception functional future "
           "latch list map memory mutex numeric optional queue semaphore shared_mutex sstream stop_token string string_view "
           "thread tuple unordered_map utility variant vector").split()
FRAME = re.compile(r"^\s+#\d+ .*? (/\S+?):(\d+)(?::\d+)? ", re.MULTILINE)


def call(command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


class Runner:
    def __init__(self, folder):
        self.folder = folder
        self.header = os.path.join(folder, "usual.h")
        with open(self.header, "w", encoding="utf-8") as file:
            file.write("".join(f"#include <{name}>\n" for name in HEADERS))
        made = call([CXX, "-std=c++20", *INSTRUMENT, INSTANTIATE, "-x", "c++-header", self.header, "-o", self.header + ".pch"])
        if made.returncode:
            sys.exit(made.stderr)
        self.objects = os.path.join(folder, "objects.o")
        self.linker = self.linker_command()

    def linker_command(self):
        """How to link self.objects to OUT. The driver is asked once only: loading it takes longer than the linker itself, and
        a runtime that is shared is linked and started faster than one that each program holds."""
        runtime = os.path.join(call([CXX, "-print-resource-dir"]).stdout.strip(), "lib", "linux")
        shared = ["-shared-libsan", f"-Wl,-rpath={runtime}"]
        if not os.path.exists(os.path.join(runtime, f"libclang_rt.tsan-{os.uname().machine}.so")):
            shared = []
        lld = ["-fuse-ld=lld", "-Wl,--threads=1"] if shutil.which("ld.lld-22") else []
        with open(self.objects, "w", encoding="utf-8"):  # it must exist to be kept in the command
            pass
        asked = call([CXX, *lld, *shared, "-fsanitize=thread", "-pthread", "-###", self.objects, "-o", "OUT"])
        return shlex.split(asked.stderr.strip().splitlines()[-1])

    def build(self, program, number):
        """The executable (None if the program is not run) and the compiler's complaint."""
        objects = []
        for index, source in enumerate(program.sources):
            target = os.path.join(self.folder, f"{number}.{index}.o")
            compiler = CC if source.endswith(".c") else CXX
            flags = program.command(source)
            precompiled = [INSTANTIATE, "-include-pch", self.header + ".pch"] if flags == ["-std=c++20"] else []
            command = [compiler, *flags, *INSTRUMENT, *precompiled, "-c", source, "-o", target]
            if program.tsan == "unrun":
                command = [part for part in command[:-2] if part != "-c"] + ["-fsyntax-only"]
            made = call(command)
            if made.returncode:
                return None, made.stderr
            objects.append(target)
        if program.tsan == "unrun":
            return None, ""
        program_file = os.path.join(self.folder, f"{number}.out")
        link = []
        for word in self.linker:
            link += objects if word == self.objects else [program_file if word == "OUT" else word]
        made = call(link)
        for file in objects:
            os.remove(file)
        return program_file, made.stderr if made.returncode else ""

    def judge(self, program, number):
        """What was seen (race, silent, unrun) and the complaints."""
        complaints = list(program.complaints())
        executable, trouble = self.build(program, number)
        if trouble:
            return "unrun", complaints + [trouble]
        if executable is None:
            return "unrun", complaints
        seen = "silent"
        for _ in range(RUNS):
            try:
                run = call([executable], timeout=SECONDS, env={**os.environ, "TSAN_OPTIONS": OPTIONS}, errors="replace")
            except subprocess.TimeoutExpired:
                complaints.append(f"did not end within {SECONDS} s")
                break
            reports = [text for text in run.stderr.split("==================") if "WARNING: ThreadSanitizer" in text]
            if run.returncode not in (0, 66) or (run.returncode == 66) != bool(reports):
                complaints.append(f"exit code {run.returncode}: {run.stderr[:600]}")
            if reports:
                seen = "race"
                if program.labels:
                    complaints += [trouble for text in reports if (trouble := misplaced(program, text))]
                break
        os.remove(executable)
        if seen != program.tsan:
            complaints.append(f"ThreadSanitizer says {seen}, the program says that it says {program.tsan}")
        return seen, complaints


def misplaced(program, report):
    """Whether the two accesses of a report do not stand on lines of one label; the reason, or nothing."""
    if "data race" not in report and "heap-use-after-free" not in report:
        return "another report: " + report.strip()[:600]
    common, places = None, []
    for stack in report.split("\n\n"):
        if not re.search(r"^\s+(Previous )?(atomic )?(write|read) of size", stack, re.MULTILINE | re.IGNORECASE):
            continue
        labels, here = set(), []
        for file, line in FRAME.findall(stack):
            place = (os.path.realpath(file), int(line))
            if place[0] in program.files:
                here.append(f"{os.path.basename(file)}:{line}")
                labels |= program.marks.get(place, set())
        places.append(" < ".join(here) or "?")
        if here:
            common = labels if common is None else common & labels
    return "" if common else "reported without marks of one label: " + " and ".join(places)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", nargs="*")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("-q", action="store_true", help="no list of the explained disagreements")
    parser.add_argument("--every", type=int, default=1, help="only every Nth program")
    options = parser.parse_args()
    programs = all_programs(options.programs)[:: options.every]
    table, explained, errors = collections.Counter(), [], []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        runner = Runner(folder)
        for program, (seen, complaints) in zip(programs, pool.map(runner.judge, programs, range(len(programs)))):
            verdict = "race" if program.labels else "silent"
            table[verdict, seen] += 1
            where = os.path.relpath(program.path)
            errors += [f"{where}: {complaint}" for complaint in complaints]
            if seen not in (verdict, "unrun") and seen == program.tsan:
                explained.append(f"{where}: {verdict}, ThreadSanitizer {seen}: {program.why}")
    print(f"{'verdict':10}{'TSan race':>10}{'silent':>8}{'not run':>9}")
    for verdict in ("race", "silent"):
        row = [table[verdict, seen] for seen in ("race", "silent", "unrun")]
        print(f"{verdict:10}{row[0]:10}{row[1]:8}{row[2]:9}")
    if not options.q:
        print("\n".join(explained))
    print("\n".join(errors + [f"{len(programs)} programs, {len(explained)} explained disagreements, {len(errors)} errors"]))
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
