#!/usr/bin/env python3
"""The agreement test between analyzer and runs. Every program of corpus/ is analyzed (all in one tenterhook run),
built, run with its kind of evidence, and judged; every verdict and every unpredicted observation must be the one that a
comment at its line promises, and every promise must be kept. corpus/README.md tells what the comments are.

    corpus.py --tenterhook BIN --recorder LIB --build DIR [--keep DIR] [--only NAME…] [-v]

Prints a line for each deviation, and the table of totals. A busy machine must not change a verdict: what blocks in a
program sleeps for 100 ms, what does not takes microseconds, and a call blocks from 50 ms on; a loop stands still from a
second on, but for programs about that, which compute for 300 ms of their own time. A program whose run deviates is run
again, twice at the most, and says so: a call may be slow because the machine was, but a wrong verdict stays wrong.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

JUDGEMENTS = ["confirmed", "contradicted", "not exercised", "inconclusive"]
SUBSTRATES = {"rt": "runtime", "asio": "asio", "own": "own loop", "threads": "threads"}
SECONDS = 120  # for one program; it takes less than one on an idle machine
BLOCK_MS = 50
TRIES = 3
HERE = os.path.dirname(os.path.realpath(__file__))
PROGRAMS = os.path.join(HERE, "corpus")
HEADERS = sorted(name for name in os.listdir(PROGRAMS) if name.endswith(".h"))
SETTING = re.compile(r"^// (builds|flags|evidence|damage|arguments|stall): (.*)$")
VERDICT = re.compile(r'// verdict: (\S+) (confirmed|contradicted|not exercised|inconclusive) "([^"]+)"$')
UNPREDICTED = re.compile(r"// unpredicted: (\S+)$")
IN_HEADER = re.compile(r'// verdict of (\w+): (.*)$')  # a finding in what programs share, which this one gets
PROMISE = re.compile(r"// (verdict|unpredicted)\b")


class Wrong(Exception):
    """The corpus itself, or the machine, is not as it must be."""


class Program:
    def __init__(self, path):
        self.path, self.file = path, os.path.basename(path)
        self.name = self.file.removesuffix(".cpp")
        self.known_miss = self.name.startswith(("FN_", "FP_"))
        self.substrate = SUBSTRATES[self.name.removeprefix("FN_").removeprefix("FP_").split("_")[0]]
        self.settings = {"builds": "clang-O1", "evidence": "recorder", "damage": "", "arguments": "", "flags": "", "stall": "1s"}
        self.verdicts, self.unpredicted = [], []  # (line, check, judgement, reason), (line, kind)
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        if not lines[0].startswith("// "):
            raise Wrong(f"{self.file}:1: the first line must say why the verdicts are right")
        empty = False
        for number, text in enumerate(lines, 1):
            setting = SETTING.match(text)
            if setting:
                self.settings[setting[1]] = setting[2]
            if text == "// verdict: none":
                empty = True
            elif PROMISE.search(text):
                self.promise(lines, number, text)
        if empty == bool(self.verdicts or self.unpredicted):
            raise Wrong(f"{self.file}:1: promises nothing; if that is meant, write '// verdict: none' (and only then)")
        self.builds = self.settings["builds"].split()
        for header in HEADERS:
            with open(os.path.join(PROGRAMS, header), encoding="utf-8") as file:
                lines = file.read().split("\n")
            for number, text in enumerate(lines, 1):
                found = IN_HEADER.search(text)
                if found and found[1] == self.name:
                    self.promise(lines, number, f"// verdict: {found[2]}", header)

    def place(self, entry):
        """The line of a finding or an observation, with the file's name if that is another; None: it is none of this program's."""
        file, line = place(entry)
        named = f"{file}:{line}"
        return line if file == self.file else named if named in {verdict[0] for verdict in self.verdicts} else None

    def runs(self):
        """The builds that are run one by one; of evidence that names its builds, all together are one run."""
        return self.builds[:1] if "@" in self.settings["evidence"] else self.builds

    def promise(self, lines, number, text, header=None):
        line = number
        while lines[line - 1].lstrip().startswith("//"):  # alone on its line: it speaks of the next one
            line += 1
        line = f"{header}:{line}" if header else line
        verdict, unpredicted = VERDICT.search(text), UNPREDICTED.search(text)
        if verdict:
            self.verdicts.append((line, *verdict.groups()))
        elif unpredicted:
            self.unpredicted.append((line, unpredicted[1]))
        else:
            raise Wrong(f"{header or self.file}:{number}: neither '// verdict: CHECK JUDGEMENT \"reason\"' nor "
                        "'// unpredicted: KIND'")


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS, **options)


def analyze(arguments, programs, report):
    flags = ["-std=c++20", "-pthread", "-DASIO_HAS_CO_AWAIT", "-DASIO_HAS_STD_COROUTINE"]
    runtime = os.path.join(HERE, "..", "..", "runtime")
    flags += [f"-I{os.path.realpath(os.path.join(runtime, folder))}" for folder in ("include", "")]
    result = subprocess.run([arguments.tenterhook, "check", "--fail-on", "never", "-q", "-o", f"sarif={report}",
                             "--root", PROGRAMS, *[p.path for p in programs], "--", *flags],
                            capture_output=True, text=True)
    if result.returncode != 0:
        raise Wrong(f"tenterhook check ended with {result.returncode}:\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
    with open(report, encoding="utf-8") as file:
        report = json.load(file)
    for entry in report["runs"][0]["results"]:
        if all(p.place(entry) is None for p in programs):
            raise Wrong(f"a finding is in {place(entry)[0]}:{place(entry)[1]}: no program can promise a verdict for it")
    return report


def place(entry):
    location = entry["locations"][0].get("physicalLocation")
    if not location:
        return "", 0
    return os.path.basename(location["artifactLocation"]["uri"]), location.get("region", {}).get("startLine", 0)


class Run:
    """One program in one build: its evidence, and what the tool makes of it."""

    def __init__(self, arguments, program, build, work):
        self.arguments, self.program, self.build, self.work = arguments, program, build, work
        self.label = program.name if len(program.builds) == 1 else f"{program.name} ({build})"
        self.binary = self.of_build(build)
        self.stem = os.path.join(work, f"{program.name}.{build}")
        self.text = ""

    def of_build(self, build):
        return os.path.join(self.arguments.build, "validate_corpus", build, self.program.name)

    def evidence(self):
        damage = self.program.settings["damage"]
        copy = None
        if damage in ("other-build", "stripped"):  # both change the program's file
            copy = f"{self.stem}.exe"
            shutil.copy(self.binary, copy)
        if damage == "stripped":
            self.must(run(["strip", copy]), "strip")
        files, words = [], []
        options = {"thread-sanitizer": ["--tsan"], "realtime-sanitizer": ["--rtsan"]}  # a silent log does not tell whose
        for kind in self.program.settings["evidence"].split():
            kind, _, build = kind.partition("@")
            gathered = self.gather(kind, self.of_build(build) if build else copy or self.binary)
            files += gathered
            words += [word for file in gathered for word in [*options.get(kind, []), file]]
        if damage == "other-build":
            other = next(b for b in self.program.builds if b != self.build)
            os.remove(copy)
            shutil.copy(self.of_build(other), copy)
        elif damage == "torn":
            with open(files[0], "r+b") as file:
                file.truncate(os.path.getsize(files[0]) * 9 // 10)
        elif damage and damage != "stripped":
            raise Wrong(f"{self.program.file}: unknown damage '{damage}'")
        return words

    def must(self, result, what):
        if result.returncode != 0:
            said = (result.stderr or result.stdout).strip()[-500:]
            raise Wrong(f"{self.label}: {what} ended with {result.returncode}: {said}")
        return result

    def gather(self, kind, binary):
        """The file. Those of the processes that the program starts are in a folder beside it, and read with it."""
        out = f"{self.stem}.{kind}"
        shutil.rmtree(out + ".children", ignore_errors=True)
        if os.path.exists(out):
            os.remove(out)
        command = [binary, *self.program.settings["arguments"].split()]
        environment = dict(os.environ)
        symbolizer = f"external_symbolizer_path={self.arguments.llvm}/bin/llvm-symbolizer"
        if kind == "recorder":
            environment["TENTERHOOK_RECORDER"] = self.arguments.recorder
            thresholds = ["--block-threshold", f"{BLOCK_MS}ms", "--stall-threshold", self.program.settings["stall"]]
            command = [self.arguments.tenterhook, "record", *thresholds, "-o", out, "--", *command]
        elif kind == "runtime":
            environment["TENTERHOOK_TRACE"] = out
        elif kind == "thread-sanitizer":
            environment["TSAN_OPTIONS"] = "exitcode=0:" + symbolizer
        elif kind == "realtime-sanitizer":
            environment["RTSAN_OPTIONS"] = "halt_on_error=false:" + symbolizer
        elif kind in ("helgrind", "drd"):
            command = ["valgrind", f"--tool={kind}", "--xml=yes", f"--xml-file={out}", *command]
        else:
            raise Wrong(f"{self.program.file}: unknown evidence '{kind}'")
        try:
            result = self.must(run(command, env=environment), "the run")
        except FileNotFoundError as missing:
            raise Wrong(f"{self.label}: {missing.filename} is not installed; ./dev test installs it") from missing
        if kind.endswith("sanitizer"):
            with open(out, "w", encoding="utf-8") as file:
                file.write(result.stderr)
        if not os.path.exists(out):
            raise Wrong(f"{self.label}: the run left no {kind} evidence: {result.stderr.strip()[-500:]}")
        return [out]

    def judge(self, report):
        """(verdicts, unpredicted): (line, check, judgement, reason), (line, kind)."""
        part = json.loads(json.dumps(report))  # this program's findings: the others are of programs that do not run
        part["runs"][0]["results"] = [r for r in part["runs"][0]["results"] if self.program.place(r) is not None]
        with open(self.stem + ".sarif", "w", encoding="utf-8") as file:
            json.dump(part, file)
        out = self.stem + ".validated.sarif"
        command = [self.arguments.tenterhook, "validate", "--block-threshold", str(BLOCK_MS), self.stem + ".sarif",
                   *self.evidence(), "-o", out]
        self.text = self.must(run(command), "tenterhook validate").stdout
        with open(out, encoding="utf-8") as file:
            results = json.load(file)["runs"][0]["results"]
        verdicts, unpredicted = [], []
        for entry in results:
            rule = entry["ruleId"].removeprefix("tenterhook-")
            file, line = place(entry)
            if rule.startswith("unpredicted-"):
                where = line if file == self.program.file else f"{file}:{line}"
                unpredicted.append((where, rule.removeprefix("unpredicted-")))
            else:
                verdict = entry["properties"]["tenterhook/verdict"]
                verdicts.append((self.program.place(entry), rule, verdict["verdict"], verdict["reason"]))
        return verdicts, unpredicted

    def outcome(self, report):
        """What judge() gives, and how it deviates; a reason why it cannot be told is a deviation."""
        try:
            verdicts, unpredicted = self.judge(report)
            return verdicts, unpredicted, list(self.deviations(verdicts, unpredicted))
        except (Wrong, subprocess.TimeoutExpired) as trouble:
            return [], [], [f" {trouble}"]

    def deviations(self, verdicts, unpredicted):
        left = list(verdicts)
        for line, check, judgement, reason in self.program.verdicts:
            got = next((v for v in left if v[:2] == (line, check)), None)
            if not got:
                yield f"{line}: promises {check} {judgement}, and there is no such finding"
                continue
            left.remove(got)
            if got[2] != judgement or reason not in got[3]:
                yield f"{line}: promises {check} {judgement} \"{reason}\", gets {got[2]} \"{got[3]}\""
        for line, check, judgement, reason in left:
            yield f"{line}: gets {check} {judgement} \"{reason}\", and no comment promises it"
        seen, promised = collections.Counter(unpredicted), collections.Counter(self.program.unpredicted)
        for line, kind in sorted((promised - seen).elements(), key=str):
            yield f"{line}: promises unpredicted {kind}, which was not seen"
        for line, kind in sorted((seen - promised).elements(), key=str):
            yield f"{line}: sees unpredicted {kind}, and no comment promises it"


def print_table(rows):
    """rows: (substrate, check, judgement) of every verdict, (substrate, 'unpredicted', kind) of what else was seen."""
    width = 46
    print(f"{'':{width}}" + "".join(f"{j:>15}" for j in JUDGEMENTS))
    for check in sorted({row[1] for row in rows if row[1] != "unpredicted"}):
        for substrate in SUBSTRATES.values():
            counts = [rows.count((substrate, check, j)) for j in JUDGEMENTS]
            if any(counts):
                print(f"{check + ', ' + substrate:{width}}" + "".join(f"{c or '·':>15}" for c in counts))
    totals = [sum(row[2] == j and row[1] != "unpredicted" for row in rows) for j in JUDGEMENTS]
    print(f"{'all':{width}}" + "".join(f"{c:>15}" for c in totals))
    for substrate in SUBSTRATES.values():
        kinds = collections.Counter(row[2] for row in rows if row[:2] == (substrate, "unpredicted"))
        if kinds:
            listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            print(f"{'unpredicted, ' + substrate:{width}}  {listed}")


def check(arguments, work):
    programs = [Program(os.path.join(PROGRAMS, n)) for n in sorted(os.listdir(PROGRAMS)) if n.endswith(".cpp")]
    if arguments.only:
        programs = [p for p in programs if p.name in arguments.only]
    targets = [f"corpus_{b}_{p.name}" for p in programs for b in p.builds] if arguments.only else ["corpus_programs"]
    built = subprocess.run(["cmake", "--build", arguments.build, "--target", *targets], capture_output=True, text=True)
    if built.returncode != 0:
        raise Wrong(f"the corpus does not build:\n{built.stdout[-4000:]}{built.stderr[-4000:]}")
    report = analyze(arguments, programs, os.path.join(work, "report.sarif"))
    runs = [Run(arguments, program, build, work) for program in programs for build in program.runs()]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:  # most of them wait most of the time
        first = list(pool.map(lambda one: one.outcome(report), runs))
    rows, wrong, again = [], 0, []
    for one, (verdicts, unpredicted, problems) in zip(runs, first):
        before = problems[0] if problems else None
        for _ in range(TRIES - 1):  # alone on the machine this time
            if problems:
                verdicts, unpredicted, problems = one.outcome(report)
        if before and not problems:
            again.append(f"{one.label}:{before}")
        rows += [(one.program.substrate, v[1], v[2]) for v in verdicts]
        rows += [(one.program.substrate, "unpredicted", u[1]) for u in unpredicted]
        wrong += len(problems)
        for problem in problems:
            print(f"{one.label}:{problem}")
        if (problems or arguments.verbose) and one.text:
            print("    " + one.text.strip().replace("\n", "\n    "))
    print_table(rows)
    for deviation in again:
        print(f"once, and not when it was run again: {deviation}")
    misses = sum(p.known_miss for p in programs)
    print(f"{len(programs)} programs ({misses} of them known misses), {len(runs)} runs, {wrong} deviations")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenterhook", required=True)
    parser.add_argument("--recorder", required=True, help="libtenterhook_recorder.so")
    parser.add_argument("--build", required=True, help="CMake's build directory, of Tenterhook or of corpus/ alone")
    parser.add_argument("--llvm", default="/usr/lib/llvm-22")
    parser.add_argument("--keep", help="leave traces and reports here")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every validation's table")
    arguments = parser.parse_args()
    for name in ("tenterhook", "recorder", "build"):
        setattr(arguments, name, os.path.realpath(getattr(arguments, name)))
    try:
        if arguments.keep:
            os.makedirs(arguments.keep, exist_ok=True)
            return check(arguments, os.path.realpath(arguments.keep))
        with tempfile.TemporaryDirectory() as work:
            return check(arguments, work)
    except Wrong as problem:
        print(f"corpus.py: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
