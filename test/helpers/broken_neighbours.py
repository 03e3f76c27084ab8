"""broken_neighbours.py TENTERHOOK TASK_H FOLDER: a TU with errors takes nothing from a whole one.

Whole and broken TUs share a header: which of two bodies of one function a linker meets first hangs on their hashes, so the
header has several classes of different bodies, and each way of being broken is tried with the broken TU's name before (-j1)
and behind (-j2) the whole one's, and from stored facts. Every finding of the whole TU must be there, with exit code 3."""
import json
import os
import re
import shutil
import subprocess
import sys

from broken_sources import FLAGS, MUTEX

HEADER = """#pragma once
%(head)s
#include "task.h"
#include <mutex>
task tick();
template <class T> struct slot { T value; T *operator->() { return &value; } };
%(gates)s"""
GATE = """struct gate%(number)d {
  task pass() {
    %(padding)s
    std::unique_lock hold(mutex);
    %(use)s
    co_await tick(); // finding
  }
  std::mutex mutex;
  slot<gate%(number)d *> next;
  %(field)s
};
inline task through(gate%(number)d &g) { co_await g.pass(); }
"""
WAYS = {  # how the broken TU is broken: text before and behind its #include of the shared header
    "missing-header": ('#include "generated.h"\n', ""),
    "missing-in-header": ("", ""),
    "missing-config": ('#define CONFIG 1\n#include "generated.h"\n', ""),
    "error-before": ("nosuch x;\n", ""),
    "error-behind": ("", "int y = nosuch();\n"),
    "broken-macro": ("#define tick 1 +\n", ""),
    "other-macros": ("#define LESS 1\n#error stop\n", ""),
    "recursion": ("template <int N> struct deep : deep<N + 1> {};\ndeep<0> d;\n", ""),
    "same-name": ("", "struct other { int x; };\ninline int helper(int n) { return nosuch(n); }\n"),
    "own-copy": ("", "void sleep_a_little() { nosuch(); }\ntask use(gate0 &g) { nosuch(g); co_await g.pass(); }\n"),
}
PADDINGS = ["", "int a = 1;", "int b = 2; (void)b;", "static int calls = 0; ++calls;"]


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def main():
    tool, task, base = sys.argv[1:]
    wrong = 0
    for way, (before, behind) in WAYS.items():
        parts = {
            "field": "#ifndef LESS\n  int more = 0;\n#endif\n",
            "use": "\n#if defined LESS || defined CONFIG\n    hold.unlock();\n#endif\n",
        }
        gates = [GATE % {**parts, "number": n, "padding": p} for n, p in enumerate(PADDINGS)]
        header = HEADER % {"head": '#if defined BROKEN\n#include "generated.h"\n#endif' if way == "missing-in-header" else "",
                           "gates": "".join(gates)}
        for first in (True, False):
            folder = os.path.join(base, f"{way}-{first}")
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            shutil.copy(task, folder)
            os.makedirs(os.path.join(folder, "std"))
            write(os.path.join(folder, "std", "mutex"), MUTEX)
            write(os.path.join(folder, "shared.h"), header)
            names = {"broken": "a.cpp" if first else "c.cpp", "whole": "b.cpp"}
            write(os.path.join(folder, names["broken"]), "#define BROKEN 1\n" + before + '#include "shared.h"\n' + behind)
            write(os.path.join(folder, names["whole"]), '#include "shared.h"\n' + "".join(
                f"task run(gate{n} &g) {{ co_await through(g); }}\n" for n in range(len(PADDINGS))))
            write(os.path.join(folder, "compile_commands.json"), json.dumps(
                [{"directory": folder, "file": f, "arguments": ["clang++", *FLAGS, "-c", f]} for f in sorted(names.values())]))
            runs = [["-p", folder, "-j1" if first else "-j2"]]
            if first:
                for name in names.values():
                    subprocess.run([tool, "facts", "-p", folder, "-o", os.path.join(folder, name + ".facts"), os.path.join(folder, name)],
                                   capture_output=True, check=False)
                runs.append([os.path.join(folder, n + ".facts") for n in sorted(names.values())])
            for run in runs:
                done = subprocess.run([tool, "check", "--format", "concise", *run], cwd=folder, capture_output=True, text=True, check=False)
                if done.returncode != 3 or len(re.findall(r"shared\.h:\d+:.*lock-across-await", done.stdout)) != len(PADDINGS):
                    wrong += 1
                    print(f"{folder}: {' '.join(run)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
