#!/usr/bin/env python3
"""What `tenterhook record` refuses, and what it says: one line with the reason and the remedy, exit code 2, and no
trace.

    wrong_input.py --tenterhook EXE --recorder LIBRARY --build FOLDER
"""
import argparse
import os
import shutil
import subprocess
import sys

PROGRAM = "#include <unistd.h>\nint main(int n, char **) { usleep(20000); return n > 1 ? 7 : 0; }\n"


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    folder = os.path.join(arguments.build, "wrong")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.environ["TENTERHOOK_RECORDER"] = arguments.recorder
    failures = []

    def path(name):
        return os.path.join(folder, name)

    def write(name, text, mode=0o644):
        with open(path(name), "w") as file:
            file.write(text)
        os.chmod(path(name), mode)
        return path(name)

    def compile_to(name, *flags):
        subprocess.run(["g++-12", source, "-o", path(name), *flags], check=True)
        return path(name)

    def expect(command, code, *texts, output=path("out.trace"), environment=None, written=False):
        if output == path("out.trace") and os.path.exists(output):
            os.remove(output)
        done = subprocess.run([*arguments.tenterhook.split(), "record", "-o", output, *command],
                              capture_output=True, text=True,
                              env={**os.environ, **(environment or {})}, timeout=60)
        problems = []
        if done.returncode != code:
            problems.append("exit code %d" % done.returncode)
        problems += ["no '%s'" % text for text in texts if text not in done.stderr]
        if code == 2 and len(done.stderr.strip().splitlines()) != 1:
            problems.append("not one line")
        if os.path.isfile(output) and os.path.getsize(output) > 0 and not written:
            problems.append("a trace was written")
        if problems:
            failures.append("%s: %s: %s" % (" ".join(command), ", ".join(problems), done.stderr.strip()))

    source = write("program.cpp", PROGRAM)
    plain = compile_to("plain", "-g")
    stripped = compile_to("stripped", "-s")
    expect(["--", plain], 0, "KiB", written=True)
    expect(["--", plain, "more"], 7, written=True)
    help_text = subprocess.run([*arguments.tenterhook.split(), "record", "--help"], capture_output=True, text=True)
    if "Usage: tenterhook record [OPTIONS] -- PROGRAM [ARGUMENTS...]\n" not in help_text.stdout:
        failures.append("record --help: no usage line with the program: " + help_text.stdout)
    expect([], 2, "no program is given", "record -- PROGRAM")
    expect(["--", path("missing")], 2, "No such file", "give the program's path")
    expect(["--", "tenterhook-no-such-program"], 2, "not found in PATH")
    expect(["--", folder], 2, "is a folder")
    expect(["--", source], 2, "not executable")
    expect(["--", write("text", "hello\n", 0o755)], 2, "neither an ELF program nor a script")
    expect(["--", write("torn", "\x7fELF\x02\x01\x01", 0o755)], 2, "is no 64-bit program")
    expect(["--", write("script", "#!/bin/sh\nexit 3\n", 0o755)], 3, "is a script", "/bin/sh", written=True)
    expect(["--", write("lost", "#!/no/such/shell\n", 0o755)], 2, "/no/such/shell: No such file")
    expect(["--", compile_to("static", "-static")], 2, "linked statically", "without -static")
    expect(["--", compile_to("asan", "-fsanitize=address")], 2, "AddressSanitizer", "build it without")
    expect(["--", compile_to("tsan", "-fsanitize=thread")], 2, "ThreadSanitizer", "tenterhook validate")
    expect(["--", stripped], 0, "stripped", "inconclusive", written=True)
    expect(["--", compile_to("no-lines")], 0, "no debug information", "build with -g", written=True)
    subprocess.run(["objcopy", "--only-keep-debug", plain, path("linked.debug")], check=True)
    subprocess.run(["strip", "-o", path("linked"), plain], check=True)
    subprocess.run(["objcopy", "--add-gnu-debuglink=" + path("linked.debug"), path("linked")], check=True)
    expect(["-q", "--", path("linked")], 0, written=True)
    if os.geteuid() == 0:
        shutil.copy(plain, path("setuid"))
        os.chown(path("setuid"), 65534, 65534)
        os.chmod(path("setuid"), 0o4755)
        expect(["--", path("setuid")], 2, "is setuid", "LD_PRELOAD")
    expect(["--", plain], 2, "cannot write the trace", "-o", output=path("no/such/folder"))
    expect(["--", plain], 2, "exists and is no trace", output=source, written=True)
    expect(["--", plain], 2, "is no regular file", output=folder)
    os.mkfifo(path("pipe"))  # to open it would wait for a reader
    expect(["--", plain], 2, "is no regular file", output=path("pipe"), written=True)
    expect(["--", plain], 2, "is no regular file", output="/dev/null", written=True)
    expect(["--block-threshold", "soon", "--", plain], 2, "--block-threshold soon", "such as 1ms")
    expect(["--stall-threshold", "-1ms", "--", plain], 2, "--stall-threshold")
    expect(["--", plain], 2, "TENTERHOOK_RECORDER names it", environment={"TENTERHOOK_RECORDER": path("none.so")})
    script = write("dies", "#!/bin/sh\nkill -TERM $$\n", 0o755)
    for program in (plain, stripped, path("no-lines"), path("script"), script):
        done = subprocess.run([*arguments.tenterhook.split(), "record", "-q", "-o", path("out.trace"), "--", program],
                              capture_output=True, text=True, timeout=60)
        if done.stderr or done.stdout:
            failures.append("-q %s: says %s" % (os.path.basename(program), done.stderr + done.stdout))
    # Nobody reads what we say, or it cannot be written: the program runs, and its end is ours.
    tool = " ".join(arguments.tenterhook.split())
    for name, shell, code in (("reader gone", "%s record -q -o %s -- %s more %s 2>&1 | true; exit ${PIPESTATUS[0]}", 7),
                              ("summary to nobody", "%s record -o %s -- %s more %s 2>&1 | true; exit ${PIPESTATUS[0]}", 7),
                              ("full", "%s record -o %s -- %s more %s 2>/dev/full", 7),
                              ("closed", "%s record -o %s -- %s more %s 2>&-", 7)):
        for program in (plain, stripped):
            done = subprocess.run(["bash", "-c", shell % (tool, path("out.trace"), program, "")], stdout=subprocess.DEVNULL, timeout=60)
            if done.returncode != code:
                failures.append("%s, %s: exit code %d, not %d" % (name, os.path.basename(program), done.returncode, code))
    for before, wanted in (("trap '' PIPE;", "1000"), ("", "0000")):
        shell = "%s %s record -q -o %s -- sh -c 'grep SigIgn /proc/self/status'" % (before, tool, path("out.trace"))
        done = subprocess.run(["bash", "-c", shell], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60,
                              restore_signals=True)
        if not done.stdout.strip().endswith(wanted):
            failures.append("SIGPIPE ignored before: '%s' gives %s" % (before, done.stdout.strip()))
    for failure in failures:
        print(failure)
    print("%d failures" % len(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
