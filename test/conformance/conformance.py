#!/usr/bin/env python3
"""Stock programs of Debian without and with the recorder: same bytes out, same exit code, same files; and what it costs.

    conformance.py --tenterhook build/bin/tenterhook [--short] [--only NAME …] [--markdown] [--keep FOLDER] [--list] [--packages]

Each case (cases_*.py) is a bash script that runs in an empty folder of its own: twice plain, once recorded with everything
that it starts. What differs between the two plain runs (a time, a process id, a table in another order) is no difference of
the third: such lines count with their digits left out, and if that does not help not at all; such files with their names.
Exit code 1 if anything differs, if a program is missing, or if a run left no trace.
"""
import argparse
import hashlib
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import cases_servers
import cases_shell
import cases_tools

CASES = cases_shell.CASES + cases_tools.CASES + cases_servers.CASES
DIGITS = re.compile(rb"[0-9]+")


class Run:
    """What a run left behind."""

    def __init__(self, code, out, error, files, seconds):
        self.code, self.files, self.seconds = code, files, seconds
        self.texts = {"stdout": out, "stderr": error}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def read_files(folder):
    """Each path below the folder: its type and mode, and its content's digest or where it leads."""
    found = {}
    for root, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(root, name)
            status = os.lstat(path)
            what = "%o" % status.st_mode
            if os.path.islink(path):
                content = os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    content = hashlib.sha256(file.read()).hexdigest()
            else:
                content = ""
            found[os.path.relpath(path, folder)] = (what, content)
    return found


def run(case, scratch, port, prefix):
    folder = os.path.join(scratch, "work")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    home = os.path.join(scratch, "home")
    shutil.rmtree(home, ignore_errors=True)
    os.mkdir(home)
    script = os.path.join(scratch, "script.sh")
    with open(script, "w") as file:
        file.write(case.script)
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LC_ALL": "C",
                   "TZ": "UTC", "PORT": str(port), "USER": "root", "SCRATCH": scratch}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    paths = [os.path.join(scratch, name) for name in ("out", "error")]
    with open(paths[0], "wb") as out, open(paths[1], "wb") as error:
        process = subprocess.Popen([*prefix, "/bin/bash", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=error, start_new_session=True)
        try:
            code = process.wait(timeout=case.timeout)
        except subprocess.TimeoutExpired:
            code = "none after %d s" % case.timeout
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:  # what the script left running holds files and ports
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    texts = []
    for path in paths:
        with open(path, "rb") as file:
            texts.append(file.read())
    # record tells a signal as a shell does; so the plain run's is told so too
    if isinstance(code, int) and code < 0:
        code = 128 - code
    texts[1] = re.sub(rb"(?m)^tenterhook: (warning: .*|\S+ was ended by signal .*)\n", b"", texts[1])
    return Run(code, texts[0], texts[1], read_files(folder),
               after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def differing(first, second, third):
    """Lines of `third` that are not as in both others. Those differ too: by then no difference can be told."""
    if first == second:
        return [] if third == first else diff(first, third)
    one, two, three = (text.split(b"\n") for text in (first, second, third))
    blank = lambda lines: [DIGITS.sub(b"#", line) for line in lines]
    if len(one) == len(two):
        masks = [None if a == b else "digits" if x == y else "all" for a, b, x, y in zip(one, two, blank(one), blank(two))]
        mask = lambda lines: [b"?" if m == "all" else DIGITS.sub(b"#", line) if m else line for m, line in zip(masks, lines)]
        if len(three) != len(one):
            return ["%d lines instead of %d" % (len(three), len(one))] + diff(b"\n".join(blank(one)), b"\n".join(blank(three)))
        return diff(b"\n".join(mask(one)), b"\n".join(mask(three)))
    common = set(blank(one)) & set(blank(two))
    missing = common - set(blank(three))
    return ["missing: %s" % line.decode(errors="replace") for line in sorted(missing)]


def diff(first, second):
    if first == second:
        return []
    one, two = first.split(b"\n"), second.split(b"\n")
    lines = []
    for i in range(max(len(one), len(two))):
        a, b = (text[i].decode(errors="replace") if i < len(text) else "(no line)" for text in (one, two))
        if a != b:
            lines.append("line %d: %s instead of %s" % (i + 1, b[:200], a[:200]))
    return lines[:8]


def compare(first, second, third):
    problems = []
    if first.code == second.code and third.code != first.code:
        problems.append("exit code %s instead of %s" % (third.code, first.code))
    for name, text in first.texts.items():
        problems += ["%s %s" % (name, line) for line in differing(text, second.texts[name], third.texts[name])]
    for path in sorted(set(first.files) | set(third.files)):
        one, two, three = (run.files.get(path) for run in (first, second, third))
        if one == two and three != one:
            problems.append("file %s: %s instead of %s" % (path, three, one))
        elif one and two and not three:
            problems.append("file %s: is not there" % path)
    return problems


def conform(case, tenterhook, keep):
    """(problems, seconds of plain, seconds of recorded)"""
    missing = [program for program in case.programs if not shutil.which(program, path="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
               and not os.path.exists(program)]
    if missing:
        return ["%s is not installed (package %s)" % (" and ".join(missing), " ".join(case.packages))], 0, 0
    scratch = os.path.join(keep, case.name) if keep else tempfile.mkdtemp(prefix="conformance-")
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    os.chmod(scratch, 0o755)  # a server's children may be others
    traces = os.path.join(scratch, "traces")
    os.mkdir(traces)
    try:
        port = free_port()
        plain = [run(case, scratch, port, []) for _ in range(2)]
        trace = os.path.join(traces, "trace")
        recorded = run(case, scratch, port, [tenterhook, "record", "-q", "-o", trace, "--"])
        problems = compare(*plain, recorded)
        if not os.path.exists(trace) or os.path.getsize(trace) == 0:
            problems.append("no trace was written")
        if case.expects is not None and plain[0].code != case.expects:
            problems.append("plain it ends with %s instead of %s: %s" % (
                plain[0].code, case.expects, plain[0].texts["stderr"].decode(errors="replace")[-300:]))
        return problems, min(one.seconds for one in plain), recorded.seconds
    finally:
        if not keep:
            shutil.rmtree(scratch, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenterhook")
    parser.add_argument("--short", action="store_true", help="the cases that CI runs")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--keep", help="the folder in which each case leaves what it did")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--packages", action="store_true", help="print the packages that the cases need")
    arguments = parser.parse_args()
    cases = [case for case in CASES if (case.short or not arguments.short) and
             (not arguments.only or case.name in arguments.only)]
    if arguments.packages or arguments.list:
        names = sorted({package for case in cases for package in case.packages})
        print("\n".join(names if arguments.packages else [case.name for case in cases]))
        return 0
    tenterhook = os.path.abspath(arguments.tenterhook)
    row = "| %s | %s | %s | %s | %s |" if arguments.markdown else "%-22s %9s %9s %7s  %s"
    print(row % ("program", "plain, s", "recorded, s", "ratio", "difference"), flush=True)
    if arguments.markdown:
        print("|---|--:|--:|--:|---|")
    failed, begin, all_plain, all_recorded = 0, time.monotonic(), 0, 0
    for case in cases:
        problems, plain, recorded = conform(case, tenterhook, arguments.keep)
        failed += bool(problems)
        all_plain += plain
        all_recorded += recorded
        print(row % (case.name, "%.2f" % plain, "%.2f" % recorded, "%.2f" % (recorded / plain) if plain else "-",
                     "none" if not problems else "; ".join(problems)), flush=True)
    print("%d programs, %d with differences; processor time %.1f s plain, %.1f s recorded; %.0f s in all" % (
        len(cases), failed, all_plain, all_recorded, time.monotonic() - begin))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
