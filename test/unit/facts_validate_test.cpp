// validate(): each way to break a summary is found and named.
#include "facts/codec.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <gtest/gtest.h>

namespace tenterhook::facts {
namespace {

// int g; void f(int p) { int x; call h(p); call h(%0); }   and a lambda in f that captures x.
TUSummary sample() {
  TUSummary s;
  s.main_file = "/src/a.cpp";
  s.strings = {"", "f", "g", "h", "p", "x", "/src/a.cpp"};
  s.files = {6};
  s.entities.resize(4); // f, g, h, lambda
  for (EntityId e = 0; e < 3; ++e)
    s.entities[e].qualified = e + 1;
  s.entities[1].kind = EntityKind::variable;
  s.types.resize(1);
  Function f;
  f.entity = 0;
  f.parameter_count = 1;
  f.locals.resize(2);
  f.locals[0] = {4, 0, {6, 1, 1, 1, 2}, true, false, {}};
  f.locals[1] = {5, 0, {6, 2, 1, 2, 2}, false, false, {}};
  f.ops.resize(2);
  for (Operation &op : f.ops) {
    op.callee = 2;
    op.place = {6, 3, 1, 3, 9};
  }
  f.ops[0].args.resize(1);
  f.ops[0].args[0] = {OperandKind::path, {RootKind::local, 0, {}, false}, 0, 0, none, none, none, false, false};
  f.ops[0].use = {UseKind::argument, {}, 1};
  f.ops[1].args.resize(1);
  f.ops[1].args[0] = {OperandKind::result, {}, 0, 0, 0, none, none, false, false};
  f.blocks.resize(3);
  f.blocks[0].succs = {2};
  f.blocks[2] = {0, 2, {}, false, {1, none}};
  s.functions.push_back(f);
  Function lambda;
  lambda.entity = 3;
  lambda.enclosing = 0;
  lambda.blocks.resize(2);
  lambda.captures.resize(1);
  lambda.captures[0].source.path = {RootKind::local, 1, {}, false};
  s.functions.push_back(lambda);
  return s;
}

std::string broken(const std::function<void(TUSummary &)> &change) {
  TUSummary s = sample();
  change(s);
  return llvm::toString(validate(s));
}
std::string at(const std::string &what) { return "facts of /src/a.cpp: " + what; }

TEST(Validate, TheSampleIsValid) {
  EXPECT_EQ(broken([](TUSummary &) {}), "");
}

TEST(Validate, Ranges) {
  EXPECT_EQ(broken([](TUSummary &s) { s.files = {7}; }), at("files[0]: 7 is not below 7"));
  EXPECT_EQ(broken([](TUSummary &s) { s.files = {none}; }), at("files[0]: 4294967295 is not below 7"));
  EXPECT_EQ(broken([](TUSummary &s) { s.entities[1].place.file = 9; }), at("entities[1].place.file: 9 is not below 7"));
  EXPECT_EQ(broken([](TUSummary &s) { s.entities[1].type = 1; }), at("entities[1].type: 1 is not below 1"));
  EXPECT_EQ(broken([](TUSummary &s) { s.types[0].args = {0, 3}; }), at("types[0].args[1]: 3 is not below 1"));
  EXPECT_EQ(broken([](TUSummary &s) { s.types[0].fields = {{1, 4}}; }), at("types[0].fields[0].type: 4 is not below 1"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[1].callee = 4; }), at("functions[0].ops[1].callee: 4 is not below 4"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[0].args[0].path.id = 2; }),
            at("functions[0].ops[0].args[0].path.id: 2 is not below 2"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[0].use.user = 2; }),
            at("functions[0].ops[0].use.user: 2 is not below 2"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].blocks[2].succs[0] = 3; }),
            at("functions[0].blocks[2].succs[0]: 3 is not below 3"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[0].kind = static_cast<OpKind>(10); }),
            at("functions[0].ops[0].kind: 10 is not below 10"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[0].path = {RootKind::global, none, {}, false}; }),
            at("functions[0].ops[0].path.id: 4294967295 is not below 4"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[0].path = {RootKind::capture, 0, {}, false}; }),
            at("functions[0].ops[0].path.id: 0 is not below 0"));
  EXPECT_EQ(broken([](TUSummary &s) { s.suppressions.push_back({8, 1, 1, 1, {}}); }),
            at("suppressions[0].file: 8 is not below 7"));
  EXPECT_EQ(broken([](TUSummary &s) { s.errors.push_back({{6, 1, 1, 1, 1}, 8}); }), at("errors[0].message: 8 is not below 7"));
  EXPECT_EQ(broken([](TUSummary &s) { s.shared_bodies.emplace_back(none, 1); }),
            at("shared_bodies[0].entity: a body must have one"));
  EXPECT_EQ(broken([](TUSummary &s) { s.strings[0] = "x"; }), at("strings[0]: is not the empty string"));
}

TEST(Validate, CapturesSpeakOfTheEnclosingFunction) {
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[1].captures[0].source.path.id = 2; }),
            at("functions[1].captures[0].source.path.id: 2 is not below 2"));
  // With the enclosing body left out, there is nothing to test against.
  EXPECT_EQ(broken([](TUSummary &s) { s.functions.erase(s.functions.begin()); }), "");
}

TEST(Validate, Functions) {
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].entity = none; }), at("functions[0].entity: a function must have one"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].parameter_count = 3; }),
            at("functions[0].parameter_count: 3 is more than there are locals"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].locals[1].parameter = true; }),
            at("functions[0].locals: 1 is out of order: the parameters come first"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[1].blocks.clear(); }), at("functions[1].blocks: entry and exit are missing"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].blocks[1].succs = {2}; }),
            at("functions[0].blocks: the exit has successors"));
}

TEST(Validate, BlocksCoverTheOperationsOnce) {
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].blocks[2].count = 1; }),
            at("functions[0].blocks: they hold 1 operations of 2"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].blocks[2].count = none; }),
            at("functions[0].blocks: they hold 4294967295 operations of 2"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].blocks[2].first = 1; }),
            at("functions[0].blocks: operation 0 is in no block"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].blocks[0].count = 1; }),
            at("functions[0].blocks: operation 0 is in two blocks"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].blocks[0].first = 3; }), at("functions[0].blocks: first: 3 is not below 3"));
}

TEST(Validate, OperandsPrecedeTheirUser) {
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[1].args[0].op = 1; }),
            at("functions[0].ops[1].args: %1 does not precede it"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[1].args[0].op = none; }),
            at("functions[0].ops[1].args: a result of no operation"));
  EXPECT_EQ(broken([](TUSummary &s) {
              s.functions[0].ops[0].receiver.kind = OperandKind::path;
              s.functions[0].ops[0].receiver.path = {RootKind::result, 1, {}, false};
            }),
            at("functions[0].ops[0].receiver: %1 does not precede it"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[0].path = {RootKind::result, 1, {}, false}; }),
            at("functions[0].ops[0].path: %1 does not precede it"));
  EXPECT_EQ(broken([](TUSummary &s) { s.functions[0].ops[0].path = {RootKind::result, 0, {}, false}; }), "");
}

} // namespace
} // namespace tenterhook::facts
