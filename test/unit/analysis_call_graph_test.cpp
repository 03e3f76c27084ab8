// The call graph: what runs in place, what later, who calls whom in a cycle.
#include "analysis_builder.h"
#include "calls/call_graph.h"

namespace tenterhook::analysis {
namespace {

struct Graph {
  explicit Graph(std::vector<TUSummary> units)
      : program(link(std::move(units))), library(program, models::Models::builtin()), calls(program, library) {}
  // "callee callee?" of the edges of `name`, in order; "?" marks an unsure one.
  std::vector<std::string> callees(const std::string &name) const {
    std::vector<std::string> out;
    for (const Edge &e : calls.edges(find(program, name)))
      out.push_back(program.qualified(program.functions[e.to].entity) + (e.sure ? "" : "?"));
    return out;
  }
  Program program;
  Library library;
  CallGraph calls;
};

using Names = std::vector<std::string>;

TEST(CallGraph, DirectCallsAndTheirCallers) {
  Unit u("/a.cpp");
  u.body(u.entity("leaf"), 1);
  Body main = u.body(u.entity("main"), 20);
  main.call(u.entity("leaf"));
  main.call(u.entity("unknown"));
  main.call(u.entity("leaf"));
  Graph g({u.unit()});
  EXPECT_EQ(g.callees("main"), (Names{"leaf", "leaf"}));
  auto callers = g.calls.callers(find(g.program, "leaf"));
  ASSERT_EQ(callers.size(), 2u);
  EXPECT_EQ(callers[0].first, find(g.program, "main"));
}

TEST(CallGraph, CallingACoroutineCreatesIt) {
  Unit u("/a.cpp");
  u.body(u.entity("session"), 1).function().coroutine = true;
  u.body(u.entity("main"), 20).call(u.entity("session"));
  Graph g({u.unit()});
  EXPECT_TRUE(g.callees("main").empty());
  ASSERT_EQ(g.calls.creations().size(), 1u);
  EXPECT_EQ(g.calls.creations()[0].coroutine, find(g.program, "session"));
}

TEST(CallGraph, VirtualCallsReachEveryOverrider) {
  Unit u("/a.cpp");
  EntityId base = u.entity("Base::run");
  u.body(u.entity("A::run"), 1).function().overrides = {base};
  u.body(u.entity("B::run"), 20).function().overrides = {base};
  Body main = u.body(u.entity("main"), 40);
  main.call(base);
  main.function().ops[0].virtual_call = true;
  Graph g({u.unit()});
  EXPECT_EQ(g.callees("main"), (Names{"A::run", "B::run"}));
}

TEST(CallGraph, ManyTargetsAreUnsure) {
  Unit u("/a.cpp");
  EntityId base = u.entity("Base::run");
  for (unsigned i = 0; i < 9; ++i)
    u.body(u.entity("D" + std::to_string(i) + "::run"), 1 + 20 * i).function().overrides = {base};
  Body main = u.body(u.entity("main"), 400);
  main.call(base);
  main.function().ops[0].virtual_call = true;
  Graph g({u.unit()});
  ASSERT_EQ(g.callees("main").size(), 9u);
  EXPECT_EQ(g.callees("main")[0], "D0::run?");
}

TEST(CallGraph, FunctionPointersAreFollowedThroughLocals) {
  Unit u("/a.cpp");
  EntityId target = u.entity("target");
  u.body(target, 1);
  Body main = u.body(u.entity("main"), 20);
  LocalId pointer = main.local(u.str("pointer"), none);
  main.write(pointer, function_named(target));
  OpId call = main.call(none);
  main.function().ops[call].receiver = local(pointer);
  Graph g({u.unit()});
  EXPECT_EQ(g.callees("main"), (Names{"target"}));
}

TEST(CallGraph, CallablesPassedToTheStandardLibrary) {
  Unit u("/a.cpp");
  EntityId body = u.entity("lambda");
  u.body(body, 1);
  Body in_place = u.body(u.entity("in_place"), 20);
  EntityId for_each = u.entity("std::for_each"), keeps = u.entity("acme::Button::on_click");
  u.at(for_each).system = true;
  in_place.call(for_each, {closure(body)});
  Body kept = u.body(u.entity("kept"), 40);
  kept.call(keeps, {closure(body)});
  Body thread = u.body(u.entity("thread"), 60);
  EntityId async = u.entity("std::async");
  u.at(async).system = true;
  thread.call(async, {closure(body)});
  Graph g({u.unit()});
  EXPECT_EQ(g.callees("in_place"), (Names{"lambda"})) << "without a model: called in place";
  EXPECT_TRUE(g.callees("kept").empty()) << "code that is not seen may keep what it does not take by reference to const";
  EXPECT_TRUE(g.callees("thread").empty());
  auto later = g.calls.later(find(g.program, "thread"));
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].to, find(g.program, "lambda"));
  EXPECT_EQ(later[0].on, models::Executor::thread);
}

TEST(CallGraph, ComponentsComeCalleesFirstAndKnowRecursion) {
  Unit u("/a.cpp");
  // main → even ⇄ odd → leaf; self → self
  u.body(u.entity("main"), 1).call(u.entity("even"));
  u.body(u.entity("even"), 20).call(u.entity("odd"));
  Body odd = u.body(u.entity("odd"), 40);
  odd.call(u.entity("even"));
  odd.call(u.entity("leaf"));
  u.body(u.entity("leaf"), 60);
  u.body(u.entity("self"), 80).call(u.entity("self"));
  Graph g({u.unit()});
  std::vector<Names> components;
  for (const auto &c : g.calls.components()) {
    components.emplace_back();
    for (FunctionId f : c)
      components.back().push_back(g.program.qualified(g.program.functions[f].entity));
  }
  EXPECT_EQ(components, (std::vector<Names>{{"leaf"}, {"even", "odd"}, {"main"}, {"self"}}));
}

TEST(CallGraph, AmbiguousCallsAreNamed) {
  Unit a("/a.cpp"), b("/b.cpp"), c("/c.cpp");
  a.body(a.entity("helper"), 1).call(a.entity("x"));
  b.body(b.entity("helper"), 1).call(b.entity("y"));
  c.body(c.entity("main"), 1).call(c.entity("helper"));
  Graph g({a.unit(), b.unit(), c.unit()});
  EXPECT_TRUE(g.callees("main").empty());
  EXPECT_EQ(g.calls.ambiguous(), std::set<std::string>{"helper"});
}

TEST(CallGraph, DestroyingAnObjectRunsItsMembersDestructors) {
  Unit u("/a.cpp");
  TypeId member = u.record("Member"), owner = u.record("Owner");
  EntityId destructor = u.entity("Member::~Member");
  u.type_at(member).destructor = destructor;
  u.type_at(owner).fields = {{u.entity("Owner::member", "", EntityKind::field), member}};
  u.body(destructor, 1);
  Body main = u.body(u.entity("main"), 20);
  LocalId object = main.local(u.str("object"), owner);
  Operation &op = main.add(OpKind::destroy);
  op.path = {RootKind::local, object, {}, false};
  op.type = owner;
  Graph g({u.unit()});
  EXPECT_EQ(g.callees("main"), (Names{"Member::~Member"}));
}

} // namespace
} // namespace tenterhook::analysis
