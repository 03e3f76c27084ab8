"""new_check.py NAME: the three files of a check, to start from. They build and pass as they are: the rule reports each call
of a function named 'example'. Replace what it looks for, then the test and the page."""
import os
import sys

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
name = sys.argv[1]
symbol = name.replace("-", "_")

RULE = """\
// @NAME@: say in one line what happens to the program.
#include "rules/rule.h"

namespace tenterhook::rules {

using namespace facts;

namespace {

void report(const Context &context, analysis::FunctionId in, const Operation &op, std::vector<findings::Finding> &out) {
  findings::Finding f;
  f.rule = "@NAME@";
  f.place = context.place(op.place);
  f.what = call_it(context, in) + " calls '" + callee_name(context, op) + "'.";
  f.instead = "Say what to do.";
  f.confidence = findings::Confidence::likely;
  f.witness.push_back({lane(context, in), 1, f.place, "calls '" + callee_name(context, op) + "'"});
  f.function = context.program().display(in);
  f.identity = callee_name(context, op);
  f.target = context.program().targets[in];
  out.push_back(std::move(f));
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  const analysis::Program &program = context.program();
  for (analysis::FunctionId in = 0; in < program.functions.size(); ++in) {
    if (!context.reportable(in)) continue;
    for (const Operation &op : program.functions[in].ops)
      if (op.kind == OpKind::call && callee_name(context, op) == "example") report(context, in, op, out);
  }
}

} // namespace

extern const Rule @SYMBOL@;
const Rule @SYMBOL@{{"@NAME@", Category::misuse, /*default_on=*/true, World::open, /*cwe=*/0, "@VERSION@",
    "say in one line what is wrong", nullptr},
    run};

} // namespace tenterhook::rules
"""
TEST = """\
// What must be caught, and what must stay silent.
// RUN: %verify %s --checks @NAME@
void example();
void other();

void caught() {
  example(); // finding: @NAME@ likely
}

void silent() {
  other();
}
"""
PAGE = """\
# @NAME@

Say in one line what is wrong.

## What happens

What a run does, and why nobody sees it in a test.

```cpp bad
void example();

void caught() {
  example();
}
```

## What to do instead

What to write in its place.

```cpp good
void other();

void silent() {
  other();
}
```

## What is silent

What looks alike and is right.
"""

with open(os.path.join(root, "CMakeLists.txt"), encoding="utf-8") as stream:
    version = stream.read().split("project(tenterhook VERSION ")[1].split()[0]
files = {f"checks/rules/{name}.cpp": RULE, f"test/checks/{name}/{name}.cpp": TEST, f"docs/checks/{name}.md": PAGE}
for path in files:
    if os.path.exists(os.path.join(root, path)):
        sys.exit(f"./dev: error: {path} is there already; choose another name")
for path, text in files.items():
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as stream:
        stream.write(text.replace("@NAME@", name).replace("@SYMBOL@", symbol).replace("@VERSION@", version))
    print(f"wrote {path}")
print(f"next: ./dev docs && ./dev test 'lit.checks.{name}|docs|arrows'")
