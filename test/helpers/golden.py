"""golden.py TENTERHOOK PROGRAM WORK: what the tool prints about a program is what PROGRAM/expected.txt says.

The same bytes of every format at one and at two workers are asserted on the way. With TENTERHOOK_BLESS=1 the file is
written anew (./dev bless): look at the difference before it is committed."""
import difflib
import glob
import os
import subprocess
import sys

tool, program, work = (os.path.abspath(path) for path in sys.argv[1:4])
flags = ["-std=c++20", "-DASIO_STANDALONE", "-DASIO_HAS_CO_AWAIT", "-DASIO_HAS_STD_COROUTINE"]
database = os.path.join(os.path.dirname(os.path.abspath(__file__)), "database.py")
sources = sorted(glob.glob(os.path.join(program, "*.cpp")))
subprocess.run([sys.executable, database, os.path.join(work, "compile_commands.json"), *sources, "--", *flags], check=True)

formats = ("text", "concise", "json", "sarif")
for jobs in "12":
    outputs = [f"-o={form}={os.path.join(work, f'{form}.{jobs}')}" for form in formats]
    command = [tool, "check", "-p", work, f"-j{jobs}", "--root", program, *[o.replace("-o=", "--output=") for o in outputs]]
    code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    if code not in (0, 1):
        sys.exit(f"golden.py: {' '.join(command)} ended with {code}")


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


for form in formats:
    if read(os.path.join(work, f"{form}.1")) != read(os.path.join(work, f"{form}.2")):
        sys.exit(f"golden.py: {form} differs between -j1 and -j2; compare {work}/{form}.1 and .2")
expected, got = os.path.join(program, "expected.txt"), read(os.path.join(work, "text.1"))
if os.environ.get("TENTERHOOK_BLESS"):
    with open(expected, "w", encoding="utf-8") as stream:
        stream.write(got)
elif read(expected) != got:
    sys.stdout.writelines(difflib.unified_diff(read(expected).splitlines(True), got.splitlines(True), expected, "now"))
    sys.exit("golden.py: the output changed; if that is meant, ./dev bless")
