// Library: descriptors by name and receiver, and where values come from.
#include "analysis_builder.h"
#include "library/library.h"

namespace tenterhook::analysis {
namespace {

using namespace models;

Models with(const char *yaml) {
  llvm::Expected<Models> m = Models::builtin().with(yaml, "test.yaml");
  EXPECT_TRUE(static_cast<bool>(m)) << llvm::toString(m.takeError());
  return *m;
}

TEST(Library, PlainCNamesMeanTheSystemsFunctions) {
  Unit u("/a.cpp");
  EntityId own = u.entity("usleep"), theirs = u.entity("sleep");
  u.at(theirs).system = true;
  Body b = u.body(u.entity("main"), 1);
  b.call(own);
  b.call(theirs);
  Program p = link({u.unit()});
  Library l(p, Models::builtin());
  EXPECT_EQ(l.function(p.functions[0].ops[0]), nullptr);
  ASSERT_NE(l.function(p.functions[0].ops[1]), nullptr);
  EXPECT_EQ(l.function(p.functions[0].ops[1])->name, "sleep");
}

TEST(Library, MethodsAreLookedUpByTheReceiversTypeFirst) {
  Models m = with("models:\n  library: acme\n  functions:\n    - {name: acme::Base::wait, blocks: wait}\n"
                  "    - {name: acme::Quick::wait, nonblocking: true}\n");
  Unit u("/a.cpp");
  TypeId base = u.record("acme::Base"), quick = u.record("acme::Quick"), other = u.record("acme::Other");
  u.type_at(quick).bases = {base};
  u.type_at(other).bases = {base};
  EntityId wait = u.entity("acme::Base::wait");
  u.at(wait).record = base;
  Body b = u.body(u.entity("main"), 1);
  for (TypeId t : {base, quick, other}) {
    LocalId object = b.local(u.str("o"), t);
    OpId call = b.call(wait);
    b.function().ops[call].receiver = local(object);
    b.function().ops[call].receiver.type = t;
  }
  Program p = link({u.unit()});
  Library l(p, m);
  EXPECT_FALSE(l.function(p.functions[0].ops[0])->nonblocking);
  EXPECT_TRUE(l.function(p.functions[0].ops[1])->nonblocking);
  EXPECT_FALSE(l.function(p.functions[0].ops[2])->nonblocking);
}

TEST(Library, LastName) {
  EXPECT_EQ(Library::last_name("std::this_thread::sleep_for"), "sleep_for");
  EXPECT_EQ(Library::last_name("read"), "read");
  EXPECT_EQ(Library::last_name("acme::Task::operator="), "operator=");
}

struct Constants : testing::Test {
  Unit u{"/a.cpp"};
  Body b = u.body(u.entity("main"), 1);
  std::optional<std::int64_t> of(Operand o) {
    Program p = link({u.unit()});
    return Library(p, Models::builtin()).constant(0, o);
  }
};

TEST_F(Constants, OfALocalThatIsWrittenOnce) {
  LocalId l = b.local(u.str("flags"), none);
  b.write(l, constant(4));
  EXPECT_EQ(of(local(l)), 4);
}

TEST_F(Constants, AgreeOrAreNone) {
  LocalId l = b.local(u.str("flags"), none), same = b.local(u.str("same"), none);
  b.write(l, constant(4));
  b.write(l, constant(5));
  b.write(same, constant(7));
  b.write(same, constant(7));
  EXPECT_EQ(of(local(l)), std::nullopt);
  EXPECT_EQ(of(local(same)), 7);
}

TEST_F(Constants, ThroughCopiesAndCyclesOfCopies) {
  LocalId x = b.local(u.str("x"), none), y = b.local(u.str("y"), none);
  b.write(x, constant(2));
  b.write(y, local(x));
  b.write(x, local(y));
  EXPECT_EQ(of(local(y)), 2);
}

TEST_F(Constants, ParametersAreNotKnown) {
  LocalId parameter = b.local(u.str("p"), none, true);
  b.write(parameter, constant(1));
  EXPECT_EQ(of(local(parameter)), std::nullopt);
}

TEST_F(Constants, WhatIsWrittenFromElsewhereIsNotKnown) {
  LocalId l = b.local(u.str("n"), none);
  b.write(l, constant(1));
  b.write(l, Operand());
  EXPECT_EQ(of(local(l)), std::nullopt);
}

TEST(Library, CapturesLeadToTheEnclosingFunction) {
  Unit u("/a.cpp");
  EntityId lambda = u.entity("lambda"), main = u.entity("main");
  Body outer = u.body(main, 1);
  LocalId flag = outer.local(u.str("flag"), none);
  outer.write(flag, constant(9));
  Body inner = u.body(lambda, 20);
  inner.function().lambda = true;
  inner.function().enclosing = main;
  inner.function().captures.push_back({CaptureKind::by_copy, u.str("flag"), none, local(flag)});
  inner.call(u.entity("use"));
  Program p = link({u.unit()});
  Library l(p, Models::builtin());
  Operand captured;
  captured.kind = OperandKind::path;
  captured.path = {RootKind::capture, 0, {}, false};
  EXPECT_EQ(l.constant(find(p, "lambda"), captured), 9);
}

TEST(Library, NegativeArgumentsCountFromTheLastThatWasWritten) {
  Operation op;
  op.args.resize(4);
  op.args[3].defaulted = true;
  EXPECT_EQ(Library::argument_index(op, 0), 0);
  EXPECT_EQ(Library::argument_index(op, 3), 3);
  EXPECT_EQ(Library::argument_index(op, 4), -1);
  EXPECT_EQ(Library::argument_index(op, -1), 2);
  EXPECT_EQ(Library::argument_index(op, -3), 0);
  EXPECT_EQ(Library::argument_index(op, -4), -1);
}

TEST(Library, LocksByStructureAndByModel) {
  Unit u("/a.cpp");
  TypeId own = u.record("acme::SpinLock"), plain = u.record("acme::Plain"), std_mutex = u.record("std::mutex");
  u.type_at(own).basic_lockable = true;
  Body b = u.body(u.entity("main"), 1);
  for (TypeId t : {own, plain, std_mutex})
    b.local(u.str("l"), t);
  Program p = link({u.unit()});
  Library l(p, Models::builtin());
  EXPECT_TRUE(l.is_thread_lock(p.functions[0].locals[0].type));
  EXPECT_FALSE(l.is_thread_lock(p.functions[0].locals[1].type));
  EXPECT_TRUE(l.is_thread_lock(p.functions[0].locals[2].type));
}

} // namespace
} // namespace tenterhook::analysis
