#!/usr/bin/env python3
"""A recorded program sees the process that it would see otherwise: the parts of a program, and with programs/guest.c stock
programs that pass exit codes on, print the same and end the same with and without the recorder.

    guest.py --tenterhook EXE --recorder LIBRARY --build FOLDER --program programs/guest.c [--clang-only]
"""
import argparse
import os
import shutil
import subprocess
import sys

import trace_reader

BUILDS = [["clang-22", "-O0", "-g"], ["gcc", "-O2", "-g", "-fno-asynchronous-unwind-tables"]]
STOCK = [["sh", "-c", "exit 7"], ["env", "A=1", "sh", "-c", "echo $A; exit 8"], ["timeout", "5", "sh", "-c", "exit 9"],
         ["nice", "sh", "-c", "sleep 0.01; exit 10"], ["sh", "-c", "exec 3</dev/null 4>&1; sleep 0.01; echo four >&4"],
         ["sh", "-c", "ls /proc/self/fd | wc -l"], ["sh", "-c", "valgrind -q --error-exitcode=3 sh -c 'exit 4'; echo $?"], ["sh", "-c", "(exit 3) & wait $!; echo $?"]]
# Parts whose trace is to be whole: the file was open before the program went where its path does not lead.
WHOLE = {"descriptors", "closes_all", "takes_all", "limit", "other_root", "nobody", "vforks", "clones", "buffers", "no_locals", "last_thread", "last_threads"}


def run(command, folder):
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, cwd=folder)
    except subprocess.TimeoutExpired:
        return "hangs", b"", b""
    return done.returncode, done.stdout, done.stderr


# A program that gives root up and turns into another one, which cannot write its trace then: nothing is said before the end.
def turns_into_nobody(record, trace, folder):
    if os.geteuid() != 0:
        return []
    script = "import os; os.setgid(65534); os.setuid(65534); os.execv('/bin/sh', ['sh', '-c', 'sleep 0.01; echo here >&2'])"
    _, _, said = run([*record, "/usr/bin/python3", "-c", script], folder)
    lines = said.decode().splitlines()
    if len(lines) == 2 and lines[0] == "here" and lines[1].startswith("tenterhook: warning: %s: lacks what 2 " % trace):
        return []
    return ["turns into nobody: %r" % said]


# A root folder without the library, but with all that a stock program needs.
def small_root(folder):
    root = os.path.join(folder, "small_root")
    listed = subprocess.run(["ldd", "/bin/cat", "/bin/sh"], capture_output=True, text=True, check=True).stdout.split()
    for file in {word for word in listed if word.startswith("/") and not word.endswith(":")} | {"/bin/cat", "/bin/sh"}:
        os.makedirs(root + os.path.dirname(file), exist_ok=True)
        shutil.copy(file, root + file)
    return root


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build", "program"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--clang-only", action="store_true")
    arguments = parser.parse_args()
    stem = os.path.splitext(os.path.basename(arguments.program))[0]
    folder = os.path.join(os.path.abspath(arguments.build), stem)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "root"))
    os.environ["TENTERHOOK_RECORDER"] = os.path.abspath(arguments.recorder)
    trace = os.path.join(folder, "trace")
    record = [*arguments.tenterhook.split(), "record", "-q", "-o", trace, "--"]
    problems = []

    def compare(name, command):
        plain, recorded = run(command, folder), run(record + command, folder)
        recorded = recorded[0], recorded[1], b"".join(
            line for line in recorded[2].splitlines(True) if not line.startswith(b"tenterhook: "))
        if plain != recorded:
            lines = [pair for pair in zip(plain[1].splitlines(), recorded[1].splitlines()) if pair[0] != pair[1]]
            problems.append("%s: %r without, %r with the recorder" % (name, lines[:5] or plain, recorded if not lines else recorded[0::2]))

    for number, build in enumerate(BUILDS[:1] if arguments.clang_only else BUILDS):
        program = os.path.join(folder, "%s%d" % (stem, number))
        subprocess.run([*build, "-D_GNU_SOURCE", "-Wno-unused-result", "-Wno-nonnull", "-pthread", arguments.program, "-o",
                        program, "-lm"], check=True)
        parts = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
        assert len(parts) >= 5, parts
        for part in parts:
            name = "%s (%s)" % (part, build[0])
            compare(name, [program, part, os.path.join(folder, "root" if part == "other_root" else "file")])
            if part in WHOLE:
                left = trace_reader.Trace(trace)
                if left.end != (0, 0) or len(left.of("block")) < 5:
                    problems.append("%s: the trace ends with %s after %d calls" % (
                        name, left.end, len(left.of("block"))))
    for command in STOCK if stem == "guest" else []:
        compare(" ".join(command), command)
    if stem == "guest":
        for name, source, flags in (("alternates", "alternates.c", []), ("alternates of go", "alternates.c", ["-DGO"]),
                                    ("address sanitizer", "counts.c", ["-fsanitize=address"])):
            program = os.path.join(folder, name.replace(" ", "_"))
            subprocess.run(["gcc", "-O1", "-D_GNU_SOURCE", "-Wno-unused-result", "-pthread", *flags, "-o", program,
                            os.path.join(os.path.dirname(arguments.program), source)], check=True)
            compare(name, [program] if "sanitizer" not in name else ["sh", "-c", program + "; echo $?"])
        problems += turns_into_nobody(record, trace, folder)
        if os.geteuid() == 0:
            root = small_root(folder)
            compare("in another root", ["chroot", root, "/bin/cat", "/none"])
            compare("shell in another root", ["chroot", root, "/bin/sh", "-c", "cat /none; exec /bin/cat /none/too"])
    print("\n".join(problems) or "good")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
