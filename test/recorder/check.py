#!/usr/bin/env python3
"""Builds a program with each compiler and optimization level, records it, and compares the trace with the marks in its
source.

    check.py --tenterhook EXE --recorder LIBRARY --build FOLDER --program SOURCE [--configuration NAME]

A program with parts (`#if PART == 1`) is built once more for each, as PROGRAM.part1.so. Marks stand at the end of a line:
    // block FUNCTION[|FUNCTION] inside|outside COUNT   so many block records, in a coroutine or not (* any number)
    // held COUNT        locks that were taken here and held at a wait
    // foreign COUNT     unlocks of another thread's lock
    // reached FUNCTION[|FUNCTION] COUNT   so many calls, fast ones too, are counted at the line by their site alone
    // instant FUNCTION[|FUNCTION] COUNT   so many calls at the line are counted as such that could not wait
    // stall COUNT       stalls whose stack holds this line; stall-near: this line or up to three above it
    // slow COUNT        stalls outside of coroutines whose stack holds this line
    // order N plain|gated   so many orders of two locks, of which the second was taken here; gated: all under the same third
    // on-loop, off-loop all blocks of this line are flagged as on a loop's thread, or none is
    // never             no record of these kinds; no-stall: no stall but a marked one
More than one are parted by commas. A line that the program says it was late in ("late LINE": somebody else had the processor) is
not held to `never`.
A record's place is the innermost frame, inlined ones included, that lies in the program's folder. What is in a
coroutine must be flagged so in the process; where the compiler inlined a coroutine's first slice into its caller the
flag may be missing, but the debug information then names the coroutine (co_...), which is what `tenterhook validate`
goes by.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import sys

import trace_reader

CONFIGURATIONS = {
    "clang-O0": ["clang++-22", "-O0", "-g"], "clang-O2": ["clang++-22", "-O2", "-g"],
    "gcc-O0": ["g++-12", "-O0", "-g"], "gcc-O2": ["g++-12", "-O2", "-g"],
    "clang-O0-no-g": ["clang++-22", "-O0"], "clang-O2-no-g": ["clang++-22", "-O2"],
    "clang-O2-debuglink": ["clang++-22", "-O2", "-g"], # its debug information is in another file
    "gcc-O0-no-g": ["g++-12", "-O0"], "gcc-O2-no-g": ["g++-12", "-O2"],
}
MARK = re.compile(r"// (block|order|on-loop|off-loop|reached|instant|held|foreign|stall-near|stall|slow|no-stall|never)\b.*$")
Mark = collections.namedtuple("Mark", "line kind functions inside count")


def read_marks(path):
    marks = []
    for number, line in enumerate(open(path), 1):
        found = MARK.search(line)
        if not found:
            continue
        for text in found[0][3:].split(", "):
            kind, *words = text.split()
            functions, inside = None, None
            if kind == "block":
                functions, inside = tuple(words[0].split("|")), words[1] == "inside"
                words = words[2:]
            elif kind == "order":
                functions, words = words[1], words[:1]
            elif kind in ("reached", "instant"):
                functions, words = tuple(words[0].split("|")), words[1:]
            count = None if not words or words[0] == "*" else int(words[0])
            marks.append(Mark(number, kind, functions, inside, count))
    return marks


# A coroutine itself, not a lambda in it: "co_f() (.resume)", "co_f(co_f()::_Z4co_fv.Frame*) (.actor)".
COROUTINE = re.compile(r"^co_\w+\((?!.*(operator\(\)|std::__|'lambda))")


class Checker:
    def __init__(self, source, trace, symbolizer, late=()):
        self.late = late
        self.source, self.folder = os.path.realpath(source), os.path.dirname(os.path.realpath(source))
        self.trace, self.marks, self.problems = trace, read_marks(source), []
        addresses = [frame for stack in trace.stacks.values() for frame in stack]
        addresses += [event.site for event in trace.events] + [event.get("acquired_site", 0) for event in trace.events]
        addresses += [site for site, _ in trace.reach] + [edge.second_site for edge in trace.edges.values()]
        self.frames = trace.symbolize(addresses, symbolizer)

    def chain(self, site, stack):
        """(function, file, line) from the innermost on, inlined functions included."""
        addresses = self.trace.stacks.get(stack, ()) or (site,)
        return [frame for address in addresses for frame in self.frames.get(address, [])]

    def place(self, site, stack):
        for function, file, line in self.chain(site, stack):
            if os.path.realpath(file) == self.source:
                return function, line
        return None, 0

    def in_coroutine(self, event, flag=trace_reader.IN_COROUTINE):
        chain = self.chain(event.site, event.stack)
        return bool(event.flags & flag) or any(COROUTINE.match(function) for function, _, _ in chain)

    def marks_at(self, line, *kinds):
        return [mark for mark in self.marks if mark.line == line and mark.kind in kinds]

    def check_blocks(self):
        counts = collections.Counter()
        for event in self.trace.of("block"):
            name, (function, line) = self.trace.strings[event.arg], self.place(event.site, event.stack)
            inside = self.in_coroutine(event)
            marks = self.marks_at(line, "block")
            if self.marks_at(line, "off-loop" if event.flags & trace_reader.ON_LOOP else "on-loop"):
                self.problems.append("line %d: %s on a loop: %s" % (line, name, bool(event.flags & trace_reader.ON_LOOP)))
            fitting = [mark for mark in marks if name in mark.functions and inside == mark.inside]
            if fitting:
                counts[fitting[0]] += 1
            elif marks or inside or self.marks_at(line, "never"):
                self.problems.append("line %d: %s recorded, in a coroutine: %s; unexpected (%s)" % (
                    line, name, inside, function))
        self.compare("block", counts)

    def check_kind(self, kind, records, at):
        counts = collections.Counter()
        for event in records:
            _, line = at(event)
            marks = self.marks_at(line, kind)
            counts.update(marks)
            if not marks:
                self.problems.append("line %d: %s recorded, unexpected" % (line, kind))
        self.compare(kind, counts)

    def check_stalls(self):
        counts = collections.Counter()
        for event in self.trace.of("stall"):
            lines = {line for _, file, line in self.chain(event.site, event.stack)
                     if os.path.realpath(file) == self.source}
            for mark in self.marks:
                near = range(mark.line - 3, mark.line + 1) if mark.kind == "stall-near" else [mark.line]
                if mark.kind == "slow" and mark.line in lines:
                    counts[mark] += 1
                elif mark.kind.startswith("stall") and lines.intersection(near):
                    counts[mark] += 1
                    if not self.in_coroutine(event):
                        self.problems.append("line %d: a stall outside of coroutines" % mark.line)
                elif mark.kind in ("never", "no-stall") and mark.line in lines and not self.is_slow(lines) and (
                        mark.line not in self.late):
                    self.problems.append("line %d: a stall, unexpected" % mark.line)
        for kind in ("stall", "stall-near", "slow"):
            self.compare(kind, counts)

    def is_slow(self, lines):
        return any(mark.kind == "slow" and mark.line in lines for mark in self.marks)

    def check_reached(self):
        counts = collections.Counter()
        for (site, function), total in self.trace.reach.items():
            _, line = self.place(site, 0)
            for mark in self.marks_at(line, "reached", "instant"):
                if self.trace.strings[function] in mark.functions:
                    counts[mark] += total.nonblocking if mark.kind == "instant" else total.outside + total.inside
        self.compare("reached", counts)
        self.compare("instant", counts)

    def check_orders(self):
        counts, gates = collections.Counter(), set()
        for edge in self.trace.edges.values():
            _, line = self.place(edge.second_site, 0)
            gated, marks = bool(edge.flags & 8), self.marks_at(line, "order")
            counts.update(mark for mark in marks if mark.functions == ("gated" if gated else "plain"))
            if marks and gated:
                gates.add(edge.gate)
        if len(gates) > 1 or 0 in gates:
            self.problems.append("no common gate: %s" % gates)
        self.compare("order", counts)

    def compare(self, kind, counts):
        for mark in self.marks:
            if mark.kind == kind and mark.count is not None and counts[mark] != mark.count:
                self.problems.append("line %d: %d of %d %s records" % (mark.line, counts[mark], mark.count, kind))

    def run(self):
        self.check_blocks()
        self.check_kind("held", self.trace.of("held_at_wait"), lambda e: self.place(e.acquired_site, e.acquired_stack))
        self.check_kind("foreign", self.trace.of("foreign_unlock"), lambda e: self.place(e.site, e.stack))
        self.check_stalls()
        self.check_reached()
        self.check_orders()
        if self.trace.end is None or any(self.trace.drops.values()):
            self.problems.append("the trace has no end, or events were dropped: %s" % self.trace.drops)
        return self.problems


def count_only(source, trace):
    """Without debug information: as many records in coroutines as are marked, by the process's own flags. A first slice
    that was inlined into its caller is not seen as a coroutine's; so at least, not exactly."""
    marks, problems = read_marks(source), []
    wanted = sum(mark.count or 0 for mark in marks if mark.kind == "block" and mark.inside)
    perhaps = sum(3 for mark in marks if mark.kind == "block" and mark.count is None)
    found = sum(1 for event in trace.of("block") if event.flags & trace_reader.IN_COROUTINE)
    first_slices = 2
    if not wanted - first_slices <= found <= wanted + perhaps:
        problems.append("%d of %d blocking calls are flagged as in a coroutine" % (found, wanted))
    held = sum(mark.count for mark in marks if mark.kind == "held")
    if not held - first_slices <= len(trace.of("held_at_wait")) <= held:
        problems.append("%d of %d locks held at a wait" % (len(trace.of("held_at_wait")), held))
    return problems


def build(arguments, name):
    compiler, *flags = CONFIGURATIONS[name]
    stem = os.path.splitext(os.path.basename(arguments.program))[0]
    program = os.path.join(arguments.build, "%s-%s" % (stem, name))
    sources = [arguments.program, os.path.join(os.path.dirname(arguments.program), "coroutines.h")]
    if not os.path.exists(program) or os.path.getmtime(program) < max(map(os.path.getmtime, sources)):
        subprocess.run([compiler, "-std=c++20", *flags, "-pthread",
                        arguments.program, "-o", program], check=True)
        for part in sorted(set(re.findall(r"PART == (\d)", open(arguments.program).read()))):
            subprocess.run([compiler, "-std=c++20", *flags, "-pthread", "-DPART=" + part, "-shared", "-fPIC",
                            arguments.program, "-o", "%s.part%s.so" % (program, part)], check=True)
        if name.endswith("debuglink"):
            subprocess.run(["objcopy", "--only-keep-debug", program, program + ".debug"], check=True)
            subprocess.run(["strip", program], check=True)
            subprocess.run(["objcopy", "--add-gnu-debuglink=" + program + ".debug", program], check=True)
    return program


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build", "program"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--configuration", action="append", choices=CONFIGURATIONS)
    parser.add_argument("--symbolizer", default="llvm-symbolizer-22")
    arguments = parser.parse_args()
    os.makedirs(arguments.build, exist_ok=True)
    os.environ["TENTERHOOK_RECORDER"] = arguments.recorder
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:  # built side by side, run one after another
        programs = list(pool.map(lambda name: build(arguments, name), arguments.configuration or CONFIGURATIONS))
    for name, program in zip(arguments.configuration or CONFIGURATIONS, programs):
        output = program + ".trace"
        command = [*arguments.tenterhook.split(), "record", "-q", "-o", output, "--block-threshold", "8ms", "--",
                   program]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        problems = [] if done.returncode == 0 else ["exit code %d: %s" % (done.returncode, done.stderr)]
        if not problems:
            trace = trace_reader.Trace(output)
            late = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("late ")]
            problems = count_only(arguments.program, trace) if name.endswith("no-g") else Checker(
                arguments.program, trace, arguments.symbolizer, late).run()
        print("%s: %s" % (os.path.basename(program), "; ".join(problems) or "as marked"))
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
