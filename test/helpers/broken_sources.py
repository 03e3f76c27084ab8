"""broken_sources.py write FOLDER: sources with errors of many kinds, each beside one finding in code without errors, and
their compilation database; FOLDER's task.h is the caller's. <mutex> is a small one, for the tests' speed.
broken_sources.py verify FOLDER OUTPUT [fatal]: whether OUTPUT (concise, or clang-tidy's) has that finding for each and no
other; with `fatal` none behind an #include that fails, after which Clang instantiates nothing.
broken_sources.py messages FOLDER CLANG JSON: whether the troubles of JSON are the first error that CLANG has of each."""
import json
import os
import re
import subprocess
import sys

# What stands behind the good code. A co_await in them is under a lock that the broken part may have unlocked: to report it
# would be a false alarm.
LOCKED = "task %s() {\n  std::unique_lock held(mutex);\n  %s\n  co_await tick();\n}\n"
BODIES = {  # within a coroutine
    "dropped-statement": "held.unlock(;",
    "unknown-call": "nosuch(held);",
    "unknown-member": "held.nosuch();",
    "argument": "held.unlock(nosuch);",
    "macro": "UNLOCK(held);",
    "error-directive": "\n#error stop\n held.unlock();",
    "missing-include": '\n#include "not/there.inc"\n',
    "lambda-capture": "auto f = [&held, x = nosuch()] { held.unlock(); }; f();",
    "lambda-unknown": "auto f = [&held, nosuch] { held.unlock(); }; f();",
    "lambda-body": "auto f = [&held] { held.unlock(nosuch); }; f();",
    "generic-lambda": "auto f = [&](auto x) { x.unlock(); nosuch(); }; f(held);",
    "designated": "struct p { int a, b; }; p q{.a = nosuch(), .c = 1}; if (q.a) held.unlock();",
    "initialiser": "int x = nosuch; if (x) held.unlock();",
    "binding": "auto [a, b] = nosuch(); held.unlock();",
    "range-for": "for (auto &x : nosuch.parts) x.unlock(held);",
    "range-for-int": "for (int x : 3) held.unlock();",
    "condition": "if (nosuch()) held.unlock();",
    "switch": "switch (nosuch) { case 1: held.unlock(); }",
    "case": "switch (1) { case nosuch: held.unlock(); }",
    "handler": "try { held.unlock(); } catch (nosuch &) { }",
    "goto": "goto nosuch; held.unlock();",
    "constexpr-if": "if constexpr (nosuch) held.unlock();",
    "incomplete": "incomplete *p; p->unlock(held);",
    "await-unknown": "co_await nosuch(); held.unlock();",
    "await-incomplete": "co_await *(incomplete *)nullptr; held.unlock();",
    "await-int": "co_await 3; held.unlock();",
    "yield": "co_yield nosuch(); held.unlock();",
    "type": "nosuch::type x(held);",
    "template-argument": "std::unique_lock<nosuch> x(std::move(held));",
    "new": "auto p = new nosuch(held);",
    "statement-expression": "int x = ({ held.unlock(); nosuch; });",
    "unbalanced-parenthesis": "held.unlock(",
    "unbalanced-brace": "{ held.unlock(); nosuch;",
    "nested-function": "void inner() { held.unlock(); }",
    "requires": "if (requires { nosuch(held); }) { } nosuch();",
    "too-deep": "int x = " + "(" * 300 + "1" + ")" * 300 + "; held.unlock();",
}
TEXTS = {  # of their own
    "member-initialiser": "struct G { G() : m(nosuch()) {} int *m; };\n",
    "member-initialiser-unknown": "struct G { G() : nosuch(1), m(0) {} int *m; };\n",
    "member-initialiser-class": "struct G { G() : m(nosuch()) {} std::unique_lock<std::mutex> m; };\nG g;\n",
    "default-member-initialiser": "struct G { int *m = nosuch(); int n{m}; };\nG g; struct H : G { H() {} };\nH h;\n",
    "base-initialiser": "struct G : incomplete { G() : incomplete(nosuch()) {} };\nG g;\n",
    "delegating": "struct G { G() : G(nosuch()) {} G(int) {} };\n",
    "reference-member": "struct G { G() : m(nosuch) {} int &m; };\n",
    "array-member": "struct G { G() : m{1, nosuch, 3} {} int m[3]; };\n",
    "template-initialiser": "template <class T> struct G { G() : m(nosuch(T())) {} T m; };\nG<int> g;\n",
    "field-type": "struct G { nosuch m; int n; void f() { n = m; } };\nvoid f(G &g) { g.f(); g.n = 1; }\n",
    "incomplete-member": "struct G { ~G() {} incomplete later; };\nvoid f(G &g) { g.~G(); }\n",
    "incomplete-member-outside": "struct G { ~G(); int n; incomplete later[3]; };\nG::~G() { n = 1; }\n",
    "incomplete-member-virtual": "struct G { virtual ~G() = default; incomplete later; };\nvoid f() { G g; }\n",
    "incomplete-member-union": "union G { ~G() {} incomplete later; int n; };\nvoid f() { G g; }\n",
    "incomplete-member-anonymous": "struct G { ~G() {} struct { incomplete later; }; };\nvoid f() { G g; }\n",
    "incomplete-member-template": "template <class T> struct G { ~G() {} T later; };\nvoid f() { G<incomplete> g; }\n",
    "incomplete-member-inner": "struct G { struct H { incomplete later; } h; ~G() {} };\nG g;\nvoid f() { G::H h; }\n",
    "incomplete-member-later": "struct G { ~G() {} incomplete later; };\nstruct H { G g; ~H() {} };\nvoid f() { H h; }\n",
    "incomplete-base-ended": "struct G : incomplete { ~G() {} };\nvoid f() { G g; }\n",
    "default-argument": "int f(int x = nosuch());\nint g() { return f(); }\n",
    "parameter-type": "int f(nosuch x, int y) { return y; }\nint g() { return f(1, 2); }\n",
    "return-type": "nosuch f() { return 1; }\nint g() { f(); return 2; }\n",
    "deduced-return": "auto f() { return nosuch(); }\nint g() { f(); return 2; }\n",
    "no-promise": "struct none {};\nnone f() { co_await tick(); }\n",
    "broken-promise": "struct bad { struct promise_type { nosuch get_return_object(); int initial_suspend(); }; };\n"
                      "bad f() { co_await tick(); co_return; }\n",
    "throwing-final-suspend": "struct bad { struct promise_type { bad get_return_object(); std::suspend_always initial_suspend();"
                              " std::suspend_always final_suspend(); void return_void(); }; };\nbad f() { co_await tick(); }\n",
    "broken-awaiter": "struct half { bool await_ready(); nosuch await_suspend(int); void await_resume(); };\n"
                      "task f() { co_await half(); }\n",
    "broken-operator": "nosuch operator co_await(incomplete);\nstruct x {};\nauto operator co_await(x) { return nosuch(); }\n"
                       "task f() { co_await x(); }\n",
    "concept": "template <class T> concept C = requires(T t) { nosuch(t) };\ntemplate <C T> int f(T t) { return t; }\nint g = f(1);\n",
    "constraint": "template <class T> requires nosuch<T> int f(T t) { return t; }\nint g = f(1);\n",
    "global-initialiser": "int g = nosuch();\nauto h = [] { return nosuch(); };\nauto i = [x = nosuch()] { return x; }();\n",
    "override": "struct A { virtual int f(nosuch); };\nstruct B : A { int f(int) override { return 1; } };\n",
    "virtual-base": "struct A : virtual nosuch { ~A() = default; };\nA *make() { return new A; }\nvoid drop(A *a) { delete a; }\n",
    "using": "struct A : incomplete { using incomplete::incomplete; };\nA a(1);\n",
    "recursion": "template <int N> struct deep : deep<N + 1> {};\ndeep<0> d;\nvoid after() { tick(); }\n",
    "member-of-template": "template <class T> struct parts { T *begin(); T *end(); };\ntemplate <class T> struct whole { parts<T> of;\n"
                          "  int sum() { int s = 0; for (auto &p : of) s += p; return s; } };\n"
                          "deep_error<0> x;\nint f(whole<int> &w) { int s = 0; for (auto &p : w.of) s += p; return s + w.sum(); }\n",
    "unterminated-comment": "int before;\n/* no end",
    "unterminated-string": 'const char *s = "no end;\nint f() { return 1; }\n',
    "unterminated-raw": 'const char *s = R"(no end;\n',
    "unterminated-macro": "#define M(x) x\nint f() { return M(1; }\n",
    "unterminated-if": "#if 1\nint f() { return 1; }\n",
    "stray-endif": "#endif\nint f() { return 1; }\n",
    "extra-brace": "}\nint f() { return 1; }\n",
    "open-namespace": "namespace n {\nint f() { return 1; }\n",
    "open-class": "struct A { int f() { return 1; }\nint g() { return 2; }\n",
    "include-last": "#include <not/there.h>\n",
    "recursive-include": '#include __FILE__\n',
    "many-errors": "".join(f"int g{i} = nosuch{i}();\n" for i in range(300)),
}
FIRST = {  # before everything
    "include-first": '#include "not/there.h"\n',
    "error-first": "#error configure first\n",
    "include-and-template": '#include "not/there.h"\ntemplate <class T> struct parts { T *begin(); T *end(); };\n'
                            "template <class T> struct whole { parts<T> of; int sum() { int s = 0; for (auto &p : of) s += p; return s; } };\n"
                            "inline int f(whole<int> &w) { int s = 0; for (auto &p : w.of) s += p; return s + w.sum(); }\n",
}
GOOD = '#include "task.h"\n#include <mutex>\nstatic std::mutex mutex;\nstruct incomplete;\ntask tick();\ntask hang() {\n' \
       "  std::lock_guard held(mutex);\n  co_await tick(); // here\n}\n"


FLAGS = ["-std=c++20", "-isystem", "std", "-fbracket-depth=256"]
MUTEX = """#pragma once
namespace std {
struct mutex { void lock(); void unlock(); };
template <class M> struct lock_guard { explicit lock_guard(M &m) : m(m) { m.lock(); } ~lock_guard() { m.unlock(); } M &m; };
template <class M> struct unique_lock {
  unique_lock();
  explicit unique_lock(M &m);
  unique_lock(unique_lock &&);
  ~unique_lock();
  void lock();
  void unlock();
};
template <class T> T &&move(T &t);
}
"""


def files():
    for name, body in BODIES.items():
        yield name + ".cpp", GOOD + LOCKED % ("broken", body)
    for name, text in TEXTS.items():
        yield name + ".cpp", GOOD + text
    for name, text in FIRST.items():
        yield name + ".cpp", text + GOOD
    yield "template-body.cpp", GOOD + "template <class T> " + LOCKED % ("broken", "T x = nosuch(held);") + "task other() { co_await broken<int>(); }\n"
    yield "local-class.cpp", GOOD + LOCKED % ("broken", "struct l { task f() { std::unique_lock h(mutex); co_await tick(); } nosuch m; };")


def write(folder):
    entries = []
    os.makedirs(os.path.join(folder, "std"), exist_ok=True)
    with open(os.path.join(folder, "std", "mutex"), "w", encoding="utf-8") as out:
        out.write(MUTEX)
    for name, text in files():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
        entries.append({"directory": folder, "file": name, "arguments": ["clang++", *FLAGS, "-c", name]})
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump(entries, out)


def verify(folder, output, mode=""):
    with open(output, encoding="utf-8", errors="replace") as stream:
        found = re.findall(r"^(?:.*/)?([\w-]+\.cpp):(\d+):\d+: warning: .*tenterhook-([\w-]+)", stream.read(), re.M)
    for name, text in files():
        wanted = text[: text.index("// here")].count("\n") + 1
        lines = sorted(int(line) for file, line, _ in found if file == name)
        lost = mode == "fatal" and text.startswith("#include") and not text.startswith(GOOD)
        if lines != ([] if lost else [wanted]):
            yield f"{name}: findings in lines {lines}, not in {wanted} alone"


def messages(folder, clang, report):
    with open(report, encoding="utf-8") as stream:
        troubles = {os.path.basename(t["file"]): t for t in json.load(stream)["troubles"]}
    for name, _ in files():
        done = subprocess.run([clang, *FLAGS, "-w", "-fsyntax-only", name], cwd=folder, capture_output=True, text=True, check=False)
        first = re.search(r"error: (.*)", done.stderr)
        said = first[1] if first else f"exit code {done.returncode}"
        trouble = troubles.get(name, {"kind": "none", "message": ""})
        if trouble["kind"] != "parse-error" or not trouble["message"].startswith(said):
            yield f"{name}: Clang says '{said}', we {trouble}"


if __name__ == "__main__":
    command, base = sys.argv[1], os.path.abspath(sys.argv[2])
    wrong = list(write(base) or []) if command == "write" else list(globals()[command](base, *sys.argv[3:]))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
