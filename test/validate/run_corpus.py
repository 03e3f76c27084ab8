#!/usr/bin/env python3
"""The agreement test between analyzer and runs: every program of the corpus is analyzed (all in one tenterhook run), built,
run with a recorder, and judged; every verdict must be the one that the program's comments promise.

    run_corpus.py --tenterhook BIN --programs DIR --build DIR --recorder LIB [--only NAME…]

Comments in a program, each on a line of its own:
    // verdict: CHECK JUDGEMENT        as many as the program has findings of that check; the order does not matter
    // unpredicted: KIND               an observation that no finding predicts; others fail the test as well
    // evidence: recorder | runtime | thread-sanitizer | helgrind    how it is run; recorder if there is none
    // flags: …                        for the compiler, read by CMakeLists.txt
    // traces: …                       how the trace is damaged before it is read: torn
The programs are built beforehand (target validate_corpus). Prints one line for each deviation and the table of totals.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

JUDGEMENTS = ["confirmed", "contradicted", "not exercised", "inconclusive", "no evidence rule"]
COMMENT = re.compile(r"^// (verdict|unpredicted|evidence|flags|traces): (.*)$", re.M)
SECONDS = 60  # for one program; it takes less than one on an idle machine


class Program:
    def __init__(self, path):
        self.path, self.name = path, os.path.splitext(os.path.basename(path))[0]
        self.verdicts, self.unpredicted, self.evidence, self.damage = [], [], "recorder", ""
        with open(path, encoding="utf-8") as file:
            for kind, text in COMMENT.findall(file.read()):
                if kind == "verdict":
                    check, _, judgement = text.partition(" ")
                    self.verdicts.append((check, judgement))
                elif kind == "unpredicted":
                    self.unpredicted.append(text)
                elif kind == "evidence":
                    self.evidence = text
                elif kind == "traces":
                    self.damage = text

    @property
    def library(self):
        return self.name.split("_")[0]


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS, **options)


def analyze(arguments, programs, report):
    """One run over all programs; the SARIF report."""
    flags = ["-std=c++20", "-pthread", "-DASIO_HAS_CO_AWAIT", "-DASIO_HAS_STD_COROUTINE"]
    flags += [f"-I{folder}" for folder in arguments.include]
    result = subprocess.run([arguments.tenterhook, "check", "--fail-on", "never", "-q", "-o", f"sarif={report}", "--root",
                             arguments.programs, *[p.path for p in programs], "--", *flags], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"tenterhook check ended with {result.returncode}:\n{result.stdout}{result.stderr}")
    with open(report, encoding="utf-8") as file:
        return json.load(file)


def part_of(report, program, path):
    """The report with the findings of one program: the others are of other programs than the one that is run."""
    part = json.loads(json.dumps(report))
    run_ = part["runs"][0]
    run_["results"] = [r for r in run_["results"]
                       if r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == os.path.basename(program.path)]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(part, file)


def record(arguments, program, work):
    """Runs the program and returns its evidence file, or a reason why there is none."""
    binary = os.path.join(arguments.build, program.name)
    trace = os.path.join(work, program.name + ".trace")
    environment = dict(os.environ)
    if os.path.exists(trace):
        os.remove(trace)
    if program.evidence == "recorder":
        result = run([arguments.tenterhook, "record", "-o", trace, "--", binary])
    elif program.evidence == "runtime":
        environment["TENTERHOOK_TRACE"] = trace
        result = run([binary], env=environment)
    elif program.evidence == "thread-sanitizer":
        environment["TSAN_OPTIONS"] = f"exitcode=0:external_symbolizer_path={arguments.symbolizer}"
        result = run([binary], env=environment)
        with open(trace, "w", encoding="utf-8") as file:
            file.write(result.stderr)
    elif program.evidence == "helgrind":
        result = run(["valgrind", "--tool=helgrind", "--xml=yes", f"--xml-file={trace}", binary])
    else:
        return None, f"unknown evidence '{program.evidence}'"
    if result.returncode != 0:
        return None, f"the run ended with {result.returncode}: {(result.stderr or result.stdout).strip()[-300:]}"
    if not os.path.exists(trace):
        return None, "the run left no evidence"
    if program.damage == "torn":
        with open(trace, "r+b") as file:
            file.truncate(os.path.getsize(trace) * 9 // 10)
    return trace, None


def judge(arguments, program, report, trace, work):
    """(verdicts, unpredicted, text) as the tool gives them."""
    out = os.path.join(work, program.name + ".validated.sarif")
    result = run([arguments.tenterhook, "validate", report, trace, "-o", out])
    if result.returncode != 0:
        return None, None, f"validate ended with {result.returncode}: {result.stderr.strip()}"
    with open(out, encoding="utf-8") as file:
        results = json.load(file)["runs"][0]["results"]
    verdicts, unpredicted = [], []
    for entry in results:
        rule = entry["ruleId"].removeprefix("tenterhook-")
        if rule.startswith("unpredicted-"):
            unpredicted.append(rule.removeprefix("unpredicted-"))
        else:
            verdicts.append((rule, entry["properties"]["tenterhook/verdict"]["verdict"]))
    return verdicts, unpredicted, result.stdout


def deviations(program, verdicts, unpredicted):
    for check, judgement in sorted((collections.Counter(program.verdicts) - collections.Counter(verdicts)).elements()):
        yield f"promises {check} {judgement}"
    for check, judgement in sorted((collections.Counter(verdicts) - collections.Counter(program.verdicts)).elements()):
        yield f"got {check} {judgement}"
    for kind in sorted((collections.Counter(program.unpredicted) - collections.Counter(unpredicted)).elements()):
        yield f"promises unpredicted {kind}"
    for kind in sorted((collections.Counter(unpredicted) - collections.Counter(program.unpredicted)).elements()):
        yield f"got unpredicted {kind}"


def print_table(rows):
    """rows: (library, check, judgement) of every verdict, (library, 'unpredicted', kind) of every other observation."""
    checks = sorted({check for _, check, _ in rows if check != "unpredicted"})
    libraries = sorted({library for library, _, _ in rows})
    print(f"{'':32}" + "".join(f"{j:>18}" for j in JUDGEMENTS[:4]))
    for check in checks:
        for library in libraries:
            counts = [sum(row == (library, check, j) for row in rows) for j in JUDGEMENTS[:4]]
            if any(counts):
                print(f"{check + ', ' + library:32.32}" + "".join(f"{c:>18}" for c in counts))
    totals = [sum(row[2] == j and row[1] != "unpredicted" for row in rows) for j in JUDGEMENTS[:4]]
    print(f"{'all':32}" + "".join(f"{c:>18}" for c in totals))
    kinds = collections.Counter(row[2] for row in rows if row[1] == "unpredicted")
    print("unpredicted: " + (", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "0"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenterhook", required=True)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--symbolizer", default="/usr/bin/llvm-symbolizer-22")
    parser.add_argument("--include", action="append", default=[])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    os.makedirs(arguments.work, exist_ok=True)
    names = sorted(n for n in os.listdir(arguments.programs) if n.endswith(".cpp"))
    programs = [Program(os.path.join(arguments.programs, n)) for n in names]
    programs = [p for p in programs if os.path.exists(os.path.join(arguments.build, p.name))] if arguments.only else programs
    report = analyze(arguments, programs, os.path.join(arguments.work, "report.sarif"))
    rows, wrong = [], 0
    for program in programs:
        if arguments.only and program.name not in arguments.only:
            continue
        part = os.path.join(arguments.work, program.name + ".sarif")
        part_of(report, program, part)
        trace, trouble = record(arguments, program, arguments.work)
        text = ""
        if trouble:
            problems = [trouble]
        else:
            verdicts, unpredicted, text = judge(arguments, program, part, trace, arguments.work)
            if verdicts is None:
                problems, text = [text], ""
            else:
                problems = list(deviations(program, verdicts, unpredicted))
                rows += [(program.library, check, judgement) for check, judgement in verdicts]
                rows += [(program.library, "unpredicted", kind) for kind in unpredicted]
        for problem in problems:
            wrong += 1
            print(f"{program.name}: {problem}")
        if (problems or arguments.verbose) and text:
            print("    " + text.strip().replace("\n", "\n    "))
    print_table(rows)
    print(f"{len(programs)} programs, {wrong} deviations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
