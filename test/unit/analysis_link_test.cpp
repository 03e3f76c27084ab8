// Linking: one id space, bodies once, names that mean different things in different programs.
#include "analysis_builder.h"
#include <algorithm>

namespace tenterhook::analysis {
namespace {

TEST(Link, CallsReachBodiesOfOtherUnits) {
  Unit a("/a.cpp"), b("/b.cpp");
  a.body(a.entity("main"), 1).call(a.entity("helper"));
  b.body(b.entity("helper"), 1);
  Program p = link({a.unit(), b.unit()});
  ASSERT_EQ(p.functions.size(), 2u);
  FunctionId main = find(p, "main"), helper = find(p, "helper");
  EXPECT_EQ(p.body_for(main, p.functions[main].ops[0].callee), helper);
  EXPECT_EQ(p.str(p.functions[helper].extent.file), "/b.cpp");
}

TEST(Link, SameBodyOfAHeaderIsKeptOnce) {
  Unit a("/a.cpp", "one"), b("/b.cpp", "two");
  for (Unit *u : {&a, &b})
    u->body(u->entity("inline_one"), 5, "/header.h", 77).call(u->entity("elsewhere"));
  Program p = link({a.unit(), b.unit()});
  ASSERT_EQ(p.functions.size(), 1u);
  EXPECT_EQ(p.targets[0], "") << "a header's body belongs to every target";
}

TEST(Link, StaticFunctionsOfOneNameAreTwo) {
  Unit a("/a.cpp"), b("/b.cpp");
  for (Unit *u : {&a, &b}) {
    std::string file = u == &a ? "/a.cpp" : "/b.cpp";
    u->body(u->entity("caller_of_" + file), 1).call(u->entity("helper", file));
    u->body(u->entity("helper", file), 20);
  }
  Program p = link({a.unit(), b.unit()});
  for (const char *file : {"/a.cpp", "/b.cpp"}) {
    FunctionId caller = find(p, std::string("caller_of_") + file);
    EXPECT_EQ(p.body_for(caller, p.functions[caller].ops[0].callee), find(p, "helper", file));
  }
}

struct TwoPrograms : testing::Test {
  void make(const std::string &target_a, const std::string &target_b, bool same_code) {
    for (bool first : {true, false}) {
      std::string dir = first ? "/a/" : "/b/", target = first ? target_a : target_b;
      Unit uses(dir + "main.cpp", target), defines(dir + "helper.cpp", target);
      uses.body(uses.entity("main" + dir), 1).call(uses.entity("helper"));
      defines.body(defines.entity("helper"), 1).call(defines.entity(first || same_code ? "sleep" : "count"));
      units.push_back(uses.unit());
      units.push_back(defines.unit());
    }
  }
  FunctionId called_by(const Program &p, const std::string &name, bool &ambiguous) {
    FunctionId f = find(p, name);
    return p.body_for(f, p.functions[f].ops[0].callee, &ambiguous);
  }
  std::vector<TUSummary> units;
};

TEST_F(TwoPrograms, TheTargetDecides) {
  make("a", "b", false);
  Program p = link(units);
  bool ambiguous = false;
  EXPECT_EQ(called_by(p, "main/a/", ambiguous), find(p, "helper", "/a/helper.cpp"));
  EXPECT_EQ(called_by(p, "main/b/", ambiguous), find(p, "helper", "/b/helper.cpp"));
  EXPECT_FALSE(ambiguous);
}

TEST_F(TwoPrograms, WithoutTargetsTheCallIsNotFollowed) {
  make("", "", false);
  Program p = link(units);
  bool ambiguous = false;
  EXPECT_EQ(called_by(p, "main/a/", ambiguous), none);
  EXPECT_TRUE(ambiguous);
}

TEST_F(TwoPrograms, CopiesOfOneFileDoNotContradict) {
  make("", "", true);
  Program p = link(units);
  bool ambiguous = false;
  EXPECT_NE(called_by(p, "main/b/", ambiguous), none);
  EXPECT_FALSE(ambiguous);
}

TEST(Link, OneHeaderCompiledTwoWaysIsNotAmbiguous) {
  Unit a("/a.cpp"), b("/b.cpp");
  a.body(a.entity("user"), 1).call(a.entity("inline_one"));
  a.body(a.entity("inline_one"), 5, "/header.h", 1).call(a.entity("with_macro"));
  b.body(b.entity("inline_one"), 5, "/header.h", 2).call(b.entity("without_macro"));
  Program p = link({a.unit(), b.unit()});
  EXPECT_EQ(p.functions.size(), 3u);
  bool ambiguous = false;
  FunctionId user = find(p, "user");
  EXPECT_NE(p.body_for(user, p.functions[user].ops[0].callee, &ambiguous), none);
  EXPECT_FALSE(ambiguous);
}

TEST(Link, OrderOfUnitsDoesNotMatter) {
  std::vector<TUSummary> units;
  for (int i = 0; i < 6; ++i) {
    Unit u("/u" + std::to_string(i) + ".cpp", "t" + std::to_string(i % 2));
    u.body(u.entity("f" + std::to_string(i)), 3).call(u.entity("f" + std::to_string((i + 1) % 6)));
    u.body(u.entity("shared"), 9, "/shared.h", 9);
    u.record("acme::T" + std::to_string(i % 3));
    units.push_back(u.unit());
  }
  Program first = link(units);
  auto names = [](const Program &p) {
    std::vector<std::string> out;
    for (FunctionId f = 0; f < p.functions.size(); ++f) {
      out.push_back(p.qualified(p.functions[f].entity) + " " + p.targets[f]);
      for (const Operation &op : p.functions[f].ops)
        out.back() += " " + p.qualified(op.callee);
    }
    return out;
  };
  for (int i = 0; i < 5; ++i) {
    std::rotate(units.begin(), units.begin() + 1 + i, units.end());
    EXPECT_EQ(names(link(units)), names(first));
  }
}

TEST(Link, TheFullerDescriptionOfATypeWins) {
  Unit forward("/a.cpp"), full("/b.cpp");
  TypeId declared = forward.record("acme::Task");
  forward.body(forward.entity("f"), 1).local(forward.str("t"), declared, true);
  TypeId defined = full.record("acme::Task");
  full.type_at(defined).awaitable = true;
  full.type_at(defined).coroutine = true;
  Program p = link({forward.unit(), full.unit()});
  FunctionId f = find(p, "f");
  EXPECT_TRUE(p.types[p.functions[f].locals[0].type].awaitable);
}

// Which of two bodies comes first hangs on their hashes, so the broken TU's is tried with lower and higher ones, and with
// its name before and behind the others'.
TEST(Link, AUnitWithErrorsTakesNothingFromTheOthers) {
  for (std::uint64_t hash : {1, 50, 99})
    for (const char *name : {"/a.cpp", "/z.cpp"})
      for (const char *other : {"/header.h", "/other.h"}) { // other.h: a wrong guess of the preprocessor
        Unit whole("/m.cpp"), broken(name);
        whole.body(whole.entity("run"), 1).call(whole.entity("gate::pass"));
        Body pass = whole.body(whole.entity("gate::pass"), 5, "/header.h", 50 + (hash == 50));
        pass.call(whole.entity("wait"));
        whole.type_at(whole.record("acme::Task")).awaitable = true;
        broken.body(broken.entity("gate::pass"), 5, other, hash);
        Type &type = broken.type_at(broken.record("acme::Task"));
        type.coroutine = type.basic_lockable = type.awaitable = true;
        broken.body(broken.entity("mine"), 7).call(broken.entity("gate::pass"));
        broken.error("nosuch");
        Program p = link({broken.unit(), whole.unit()});
        const FunctionId run = find(p, "run"), mine = find(p, "mine");
        for (FunctionId caller : {run, mine}) {
          bool ambiguous = false;
          const FunctionId called = p.body_for(caller, p.functions[caller].ops[0].callee, &ambiguous);
          ASSERT_NE(called, none);
          EXPECT_FALSE(ambiguous);
          EXPECT_EQ(p.functions[called].ops.size(), 1u);
        }
        EXPECT_EQ(p.functions.size(), 3u);
        for (const Type &t : p.types)
          EXPECT_FALSE(t.coroutine) << "the whole unit has said what the type is";
      }
}

TEST(Link, AUnitWithErrorsAddsWhatItAloneKnows) {
  Unit whole("/m.cpp"), broken("/a.cpp");
  whole.body(whole.entity("main"), 1).call(whole.entity("helper"));
  whole.body(whole.entity("twice"), 3);
  whole.body(whole.entity("calls"), 4).call(whole.entity("twice"));
  broken.body(broken.entity("helper"), 5).call(broken.entity("wait"));
  broken.body(broken.entity("twice"), 6).call(broken.entity("wait")); // another program's, of its own main file
  broken.body(broken.entity("uses"), 7).call(broken.entity("twice"));
  broken.error("nosuch");
  Program p = link({broken.unit(), whole.unit()});
  auto called = [&](const char *name) {
    const FunctionId caller = find(p, name);
    const FunctionId f = p.body_for(caller, p.functions[caller].ops[0].callee);
    return f == none ? std::string("none") : p.str(p.functions[f].extent.file);
  };
  EXPECT_EQ(called("main"), "/a.cpp");
  EXPECT_EQ(called("calls"), "/m.cpp");
  EXPECT_EQ(called("uses"), "/a.cpp");
}

TEST(Link, AnnotationsOfAllDeclarationsHold) {
  Unit a("/a.cpp"), b("/b.cpp");
  EntityId declared = a.entity("wait");
  a.at(declared).annotations = {a.str("clang::blocking")};
  a.body(a.entity("f"), 1).call(declared);
  EntityId again = b.entity("wait");
  b.at(again).annotations = {b.str("tenterhook::loop")};
  Program p = link({a.unit(), b.unit()});
  FunctionId f = find(p, "f");
  std::vector<std::string> got;
  for (StringId s : p.entities[p.functions[f].ops[0].callee].annotations)
    got.push_back(p.str(s));
  EXPECT_EQ(got, (std::vector<std::string>{"clang::blocking", "tenterhook::loop"}));
}

TEST(Link, OverridersAreTransitive) {
  Unit u("/a.cpp");
  EntityId base = u.entity("Base::run"), middle = u.entity("Middle::run"), leaf = u.entity("Leaf::run");
  u.body(base, 1);
  u.body(middle, 20).function().overrides = {base};
  u.body(leaf, 40).function().overrides = {middle};
  Program p = link({u.unit()});
  EntityId linked_base = p.functions[find(p, "Base::run")].entity;
  EXPECT_EQ(p.overriders(linked_base).vec(), (std::vector<FunctionId>{find(p, "Middle::run"), find(p, "Leaf::run")}));
  EXPECT_EQ(p.overriders(p.functions[find(p, "Leaf::run")].entity).size(), 0u);
}

TEST(Link, UnreachableBlocksAreKnown) {
  Unit u("/a.cpp");
  Body b = u.body(u.entity("f"), 1);
  b.block({1, none});
  b.call(u.entity("executed"));
  b.block({1});
  b.call(u.entity("discarded"));
  Program p = link({u.unit()});
  EXPECT_TRUE(p.reachable(0, 0));
  EXPECT_FALSE(p.reachable(0, 1));
}

TEST(Program, TypesBehindOthers) {
  Unit u("/a.cpp");
  TypeId record = u.record("acme::Task"), base = u.record("acme::Base"), root = u.record("acme::Root");
  u.type_at(record).bases = {base};
  u.type_at(base).bases = {root};
  auto behind = [&](TypeKind kind, TypeId t, const std::string &name) {
    TypeId id = u.record(name);
    Type &type = u.type_at(id);
    type.kind = kind;
    type.qualified = 0;
    type.pointee = t;
    return id;
  };
  TypeId reference = behind(TypeKind::lvalue_reference, record, "acme::Task &");
  TypeId pointer = behind(TypeKind::pointer, record, "acme::Task *");
  Body b = u.body(u.entity("f"), 1);
  for (TypeId t : {record, reference, pointer})
    b.local(u.str("p"), t, true);
  Program p = link({u.unit()});
  TypeId r = p.functions[0].locals[0].type;
  EXPECT_EQ(p.strip_references(p.functions[0].locals[1].type), r);
  EXPECT_NE(p.strip_references(p.functions[0].locals[2].type), r);
  EXPECT_EQ(p.record_behind(p.functions[0].locals[2].type), r);
  EXPECT_EQ(p.record_behind(none), none);
  std::vector<std::string> bases;
  for (TypeId t : p.with_bases(r))
    bases.push_back(p.str(p.types[t].spelling));
  EXPECT_EQ(bases, (std::vector<std::string>{"acme::Task", "acme::Base", "acme::Root"}));
}

} // namespace
} // namespace tenterhook::analysis
