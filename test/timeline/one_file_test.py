#!/usr/bin/env python3
"""One process, one file: with a recorder preloaded, what the program's own copy of the writer records stands in its file.
one_file_test.py trace-places CXX SOURCE_DIR LIBRARY RECORDER OUT"""
import os
import subprocess
import sys

tool, cxx, source, library, recorder, out = sys.argv[1:]
os.makedirs(out, exist_ok=True)
for name in os.listdir(out):
    os.remove(os.path.join(out, name))
program, recorded, own = (os.path.join(out, name) for name in ("program", "recorded.trace", "own.trace"))
subprocess.run([cxx, "-std=c++20", "-g", "-O1", "-I" + os.path.join(source, "runtime"), "-DBUILD=2",
                os.path.join(source, "test/timeline/traced_program.cpp"), library, "-o", program, "-pthread", "-ldl"], check=True)
# TENTERHOOK_TRACE is set as well: the recorder's file wins.
subprocess.run([program], check=True,
               env={**os.environ, "LD_PRELOAD": recorder, "TEST_RECORD": recorded, "TENTERHOOK_TRACE": own})
assert not os.path.exists(own), "the program's copy opened a file of its own"
assert sorted(os.listdir(out)) == ["program", "recorded.trace"], os.listdir(out)
with open(recorded, "rb") as file:
    header = file.read(56)
assert header[16:20] == b"\2\0\0\0", "the producer is the recorder"
lines = subprocess.run([tool, recorded], check=True, capture_output=True, text=True).stdout.splitlines()
kinds = [line.split()[0] for line in lines if line and line[0] not in " s" and not line.startswith("note")]
assert kinds == ["lock", "task-new", "block"], lines
stack = lines[lines.index("stack") + 1:]
assert "traced_program.cpp:10 app::inlined_into()" in stack[0], lines  # the stack was taken by the recorder's copy
