#!/usr/bin/env python3
"""Places of a real trace: with debug information, behind a .gnu_debuglink, stripped, of another build, without build-id, gone.
symbols_test.py trace-places CXX SOURCE_DIR LIBRARY OUT"""
import os
import shutil
import subprocess
import sys

tool, cxx, source, library, out = sys.argv[1:]
os.makedirs(out, exist_ok=True)


def build(name, *flags):
    path = os.path.join(out, name)
    subprocess.run([cxx, "-std=c++20", "-g", "-O1", "-fno-omit-frame-pointer", "-I" + os.path.join(source, "runtime"),
                    os.path.join(source, "test/timeline/traced_program.cpp"), library, "-o", path, "-pthread", "-ldl",
                    *(["-DBUILD=2"] if not any("BUILD" in f for f in flags) else []), *flags], check=True)
    return path


def run(program, trace):
    path = os.path.join(out, trace)
    if os.path.exists(path):
        os.remove(path)
    subprocess.run([program], check=True, env={**os.environ, "TENTERHOOK_TRACE": path})
    return path


def places(trace):
    return subprocess.run([tool, trace], check=True, capture_output=True, text=True).stdout.splitlines()


def expect(condition, what, lines):
    if not condition:
        print(what, *lines, sep="\n")
        sys.exit(1)


def expect_lines(lines, trust):
    at = lines.index("block " + trust) if "block " + trust in lines else -1
    expect(at >= 0, f"a block, {trust}", lines)
    expect("traced_program.cpp:14 app::inlined_into() (inlined)" in lines[at + 1], "the innermost inlined frame", lines)
    expect("traced_program.cpp:21 app::outer(int)" in lines[at + 2], "the frame it is inlined into", lines)
    stack = lines[lines.index("stack") + 1:]
    expect("traced_program.cpp:10 app::inlined_into() (inlined)" in stack[0], "the stack begins at the caller of stack()", lines)
    outer = [line for line in stack if "traced_program.cpp:21 app::outer(int)" in line]
    expect(len(outer) == 3, "three frames of outer", lines)
    expect(any("traced_program.cpp:30 main" in line for line in stack), "main", lines)
    expect("task-new exact" in lines and "  traced_program.cpp:29 int main()" in lines, "a place that the program knows", lines)


program = build("program", "-Wl,--build-id")
trace = run(program, "program.trace")
lines = places(trace)
expect_lines(lines, "exact")
expect(not any(line.startswith("note") for line in lines), "nothing amiss", lines)

# Another build in its place: told all the same, but marked.
original = os.path.join(out, "original")
shutil.copy(program, original)
shutil.copy(build("other", "-Wl,--build-id", "-DBUILD=3"), program)
lines = places(trace)
expect("block other-build" in lines, "marked as another build", lines)
expect(any("is another build than the one that ran (build-id" in line for line in lines), "a note about it", lines)

os.remove(program)
lines = places(trace)
expect("block nothing" in lines and any("is not on this disk any more" in line for line in lines), "gone", lines)
shutil.copy(original, program)

# Stripped, and then with the link to its symbols.
objcopy = shutil.which("objcopy")
subprocess.run([objcopy, "--strip-all", original, program], check=True)
lines = places(trace)
expect("block no-debug-info" in lines and any("has no debug information" in line for line in lines), "stripped", lines)
subprocess.run([objcopy, "--only-keep-debug", original, program + ".debug"], check=True)
subprocess.run([objcopy, "--strip-all", "--add-gnu-debuglink=" + program + ".debug", original, program], check=True)
expect_lines(places(trace), "exact")

lines = places(run(build("anonymous", "-Wl,--build-id=none"), "anonymous.trace"))
expect_lines(lines, "unchecked")
expect(any("has no build-id" in line for line in lines), "a note about it", lines)
