#!/usr/bin/env python3
"""A trace changes nothing about signals. programs/endings.c ends in many ways, programs/dispositions.c prints all that a
process can ask about its signals, scripts of shells and interpreters set theirs: each runs without a trace, recorded, and
linked with the runtime under TENTERHOOK_TRACE; output and wait status have to be the same, with a core where there was one, of
the same signal with the same particulars. And the trace says how it ended.

    signals.py --tenterhook EXE --recorder LIBRARY --build FOLDER --runtime SOURCES --libraries FILE...
"""
import argparse
import concurrent.futures
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading

import trace_reader

HERE = os.path.dirname(os.path.abspath(__file__))
TERM, INT, HUP, USR1, ALRM = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGALRM)

# What programs/endings.c is told, and the signal that is to end it, or None.
ENDINGS = [
    *((("raise", n), n) for n in (*range(1, 17), *range(24, 28), *range(29, 32), 34, 64)),
    *((("raise", n), None) for n in (17, 18, 23, 28)),
    *((("kill", n), n) for n in (INT, TERM, signal.SIGSEGV, signal.SIGKILL)),
    *((("queue", n), n) for n in (HUP, signal.SIGFPE, 40)),
    *((("thread", n), n) for n in (INT, signal.SIGABRT, signal.SIGPIPE)),
    (("two threads",), TERM), (("thread faults",), signal.SIGSEGV), (("null",), signal.SIGSEGV),
    (("overflow",), signal.SIGSEGV), (("overflow in thread",), signal.SIGSEGV),
    (("overflow with handler",), signal.SIGSEGV), (("trap",), signal.SIGTRAP), (("undefined",), signal.SIGILL),
    (("undefined, handled",), signal.SIGILL), (("division",), signal.SIGFPE), (("bus",), signal.SIGBUS),
    (("seccomp trap",), signal.SIGSYS), (("seccomp kill",), signal.SIGSYS), (("sandbox",), TERM),
    (("pipe",), signal.SIGPIPE), (("pipe ignored",), None), (("file size",), signal.SIGXFSZ),
    (("processor time",), signal.SIGXCPU), (("alarm",), ALRM), (("timer", 0), ALRM), (("timer", 1), signal.SIGVTALRM),
    (("timer", 2), signal.SIGPROF), (("abort",), signal.SIGABRT), (("abort in handler",), signal.SIGABRT),
    *(((how, n), n) for how in ("suspend", "ppoll", "unblocked") for n in (INT, USR1)),
    (("blocked fault",), signal.SIGSEGV), (("in handler",), TERM), (("fault in handler",), signal.SIGSEGV),
    (("once",), INT), (("default again",), TERM), (("small stack",), TERM),
    *(((how, n), None) for how in ("forked", "vforked") for n in (TERM, signal.SIGSEGV)),
    *((("stopped", n), None) for n in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN)),
    (("twice",), INT), (("thread executes",), None), (("exit", 3), None), (("_exit", 4), None),
]
# Nobody can tell: SIGKILL, a filter's verdict and a fault while it is blocked leave no time; the kernel and abort() put the
# default back themselves; a few signals are not waited for.
FN_WITHOUT_END = {("raise", 9), ("kill", 9), ("seccomp kill",), ("sandbox",), ("seccomp trap",), ("blocked fault",),
               ("raise", 16), ("raise", 30), ("raise", 34), ("raise", 64), ("queue", 40), ("once",),
               ("abort in handler",), ("overflow with handler",)}
# A thread that left no events has no alternate stack to say more than that it is full.
RECORDED_ONLY = {("overflow in thread",)}

SCRIPTS = {
    "python default": ["python3", "-c", "import signal; print([signal.getsignal(n) for n in range(1, 65) if n not in (32, 33)])"],
    "python interrupt": ["python3", "-c", """
import os, signal, sys, threading, time
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try: time.sleep(20)
except KeyboardInterrupt: print("interrupted"); sys.exit(3)"""],
    "python uncaught interrupt": ["python3", "-c", "import os, signal; os.kill(os.getpid(), signal.SIGINT); input()"],
    "python faulthandler": ["python3", "-X", "faulthandler", "-c", "import ctypes; ctypes.string_at(0)"],
    "python masks": ["python3", "-c", """
import os, signal, subprocess
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
os.kill(os.getpid(), signal.SIGUSR1)
print(signal.sigwait(signal.valid_signals()), signal.sigtimedwait(signal.valid_signals(), 0))
print(subprocess.run(["sh", "-c", "trap; kill -TERM $$; echo alive"], capture_output=True))"""],
    "python children": ["python3", "-c", """
import signal, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for restore in (True, False):
    print(subprocess.run(["sh", "-c", "trap '' USR1; kill -TERM $$; kill -PIPE $$; echo alive"], restore_signals=restore,
                         capture_output=True))"""],
    **{shell + " trap": [shell, "-c", """
trap 'echo int' INT; trap 'echo exit' EXIT; trap '' HUP
kill -INT $$; kill -HUP $$; (kill -INT $$); trap - INT; trap; sh -c 'kill -HUP $$; echo alive'
( kill -INT $(exec sh -c 'echo $PPID'); echo behind ); echo $?
kill -TERM $$; echo behind"""] for shell in ("bash", "dash")},
    "bash pipe": ["bash", "-c", "yes | head -n 2; echo ${PIPESTATUS[@]}; seq 100000 | (read a; echo $a); echo ${PIPESTATUS[@]}"],
    # The signals wait for the exec: before it they would meet a bash that has not put its own dispositions back yet.
    "bash waits": ["bash", "-c", "sleep 20 & until read -r name < /proc/$!/comm && [ $name = sleep ]; do :; done; kill -INT $!; kill $!; wait $!; echo $?; trap 'echo child' CHLD; /bin/true; echo $?"],
    "ignored": ["sh", "-c", "trap '' HUP INT; exec sh -c 'trap \"echo no\" HUP; kill -HUP $$; kill -INT $$; echo alive'"],
    "nohup": ["nohup", "sh", "-c", "kill -HUP $$; echo alive"],
    "timeout": ["timeout", "0.2", "sleep", "20"],
    "env": ["env", "--list-signal-handling", "--ignore-signal=INT", "--default-signal=TERM", "sh", "-c", "kill -INT $$; kill $$"],
    "perl": ["perl", "-e", """$| = 1; $SIG{INT} = sub { print "int\\n" }; kill INT => $$; local $SIG{ALRM} = sub { die "late\\n" };
eval { alarm 1; sleep 20 }; print $@; print system("kill -TERM \\$\\$"), "\\n"; $SIG{TERM} = "DEFAULT"; kill TERM => $$; sleep 5"""],
}


class Way:
    """How a program is run: its environment, its command, and what it writes about itself."""

    def __init__(self, name, arguments):
        self.name, self.arguments = name, arguments

    def command(self, command, trace):
        environment = dict(os.environ)
        if self.name == "recorded":
            # As `record` does it, but without a process between, which has no core.
            command = ["/bin/sh", "-c", 'export LD_PRELOAD="$0" TENTERHOOK_RECORD="3 1000000 2000000 0 2 $$ 0 -1 $1"; shift; exec "$@"',
                       self.arguments.recorder, trace, *command]
        if self.name == "traced":
            command = [command[0] + "-traced", *command[1:]]
            environment["TENTERHOOK_TRACE"] = trace
        return command, environment


def of_core(path):
    """Signal, error number and code in the NT_SIGINFO of a core."""
    data = open(path, "rb").read(1 << 20)
    if len(data) < 4096:
        return "cut off" # by RLIMIT_FSIZE
    header, count = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    for i in range(count):
        kind, _, at, _, _, size = struct.unpack_from("<IIQQQQ", data, header + i * 56)
        end = at + size
        while kind == 4 and at + 12 <= end:
            name, length, note = struct.unpack_from("<III", data, at)
            at += 12 + (name + 3) // 4 * 4
            if note == 0x53494749:
                return struct.unpack_from("<iii", data, at)
            at += (length + 3) // 4 * 4
    return None


def run(way, command, cores):
    """(status, output, core), and the trace's end."""
    folder = tempfile.mkdtemp(dir=way.arguments.build)
    trace = os.path.join(folder, "trace")
    command, environment = way.command(command, trace)

    def limit_core():
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    output = os.path.join(folder, "output")
    with open(output, "wb") as file:
        child = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                 preexec_fn=limit_core if cores else None, start_new_session=True)
        late = threading.Timer(300, child.kill)
        late.start()
        _, status = os.waitpid(child.pid, 0) # as it is, with the core's bit
        late.cancel()
        child.returncode = 0
    written = [entry for entry in os.listdir(folder) if entry.startswith("core")]
    core = of_core(os.path.join(folder, written[0])) if written else None
    text = re.sub(rb"0x[0-9a-f]{8,}", b"ADDRESS", open(output, "rb").read().replace(str(child.pid).encode(), b"PID"))
    end = trace_reader.Trace(trace).end if os.path.exists(trace) and os.path.getsize(trace) else None
    shutil.rmtree(folder)
    return (hex(status), text, core), end


def check(arguments, name, command, ways, dies_by=None, has_end=False):
    problems, cores = [], command[0].startswith("/")
    plain, _ = run(Way("plain", arguments), command, cores)
    if dies_by is not None and int(plain[0], 16) & 127 != dies_by:
        problems.append("%s: the test itself: ends with %s" % (name, plain[0]))
    for way in ways:
        result, end = run(Way(way, arguments), command, cores)
        # What system() does to SIGINT and SIGQUIT, only the recorder sees.
        told, expected = (each[1].replace(b" flags 4000000 mask 0 restorer", b" flags 0 mask 0") if way == "traced" else each[1]
                          for each in (result, plain))
        if (result[0], told, result[2]) != (plain[0], expected, plain[2]):
            problems.append("%s, %s: %s instead of %s" % (name, way, shorten(result, plain), shorten(plain, result)))
        if has_end and dies_by is not None and end != (1, dies_by):
            problems.append("%s, %s: the trace ends with %s" % (name, way, end))
    return problems


def shorten(result, other):
    if len(result[1]) < 1000:
        return result
    mine, others = result[1].splitlines(), other[1].splitlines()
    return result[0], [line for line, there in zip(mine, others) if line != there][:5], result[2]


def build(arguments, name):
    source, program = os.path.join(HERE, "programs", name + ".c"), os.path.join(arguments.build, name)
    subprocess.run(["clang-22", "-O1", "-g", "-Wno-deprecated-declarations", "-c", source, "-o", program + ".o"], check=True)
    subprocess.run(["clang-22", program + ".o", "-o", program, "-pthread"], check=True)
    events = os.path.join(arguments.build, "leaves_events.cpp")
    with open(events, "w") as file:
        file.write('#include "trace/trace.h"\nnamespace { [[gnu::constructor]] void leave() { '
                   'tenterhook::trace::emit_at(tenterhook::trace::Kind::lock, 1, 1); } }\n')
    subprocess.run(["clang++-22", "-std=c++20", events, program + ".o", "-I" + arguments.runtime, "-o",
                    program + "-traced", *arguments.libraries, "-pthread", "-ldl"], check=True)
    return program


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build", "runtime"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--libraries", nargs="+", required=True)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    arguments.build = os.path.abspath(os.path.join(arguments.build, "signals"))
    os.makedirs(arguments.build, exist_ok=True)
    endings, dispositions = build(arguments, "endings"), build(arguments, "dispositions")
    both = ("recorded", "traced")
    cases = [(" ".join(map(str, how)), [endings, *map(str, how)], both[:1] if how in RECORDED_ONLY else both, number,
              how not in FN_WITHOUT_END) for how, number in ENDINGS]
    cases.append(("dispositions", [dispositions], both, 0, False))
    cases += [(name, command, ("recorded",), None, False) for name, command in SCRIPTS.items() if shutil.which(command[0])]
    cases = [case for case in cases if not arguments.only or arguments.only in case[0]]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        problems = sum(pool.map(lambda case: check(arguments, *case), cases), [])
    print("\n".join(problems) or "good")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
