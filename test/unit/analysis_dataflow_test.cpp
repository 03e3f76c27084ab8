// The worklist solver, and the two domains that run on it: lock cases and pending awaitables.
#include "analysis_builder.h"
#include "awaitables/dropped.h"
#include "lockstate/lock_state.h"
#include "program/dataflow.h"

namespace tenterhook::analysis {
namespace {

// Which operations may have run.
struct Ran {
  struct State {
    std::set<OpId> ops;
    bool join(const State &o) {
      std::size_t before = ops.size();
      ops.insert(o.ops.begin(), o.ops.end());
      return ops.size() != before;
    }
  };
  State entry() const { return {}; }
  void transfer(OpId op, State &s) {
    s.ops.insert(op);
    ++transfers;
  }
  bool edge(const Block &b, unsigned succ, State &) const { return !(b.branch.present && succ == refused); }
  unsigned refused = 99, transfers = 0;
};

struct Flow : testing::Test {
  Unit u{"/a.cpp"};
  Body b = u.body(u.entity("f"), 1);
  EntityId callee = u.entity("callee");
  std::set<OpId> at(const Solution<Ran> &s, BlockId block) {
    return s.at_entry[block] ? s.at_entry[block]->ops : std::set<OpId>{};
  }
};

TEST_F(Flow, BranchesJoin) {
  b.block({3, 4});
  b.call(callee); // %0
  b.block({5});
  b.call(callee); // %1
  b.block({5});
  b.call(callee); // %2
  b.block({1});
  Ran ran;
  auto s = solve(b.function(), ran);
  EXPECT_FALSE(s.capped);
  EXPECT_EQ(at(s, 3), (std::set<OpId>{0}));
  EXPECT_EQ(at(s, 5), (std::set<OpId>{0, 1, 2}));
  EXPECT_EQ(at(s, 1), (std::set<OpId>{0, 1, 2}));
}

TEST_F(Flow, LoopsReachAFixedPoint) {
  b.block({3, 4});
  b.call(callee); // %0: the head
  b.block({2});
  b.call(callee); // %1: the body
  b.block({1});
  Ran ran;
  auto s = solve(b.function(), ran);
  EXPECT_EQ(at(s, 2), (std::set<OpId>{0, 1}));
  EXPECT_EQ(at(s, 4), (std::set<OpId>{0, 1}));
  EXPECT_LE(ran.transfers, 6u);
}

TEST_F(Flow, RefusedEdgesAndProvenOnesAreNotTaken) {
  b.block({3, 4}, on(constant(1)));
  b.block({1});
  b.call(callee);
  b.block({none, 1});
  Ran ran;
  ran.refused = 0;
  auto s = solve(b.function(), ran);
  EXPECT_FALSE(s.at_entry[3].has_value());
  EXPECT_TRUE(s.at_entry[4].has_value());
  EXPECT_TRUE(s.at_entry[1].has_value());
}

TEST_F(Flow, AnEmptyBodyReachesItsExit) {
  b.function().blocks[0].succs = {1};
  Ran ran;
  EXPECT_TRUE(solve(b.function(), ran).at_entry[1].has_value());
  Function nothing;
  EXPECT_TRUE(solve(nothing, ran).at_entry.empty());
}

// A lattice without end: the solver stops and says so.
struct Endless {
  struct State {
    unsigned n = 0;
    bool join(const State &o) {
      n = std::max(n, o.n) + 1;
      return true;
    }
  };
  State entry() const { return {}; }
  void transfer(OpId, State &) {}
  bool edge(const Block &, unsigned, State &) const { return true; }
};

TEST_F(Flow, WhatDoesNotEndIsCapped) {
  b.block({2, 1});
  Endless endless;
  EXPECT_TRUE(solve(b.function(), endless).capped);
}

AccessPath path(LocalId l) { return {RootKind::local, l, {}, false}; }
GuardState held(LocalId guard, LocalId lock, bool is = true) { return {path(guard), {path(lock)}, is, false, false, 0}; }
Truth truth(LocalId l) { return is_true(term(path(l))); }

TEST(LockDomain, CasesWithTheSameLocksKeepWhatTheyAgreeOn) {
  LockState a, b;
  a.cases = {{{held(1, 2)}, {}, {{truth(5), true}, {truth(6), true}}}};
  b.cases = {{{held(1, 2)}, {}, {{truth(5), false}, {truth(6), true}}}};
  EXPECT_TRUE(a.join(b));
  ASSERT_EQ(a.cases.size(), 1u);
  EXPECT_EQ(a.cases[0].known, (std::map<Truth, bool>{{truth(6), true}}));
  EXPECT_FALSE(a.join(b)) << "nothing new";
}

TEST(LockDomain, CasesWithDifferentLocksStayApart) {
  LockState a, b;
  a.cases = {{{held(1, 2)}, {}, {{truth(5), true}}}};
  b.cases = {{{}, {}, {{truth(5), false}}}};
  EXPECT_TRUE(a.join(b));
  ASSERT_EQ(a.cases.size(), 2u);
  for (const LockCase &c : a.cases)
    EXPECT_EQ(c.known.at(truth(5)), !c.guards.empty());
}

TEST(LockDomain, AGuardIsReplacedAndHandHeldLocksAddUp) {
  LockCase c;
  c.insert(held(1, 2));
  c.insert(held(1, 2, false));
  ASSERT_EQ(c.guards.size(), 1u);
  EXPECT_FALSE(c.find(path(1))->held);
  c.insert({{}, {path(3)}, true, false, false, 1});
  c.insert({{}, {path(4)}, true, false, false, 2});
  EXPECT_EQ(c.guards.size(), 3u);
  EXPECT_EQ(c.find(path(9)), nullptr);
}

TEST(LockDomain, TooManyCasesAreCountedNotKept) {
  LockState s;
  for (LocalId l = 0; l < limit_of(Limit::lock_cases) + 1; ++l)
    s.cases.push_back({{held(l, 99)}, {}, {}});
  s.normalise();
  EXPECT_EQ(s.cases.size(), limit_of(Limit::lock_cases));
  EXPECT_TRUE(s.capped);
}

Truth compared(analysis::Test test, std::int64_t value) {
  Truth t = truth(1);
  t.test = test;
  t.value = value;
  return t;
}

TEST(LockConditions, OneValueIsOneRange) {
  Known known{{compared(analysis::Test::less, 4), false}}; // n > 3
  EXPECT_FALSE(contradicts(known, compared(analysis::Test::less, 4), false));
  EXPECT_TRUE(contradicts(known, compared(analysis::Test::less, 4), true));
  EXPECT_TRUE(contradicts(known, compared(analysis::Test::less, 1), true));
  EXPECT_TRUE(contradicts(known, compared(analysis::Test::equal, 3), true));
  EXPECT_FALSE(contradicts(known, compared(analysis::Test::equal, 4), true));
  EXPECT_TRUE(contradicts(known, truth(1), false)) << "it is not 0";
  known[compared(analysis::Test::less, 6)] = true; // 4 or 5
  known[compared(analysis::Test::equal, 4)] = false;
  EXPECT_TRUE(contradicts(known, compared(analysis::Test::equal, 5), false)) << "5 is left";
  EXPECT_FALSE(contradicts(known, compared(analysis::Test::equal, 5), true));
}

TEST(LockConditions, NothingIsKnownOfWhatWasWritten) {
  Truth against = truth(1);
  against.test = analysis::Test::less;
  against.than = term(path(2));
  Known known{{truth(1), true}, {truth(2), true}, {against, true}};
  forget_path(known, path(2));
  EXPECT_EQ(known, (Known{{truth(1), true}}));
}

// Pending awaitables.
struct Pending : testing::Test {
  Unit u{"/a.cpp"};
  TypeId task = [this] {
    TypeId t = u.record("acme::Task");
    u.type_at(t).awaitable = u.type_at(t).nontrivial_destructor = true;
    return t;
  }();
  EntityId start = u.entity("acme::start"), use = u.entity("acme::use");
  Body b = u.body(u.entity("f"), 1);
  LocalId t = b.local(u.str("t"), task), flag = b.local(u.str("flag"), none);

  void destroy(LocalId l) {
    Operation &op = b.add(OpKind::destroy);
    op.path = path(l);
    op.type = task;
  }
  OpId made() {
    OpId op = b.call_stored(start, t);
    b.function().locals[t].init = result(op);
    return op;
  }
  std::vector<Dropped> run() {
    Program p = link({u.unit()});
    const Library library(p, models::Models::builtin());
    return find_dropped(p, library, CallGraph(p, library));
  }
};

TEST_F(Pending, NeverUsed) {
  OpId op = made();
  destroy(t);
  auto found = run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, DropKind::never_used);
  EXPECT_EQ(found[0].made, op);
  EXPECT_EQ(found[0].variable, t);
  EXPECT_EQ(found[0].lost_at, op + 1);
}

TEST_F(Pending, UsedIsSilent) {
  made();
  b.call(use, {local(t)});
  destroy(t);
  EXPECT_TRUE(run().empty());
}

TEST_F(Pending, SomePath) {
  b.block({3, 4}, on(local(flag)));
  made();
  b.block({4});
  b.call(use, {local(t)});
  b.block({1});
  destroy(t);
  auto found = run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, DropKind::some_path);
}

TEST_F(Pending, TheSameConditionTwice) {
  b.block({3, 4}, on(local(flag)));
  b.block({4});
  b.call_stored(start, t);
  b.block({5, 6}, on(local(flag)));
  b.block({6});
  b.call(use, {local(t)});
  b.block({1});
  destroy(t);
  EXPECT_TRUE(run().empty());
}

TEST_F(Pending, AConditionThatWasWrittenBetween) {
  b.block({3, 4}, on(local(flag)));
  b.block({4});
  b.call_stored(start, t);
  b.block({5, 6}, on(local(flag)));
  b.write(flag, Operand());
  b.block({6});
  b.call(use, {local(t)});
  b.block({1});
  destroy(t);
  ASSERT_EQ(run().size(), 1u);
}

TEST_F(Pending, Overwritten) {
  OpId first = made();
  OpId second = b.call_stored(start, t);
  b.call(use, {local(t)});
  destroy(t);
  auto found = run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].made, first);
  EXPECT_EQ(found[0].kind, DropKind::overwritten);
  EXPECT_EQ(found[0].lost_at, second);
}

TEST_F(Pending, ALoopThatMayNotRun) {
  b.block({3});
  made();
  b.block({4, 5});
  b.block({3});
  b.call(use, {local(t)});
  b.block({1});
  destroy(t);
  auto found = run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, DropKind::no_iteration);
}

TEST_F(Pending, ExceptionsAndDeadCodeOweNothing) {
  b.block({3, 5});
  made();
  b.block({4});
  b.call(use, {local(t)});
  b.block({1});
  destroy(t);
  b.block({4});
  b.function().blocks.back().handler = true;
  b.block({1});
  b.call(start); // no way leads here
  b.function().ops.back().prvalue_result = true;
  b.function().ops.back().type = task;
  EXPECT_TRUE(run().empty());
}

TEST_F(Pending, WhatHasNoDestructorIsLostAtTheEnd) {
  u.type_at(task).nontrivial_destructor = false;
  made();
  auto found = run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].lost_at, none);
}

TEST_F(Pending, TypesThatRunByThemselves) {
  u.type_at(task).detached = true;
  made();
  destroy(t);
  EXPECT_TRUE(run().empty());
}

} // namespace
} // namespace tenterhook::analysis
