#!/usr/bin/env python3
"""Every function that the recorder interposes is interposed by each name that programs reach it by: what <stdio.h> and
-D_FORTIFY_SOURCE, -D_FILE_OFFSET_BITS=64 and older headers turn a call into. A variant that is missing is a call that nobody
counts, of which `tenterhook validate` would say that the run did not get there.

    names.py --recorder LIBRARY
"""
import argparse
import re
import subprocess
import sys

# C11's functions for what pthread has, and what later kernels added to a call.
TWINS = {"pthread_mutex_lock": "mtx_lock", "pthread_mutex_trylock": "mtx_trylock", "pthread_mutex_timedlock": "mtx_timedlock",
         "pthread_mutex_unlock": "mtx_unlock", "pthread_cond_wait": "cnd_wait", "pthread_cond_timedwait": "cnd_timedwait",
         "pthread_join": "thrd_join", "nanosleep": "thrd_sleep", "preadv": "preadv2", "pwritev": "pwritev2",
         "epoll_pwait": "epoll_pwait2", "accept": "accept4", "dup2": "dup3", "recvmsg": "recvmmsg", "sendmsg": "sendmmsg",
         "renameat": "renameat2", "splice": "tee", "getdelim": "__getdelim", "getc": "__uflow", "putc": "__overflow",
         "execve": "execveat"}


def exported(library):
    text = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in text.splitlines() if re.search(r" [TWi] ", line)}


def variants(name):
    yield from (name + "64", "__%s_chk" % name, "__%s64_chk" % name, "__%s_2" % name, "__%s64_2" % name, name + "_unlocked",
                "__%s_unlocked_chk" % name, "__isoc99_" + name, "__isoc23_" + name, name + "64v2")
    if name in TWINS:
        yield TWINS[name]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--recorder", required=True)
    recorder = arguments.parse_args().recorder
    loaded = subprocess.run(["ldd", recorder], capture_output=True, text=True, check=True).stdout
    libc = exported(re.search(r"libc\.so\.6 => (\S+)", loaded)[1])
    hooked = exported(recorder)
    missing = sorted({variant for name in hooked for variant in variants(name)
                      if variant in libc and variant not in hooked})
    for name in missing:
        print("names.py: libc has %s, which the recorder does not interpose" % name)
    if len(hooked) < 200:
        print("names.py: only %d functions are interposed" % len(hooked))
        missing.append("")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
