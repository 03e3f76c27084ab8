# lit for every text-level test: command line, facts, checks, plugin.
#
# Substitutions: %tenterhook, %plugin (the clang-tidy library), %clang-tidy, %clangxx, %source (the checkout),
# %exits N COMMAND (passes if COMMAND exits with exactly N; its output goes through),
# %database OUT FILE… -- FLAGS (writes a compilation database), %verify FILE… -- FLAGS (findings stand where `// finding:`
# comments say). FileCheck, not and split-file are on the PATH.
import os
import sys

import lit.formats

build = lit_config.params["build"]
source = lit_config.params["source"]
llvm = lit_config.params.get("llvm", "/usr/lib/llvm-22")

config.name = "tenterhook"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cpp", ".c", ".test"]
config.excludes = ["Inputs", "programs", "unit", "bench", "fuzz", "node_modules"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(build, "lit")
config.environment["PATH"] = os.path.pathsep.join([os.path.join(llvm, "bin"), config.environment["PATH"]])
config.environment["LC_ALL"] = "C.UTF-8"
for name in ("NO_COLOR", "CLICOLOR_FORCE", "TERM"):
    config.environment.pop(name, None)

helpers = os.path.join(source, "test", "helpers")
plugin = os.path.join(build, "lib", "libtenterhook_tidy.so")
config.substitutions += [
    ("%tenterhook", os.path.join(build, "bin", "tenterhook")),
    ("%plugin", plugin),
    ("%clang-tidy", os.path.join(llvm, "bin", "clang-tidy")),
    ("%clangxx", os.path.join(llvm, "bin", "clang++")),
    ("%llvm", llvm),
    ("%old-clang-tidy", "/usr/bin/clang-tidy-14"),
    ("%source", source),
    ("%build", build),
    ("%exits", f"{sys.executable} {helpers}/exits.py"),
    ("%database", f"{sys.executable} {helpers}/database.py"),
    ("%verify", f"{sys.executable} {helpers}/verify.py {os.path.join(build, 'bin', 'tenterhook')}"),
    ("%python", sys.executable),
]
if os.path.exists(plugin):
    config.available_features.add("plugin")
if os.path.exists("/usr/bin/clang-tidy-14"):
    config.available_features.add("old-clang-tidy")
if os.path.exists("/usr/include/asio.hpp"):
    config.available_features.add("asio")
if os.path.exists("/usr/include/boost/asio.hpp"):
    config.available_features.add("boost-asio")
