"""broken_neighbours.py TENTERHOOK TASK_H FOLDER: a TU with errors takes nothing from a whole one.

Whole and broken TUs share a header in many variants: which of two bodies of one function a linker meets first hangs on
their hashes, so each way of being broken is tried with several headers, with the broken TU's name before and behind the
whole one's, at -j1 and -j2, and from stored facts. The finding of the whole TU must be there each time, with exit code 3."""
import json
import os
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
struct gate {
  task pass() {
    %(padding)s
    std::unique_lock hold(mutex);
    %(use)s
    co_await tick(); // finding
  }
  std::mutex mutex;
  slot<gate *> next;
  %(field)s
};
inline task through(gate &g) { co_await g.pass(); }
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
    "own-copy": ("", "void sleep_a_little() { nosuch(); }\ntask use(gate &g) { nosuch(g); co_await g.pass(); }\n"),
}
PADDINGS = ["", "int a = 1;", "int b = 2; (void)b;", "static int calls = 0; ++calls;"]


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def main():
    tool, task, base = sys.argv[1:]
    wrong = 0
    for number, (way, (before, behind)) in enumerate((w, WAYS[w]) for w in WAYS for _ in PADDINGS):
        padding = PADDINGS[number % len(PADDINGS)]
        parts = {
            "head": '#if defined BROKEN\n#include "generated.h"\n#endif' if way == "missing-in-header" else "",
            "padding": padding,
            "field": "#ifndef LESS\n  int more = 0;\n#endif\n",
            "use": "\n#if defined LESS || defined CONFIG\n    hold.unlock();\n#endif\n",
        }
        for first in (True, False):
            folder = os.path.join(base, f"{way}-{number}-{first}")
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            shutil.copy(task, folder)
            os.makedirs(os.path.join(folder, "std"))
            write(os.path.join(folder, "std", "mutex"), MUTEX)
            write(os.path.join(folder, "shared.h"), HEADER % parts)
            names = {"broken": "a.cpp" if first else "c.cpp", "whole": "b.cpp"}
            write(os.path.join(folder, names["broken"]), "#define BROKEN 1\n" + before + '#include "shared.h"\n' + behind)
            write(os.path.join(folder, names["whole"]), '#include "shared.h"\ntask run(gate &g) { co_await through(g); }\n')
            write(os.path.join(folder, "compile_commands.json"), json.dumps(
                [{"directory": folder, "file": f, "arguments": ["clang++", *FLAGS, "-c", f]} for f in sorted(names.values())]))
            runs = [["-p", folder, "-j1" if number % 2 else "-j2"]]
            if number % len(PADDINGS) == 0:
                for name in names.values():
                    subprocess.run([tool, "facts", "-p", folder, "-o", os.path.join(folder, name + ".facts"), os.path.join(folder, name)],
                                   capture_output=True, check=False)
                runs.append([os.path.join(folder, n + ".facts") for n in sorted(names.values())])
            for run in runs:
                done = subprocess.run([tool, "check", "--format", "concise", *run], cwd=folder, capture_output=True, text=True, check=False)
                if done.returncode != 3 or "shared.h" not in done.stdout or "lock-across-await" not in done.stdout:
                    wrong += 1
                    print(f"{folder}: {' '.join(run)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return 1 if wrong else 0


sys.exit(main())
