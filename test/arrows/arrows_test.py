"""Tests of the architecture test: each kind of breach, planted in a tiny tree, is found, and its lawful twin is not."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import arrows  # noqa: E402

BASE = {
    "checks/facts/entity.h": "// Entities.\n",
    "checks/models/models.h": "// Models.\n",
    "checks/program/link.h": '// Link.\n#include "facts/entity.h"\n'
                             '#include "llvm/ADT/StringRef.h"\n',
    "checks/extract/walk.cpp": '// Walk.\n#include "clang/AST/Decl.h"\n#include "facts/entity.h"\n'
                               '#include "places.h"\n',
    "checks/extract/places.h": "// Places.\n",
    "checks/rules/rule.cpp": '// A helper.\n#include "program/link.h"\n',
    "integrations/clang-tidy/module.cpp": "// The plugin.\n#include <clang-tidy/ClangTidyModule.h>\n",
    "runtime/trace/format.h": "// The trace.\n#include <vector>\n",
    "driver/main.cpp": '// Main.\n#include "program/link.h"\n#include "output/text.h"\n',
    "driver/output/text.h": "// Text.\n",
    "driver/trace/read.cpp": '// Reads traces.\n#include "trace/format.h"\n',
    "driver/validate/read.cpp": '// Reads traces.\n#include "trace/format.h"\n',
    "test/unit/some_test.cpp": '// A test.\n#include "program/link.h"\n#include "trace/format.h"\n',
}


class Arrows(unittest.TestCase):
    def breaches(self, changes, git=False):
        with tempfile.TemporaryDirectory() as root:
            for path, content in {**BASE, **changes}.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(content)
            if git:
                subprocess.run(["git", "init", "-q", root], check=True)
            return list(arrows.check_tree(root))

    def one(self, changes, *parts):
        found = self.breaches(changes)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def none(self, changes):
        self.assertEqual(self.breaches(changes), [])

    def test_lawful_tree(self):
        self.none({})

    def test_clang_outside_of_extract(self):
        for path in ("checks/program/a.cpp", "checks/facts/a.h", "driver/a.cpp", "integrations/lsp/a.cpp",
                     "test/unit/a_test.cpp", "runtime/a.h"):
            for include in ('"clang/AST/Decl.h"', "<clang/AST/Decl.h>", "<clang-c/Index.h>", '"clang-tidy/X.h"'):
                self.one({path: f"// A.\n#include {include}\n"}, f"{path}:2: includes clang", "may include Clang")

    def test_indented_include(self):
        self.one({"checks/facts/a.h": "// A.\n#if 1\n  #  include <clang/AST/Decl.h>\n#endif\n"}, "a.h:3:")

    def test_each_forbidden_arrow(self):
        headers = {"facts": "checks/facts/x.h", "findings": "checks/findings/x.h", "models": "checks/models/x.h",
                   "extract": "checks/extract/x.h", "program": "checks/program/x.h", "rules": "checks/rules/x.h",
                   "engine": "checks/engine/x.h", "driver": "driver/x.h", "runtime": "runtime/x.h"}
        lawful = {("findings", "facts"), ("extract", "facts"), ("program", "facts"),
                  ("rules", "program"), ("rules", "findings"), ("rules", "facts"),
                  ("engine", "facts"), ("engine", "findings"), ("engine", "models"), ("engine", "program"),
                  ("engine", "rules")} | {("driver", room) for room in headers if room not in ("driver", "runtime")}
        tree = {path: "// X.\n" for path in headers.values()}
        for includer, path in headers.items():
            for included in headers:
                user = os.path.join(os.path.dirname(path), "user.h")
                change = {**tree, user: f'// U.\n#include "{included}/x.h"\n'}
                if included == includer or (includer, included) in lawful:
                    self.none(change)
                else:
                    self.one(change, f"{user}:2: includes {included}/x.h of {included}; {includer} may include")

    def test_relative_path_into_another_room(self):
        self.one({"checks/facts/a.h": '// A.\n#include "../models/models.h"\n'},
                 "of models; facts may include no other")

    def test_tables_that_differ(self):
        table = "docs/design/architecture.md"
        cmake = "# Rooms.\n"
        self.none({table: "| `checks/program` | x | facts |\n| `driver/timeline` | x | trace |\n"})
        self.one({table: "# D\n| `checks/program` | x | facts, models |\n"}, table + ":2: program and models", "differ")
        self.one({table: "| `checks/program` | x | nothing |\n"}, "program and facts")
        self.none({"checks/CMakeLists.txt": cmake + "tenterhook_room(program ${here}/program SEES facts)\n"})
        self.one({"checks/CMakeLists.txt": cmake + "tenterhook_room(program ${here}/program SEES facts rules)\n"},
                 "checks/CMakeLists.txt:2: program sees rules")

    def test_header_found_without_its_room(self):
        self.one({"driver/other.cpp": '// O.\n#include "trace/format.h"\n'}, "of runtime; driver may include")
        self.one({"driver/validate/other.cpp": '// O.\n#include "runtime/task.h"\n', "runtime/task.h": "// T.\n"},
                 "of runtime")

    def test_own_file_wins_over_one_of_the_same_name(self):
        self.none({"driver/link.h": "// L.\n", "driver/a.cpp": '// A.\n#include "link.h"\n'})
        self.one({"checks/facts/a.h": '// A.\n#include "link.h"\n'}, "of program")

    def test_standard_header_of_the_same_name(self):
        self.none({"checks/program/queue.h": "// Q.\n", "checks/facts/a.h": "// A.\n#include <queue.h>\n"})

    def test_runtime_without_llvm(self):
        self.one({"runtime/a.h": '// A.\n#include "llvm/ADT/StringRef.h"\n'}, "without LLVM")

    def test_unknown_room(self):
        self.one({"checks/magic/a.h": '// A.\n#include "facts/entity.h"\n'}, "'magic', which has no arrows")

    def test_length(self):
        self.none({"checks/facts/a.h": "// A.\n" * 500})
        self.one({"checks/facts/a.h": "// A.\n" * 501}, "a.h:501: has 501 lines")
        self.one({"test/helpers/a.py": "# A.\n" * 501}, "a.py:501: has 501 lines")

    def test_opening_comment(self):
        shebang = "#!/usr/bin/env python3\n"
        for path, good, bad in (("driver/a.cpp", "\n// A.\n", "#include <map>\n"),
                                ("driver/b.h", "/* B. */\n", "int b;\n"),
                                ("driver/c.cpp", "// C.\n", ""),
                                ("test/a.py", shebang + '"""A."""\n', shebang + "import os\n"),
                                ("test/a.mjs", "// A.\n", "import 'fs';\n"),
                                ("CMakeLists.txt", "# A.\n", "project(a)\n"),
                                ("checks/models/data/a.yaml", "# A.\n", "a: 1\n")):
            self.none({path: good})
            self.one({path: bad}, f"{path}:1: does not open with a comment")

    def test_a_check_is_three_files(self):
        rule = {"checks/rules/some-check.cpp": "// A check.\n"}
        page, test = {"docs/checks/some-check.md": "text\n"}, {"test/checks/some-check/a.cpp": "// RUN: x\n"}
        self.none({**rule, **page, **test})
        self.one({**rule, **test}, "some-check.cpp:1: has no page; write docs/checks/some-check.md")
        self.one({**rule, **page}, "some-check.cpp:1: has no tests; write test/checks/some-check/")
        self.one({**rule, **page, "test/checks/some-check-too/a.cpp": "// RUN: x\n"}, "has no tests")
        self.one({"checks/rules/Helper2.cpp": "// H.\n"}, "'Helper2' is not a check's name")

    def test_git_ignored_files_do_not_count(self):
        changes = {".gitignore": "/out/\n", "out/a.cpp": "int a;\n", "driver/new.cpp": "int b;\n"}
        self.assertEqual(self.breaches(changes, git=True),
                         ["driver/new.cpp:1: does not open with a comment; say its purpose and invariants there"])

    def test_exit_codes(self):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "arrows.py")
        with tempfile.TemporaryDirectory() as root:
            def run():
                return subprocess.run([sys.executable, program, root], capture_output=True, text=True)
            self.assertEqual(run().returncode, 2)
            os.makedirs(os.path.join(root, "checks", "facts"))
            self.assertEqual(run().returncode, 0)
            with open(os.path.join(root, "checks", "facts", "a.h"), "w", encoding="utf-8") as file:
                file.write("int a;\n")
            result = run()
            self.assertEqual(result.returncode, 1)
            self.assertIn("checks/facts/a.h:1:", result.stdout)


if __name__ == "__main__":
    unittest.main()
