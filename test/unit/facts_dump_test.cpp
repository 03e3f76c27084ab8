// The dumps: the text that lit tests match against (docs/facts.md), and the JSON.
#include "facts/codec.h"
#include "facts_generator.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace tenterhook::facts {
namespace {

std::string text(const TUSummary &s) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  dump_text(s, stream);
  return out;
}

class Builder {
public:
  TUSummary s;
  StringId str(const std::string &text) {
    for (StringId i = 0; i < s.strings.size(); ++i)
      if (s.strings[i] == text)
        return i;
    s.strings.push_back(text);
    return static_cast<StringId>(s.strings.size() - 1);
  }
  EntityId entity(EntityKind kind, const std::string &qualified) {
    Entity e;
    e.kind = kind;
    e.name.usr = "c:" + qualified;
    e.qualified = e.display = str(qualified);
    s.entities.push_back(e);
    return static_cast<EntityId>(s.entities.size() - 1);
  }
  TypeId type(const std::string &spelling) {
    Type t;
    t.spelling = str(spelling);
    s.types.push_back(t);
    return static_cast<TypeId>(s.types.size() - 1);
  }
  Place at(std::uint32_t line, std::uint32_t column) { return {str("/src/a.cpp"), line, column, line, column + 1}; }
};

Operand path(AccessPath p) {
  Operand o;
  o.kind = OperandKind::path;
  o.path = std::move(p);
  return o;
}
Operand result(OpId op) {
  Operand o;
  o.kind = OperandKind::result;
  o.op = op;
  return o;
}

// Task session(State *state) { std::lock_guard<std::mutex> l(g_mutex); int n = co_await read(state->socket, 4);
//                              if (!n) throw; }
TUSummary session() {
  Builder b;
  b.s.main_file = "/src/a.cpp";
  b.s.files = {b.str("/src/a.cpp")};
  b.s.bodies_seen = 1;
  const TypeId task = b.type("Task"), guard = b.type("std::lock_guard<std::mutex>"), state = b.type("State *"),
               integer = b.type("int"), mutex = b.type("std::mutex");
  const EntityId f = b.entity(EntityKind::function, "demo::session"), read = b.entity(EntityKind::function, "read"),
                 g_mutex = b.entity(EntityKind::variable, "g_mutex"), socket = b.entity(EntityKind::field, "State::socket"),
                 resume = b.entity(EntityKind::function, "Task::await_resume");
  b.s.types[task].awaitable = b.s.types[task].coroutine = true;
  b.s.types[task].initial_suspend = InitialSuspend::lazy;
  b.s.types[task].await_result = integer;
  b.s.entities[g_mutex].type = mutex;
  b.s.entities[g_mutex].internal_linkage = true;
  b.s.entities[g_mutex].place = {b.str("/src/state.h"), 4, 12, 4, 19};
  b.s.entities[read].annotations = {b.str("clang::nonblocking")};

  Function fn;
  fn.entity = f;
  fn.coroutine = true;
  fn.return_type = task;
  fn.extent = {b.str("/src/a.cpp"), 10, 6, 14, 2};
  fn.parameter_count = 1;
  fn.locals.resize(3);
  fn.locals[0] = {b.str("state"), state, b.at(10, 20), true, false, {}};
  fn.locals[1] = {b.str("l"), guard, b.at(11, 31), false, false, {}};
  fn.locals[2] = {b.str("n"), integer, b.at(12, 7), false, false, result(2)};
  fn.ops.resize(5);
  fn.ops[0].kind = OpKind::construct;
  fn.ops[0].type = guard;
  fn.ops[0].path = {RootKind::local, 1, {}, false};
  fn.ops[0].args = {path({RootKind::global, g_mutex, {}, false})};
  fn.ops[0].place = b.at(11, 31);
  fn.ops[1].callee = read;
  fn.ops[1].type = task;
  fn.ops[1].prvalue_result = true;
  fn.ops[1].args = {path({RootKind::local, 0, {{StepKind::deref, none}, {StepKind::field, socket}}, false})};
  fn.ops[1].args.resize(2);
  fn.ops[1].args[1].kind = OperandKind::constant;
  fn.ops[1].args[1].value = 4;
  fn.ops[1].args[1].defaulted = true;
  fn.ops[1].use = {UseKind::awaited, {}, 2};
  fn.ops[1].place = b.at(12, 20);
  fn.ops[2].kind = OpKind::await;
  fn.ops[2].args = {result(1)};
  fn.ops[2].await_resume = resume;
  fn.ops[2].use = {UseKind::stored, {RootKind::local, 2, {}, false}, none};
  fn.ops[2].place = b.at(12, 11);
  fn.ops[3].kind = OpKind::throw_;
  fn.ops[3].place = b.at(13, 11);
  fn.ops[4].kind = OpKind::destroy;
  fn.ops[4].type = guard;
  fn.ops[4].path = {RootKind::local, 1, {}, false};
  fn.ops[4].implicit = true;
  fn.ops[4].place = b.at(14, 1);
  fn.blocks.resize(5);
  fn.blocks[0].succs = {2};
  fn.blocks[2] = {0, 3, {}, false, {3, 4}};
  fn.blocks[2].branch.present = fn.blocks[2].branch.negated = true;
  fn.blocks[2].branch.condition = path({RootKind::local, 2, {}, false});
  fn.blocks[2].branch.place = b.at(13, 7);
  fn.blocks[3] = {3, 1, {}, false, {none}};
  fn.blocks[4] = {4, 1, {}, false, {1}};
  b.s.functions.push_back(fn);
  b.s.suppressions.push_back({b.str("/src/a.cpp"), 12, 12, 11, {b.str("tenterhook-*")}});
  return b.s;
}

TEST(DumpText, OneLineAnOperation) {
  const TUSummary s = session();
  ASSERT_EQ(llvm::toString(validate(s)), "");
  EXPECT_EQ(text(s), R"(tu /src/a.cpp
bodies 1
file /src/a.cpp

function demo::session : Task [coroutine]  @ 10:6-14:2
  param state : State *  @ 10:20
  local l : std::lock_guard<std::mutex>  @ 11:31
  local n : int = %2  @ 12:7
  block 0 entry
    goto 2
  block 1 exit
  block 2
    %0: construct std::lock_guard<std::mutex> l(g_mutex)  @ 11:31
    %1: call read(state->socket, default(4)) : Task [prvalue] -> awaited %2  @ 12:20
    %2: await %1 {resume Task::await_resume} -> stored n  @ 12:11
    if !n then 3 else 4  @ 13:7
  block 3
    %3: throw  @ 13:11
    goto unreachable
  block 4
    %4: destroy std::lock_guard<std::mutex> l [implicit]  @ 14:1
    goto 1
function-entity demo::session()
function-entity read() annotation(clang::nonblocking)
variable-entity g_mutex : std::mutex [internal]  @ state.h:4:12
field-entity State::socket
function-entity Task::await_resume()
type Task [awaitable coroutine lazy]
  await-result int
suppress tenterhook-* lines 12-12  @ 11:1
)");
}

// How a path in a member function, or a lambda, is written.
std::string written(AccessPath p) {
  Builder b;
  const EntityId f = b.entity(EntityKind::function, "f");
  b.entity(EntityKind::field, "ns::S::a");
  b.entity(EntityKind::field, "ns::S::b");
  Function fn;
  fn.entity = f;
  fn.locals.resize(3);
  fn.locals[0].name = b.str("p");
  fn.locals[1].name = fn.locals[2].name = b.str("shadow");
  fn.captures.resize(1);
  fn.captures[0].name = b.str("c");
  fn.ops.resize(1);
  fn.ops[0].kind = OpKind::access;
  fn.ops[0].access = 3;
  fn.ops[0].path = std::move(p);
  fn.blocks.resize(2);
  fn.blocks[0].count = 1;
  b.s.functions.push_back(fn);
  const std::string all = text(b.s);
  const std::string start = "%0: read-write ";
  const std::size_t from = all.find(start) + start.size();
  return all.substr(from, all.find('\n', from) - from);
}

TEST(DumpText, Paths) {
  const PathStep deref{StepKind::deref, none}, a{StepKind::field, 1}, b{StepKind::field, 2}, index{StepKind::index, none};
  EXPECT_EQ(written({RootKind::local, 0, {}, false}), "p");
  EXPECT_EQ(written({RootKind::local, 2, {}, false}), "shadow#2");
  EXPECT_EQ(written({RootKind::local, 0, {a, b}, false}), "p.a.b");
  EXPECT_EQ(written({RootKind::local, 0, {deref, a, b}, false}), "p->a.b");
  EXPECT_EQ(written({RootKind::local, 0, {deref}, false}), "*p");
  EXPECT_EQ(written({RootKind::local, 0, {a, deref}, false}), "*p.a");
  EXPECT_EQ(written({RootKind::local, 0, {deref, deref, a}, false}), "(*p)->a");
  EXPECT_EQ(written({RootKind::local, 0, {deref, index, a}, false}), "(*p)[].a");
  EXPECT_EQ(written({RootKind::self, none, {a}, false}), "this->a");
  EXPECT_EQ(written({RootKind::self, none, {}, false}), "*this");
  EXPECT_EQ(written({RootKind::self, none, {{StepKind::base, none}, a}, false}), "(*this).base.a");
  EXPECT_EQ(written({RootKind::capture, 0, {deref, a}, false}), "[c]->a");
  EXPECT_EQ(written({RootKind::result, 0, {a}, true}), "%0.a...");
  EXPECT_EQ(written({RootKind::local, 9, {}, false}), "<bad 9>");
}

TEST(DumpJson, NamesInsteadOfIds) {
  const llvm::json::Value v = dump_json(session());
  const llvm::json::Object &root = *v.getAsObject();
  EXPECT_EQ(root.getInteger("format"), std::int64_t(format_version));
  const llvm::json::Object &f = *(*root.getArray("functions"))[0].getAsObject();
  EXPECT_EQ(f.getString("entity"), "demo::session");
  EXPECT_EQ(f.getString("return_type"), "Task");
  const llvm::json::Object &call = *(*f.getArray("ops"))[1].getAsObject();
  EXPECT_EQ(call.getString("kind"), "call");
  EXPECT_EQ(call.getString("callee"), "read");
  EXPECT_EQ(call.getBoolean("prvalue_result"), true);
  EXPECT_EQ(call.get("implicit"), nullptr); // false
  const llvm::json::Object &argument = *(*call.getArray("args"))[0].getAsObject()->getObject("path");
  EXPECT_EQ(argument.getString("root"), "local");
  EXPECT_EQ(argument.getString("id"), "state");
  EXPECT_EQ(call.getObject("place")->getString("file"), "/src/a.cpp");
  EXPECT_EQ(call.getObject("use")->getInteger("user"), 2);
}

TEST(DumpJson, OverloadsAreToldApart) {
  Builder b;
  const EntityId one = b.entity(EntityKind::function, "f"), two = b.entity(EntityKind::function, "f");
  b.s.entities[one].parameters = {{b.type("int"), false}};
  b.s.entities[two].parameters = {{b.type("char"), false}};
  b.s.shared_bodies = {{one, 1}, {two, 0xF000000000000001}};
  const llvm::json::Value v = dump_json(b.s);
  const llvm::json::Array &shared = *v.getAsObject()->getArray("shared_bodies");
  EXPECT_EQ(shared[0].getAsObject()->getString("entity"), "f(int)");
  EXPECT_EQ(shared[1].getAsObject()->getString("entity"), "f(char)");
  EXPECT_EQ(shared[1].getAsObject()->getString("body_hash"), "0xf000000000000001");
}

TEST(DumpJson, Parses) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const TUSummary s = test::SummaryGenerator(seed)(5);
    std::string out;
    llvm::raw_string_ostream(out) << dump_json(s);
    llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(out);
    ASSERT_TRUE(bool(parsed)) << seed << ": " << llvm::toString(parsed.takeError());
    std::string again;
    llvm::raw_string_ostream(again) << *parsed;
    EXPECT_EQ(again, out) << seed;
  }
}

// Changes one field of a summary, the `wanted`th that schema.h comes to; says where it is: "functions[].ops[].callee".
struct Poke {
  std::size_t wanted, at = 0;
  std::string path, found;
  bool here(const std::string &name) {
    if (at++ != wanted)
      return false;
    found = path + name;
    return true;
  }
  template <class T> void number(const char *name, T &x) {
    if (here(name))
      x = x == T{} ? static_cast<T>(1) : T{};
  }
  template <class E> void choice(const char *name, E &x) {
    if (here(name))
      x = static_cast<E>((static_cast<std::size_t>(x) + 1) % names_of<E>.size());
  }
  template <Table T> void id(const char *name, std::uint32_t &x) {
    if (here(name))
      x = T == Table::strings ? !x : x == none ? 0 : none;
  }
  template <Table T> void ids(const char *name, std::vector<std::uint32_t> &x) {
    if (here(name))
      x.push_back(0);
  }
  void root_id(const char *name, RootKind &, std::uint32_t &x) {
    if (here(name))
      ++x;
  }
  void text(const char *name, std::string &x) {
    if (here(name))
      x += "z";
  }
  template <class T> void part(const char *name, T &x) { within(std::string(name) + ".", x); }
  template <class T> void parts(const char *name, std::vector<T> &x) {
    for (T &element : x)
      within(std::string(name) + "[].", element);
  }
  template <class T> void within(const std::string &name, T &x) {
    const std::size_t size = path.size();
    path += name;
    visit(*this, x);
    path.resize(size);
  }
};

// The struct's own fields, wherever a struct stands in others: "…path.steps[].key" once, not in each operand.
std::string shortened(const std::string &path) {
  static const std::pair<const char *, const char *> nested[] = {
      {"steps[].", "step: "},     {"path.", "path: "},      {"target.", "path: "},       {"keys[].", "path: "},
      {"receiver.", "operand: "}, {"args[].", "operand: "}, {"with[].", "operand: "},    {"choices[].", "operand: "},
      {"source.", "operand: "},   {"init.", "operand: "},   {"condition.", "operand: "}, {"compared[].", "operand: "},
      {"place.", "place: "},      {"extent.", "place: "}};
  std::string out = path;
  for (const auto &[name, kind] : nested)
    if (const std::size_t at = path.rfind(name), size = std::string_view(name).size();
        at != std::string::npos && path.find('.', at + size) == std::string::npos)
      out = kind + path.substr(at + std::string(name).size());
  return out;
}

TEST(DumpText, EachFieldIsTold) {
  std::set<std::string> all, told;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const TUSummary s = test::SummaryGenerator(seed, 40 + seed % 50)(4);
    const std::string before = text(s);
    for (std::size_t k = 0;; ++k) {
      TUSummary changed = s;
      Poke poke{k, 0, {}, {}};
      visit(poke, changed);
      if (poke.found.empty())
        break;
      const std::string name = shortened(poke.found);
      all.insert(name);
      if (!told.contains(name) && text(changed) != before)
        told.insert(name);
    }
  }
  std::set<std::string> untold;
  std::ranges::set_difference(all, told, std::inserter(untold, untold.end()));
  // What tells bodies and types apart, and what the spelling of a type or the name of a member says already.
  EXPECT_EQ(untold,
            (std::set<std::string>{"entities[].name.build_namespace", "entities[].name.ordinal", "entities[].name.usr",
                                   "entities[].parameters[].pointee_const", "entities[].record", "functions[].body_hash",
                                   "functions[].parameter_count", "operand: type", "shared_bodies[].body_hash", "types[].args",
                                   "types[].identity", "types[].pointee", "types[].qualified", "types[].result"}));
  EXPECT_GT(all.size(), 150u);
}

void collect_keys(const llvm::json::Value &value, std::set<std::string> &out) {
  if (const llvm::json::Object *object = value.getAsObject())
    for (const auto &[name, inner] : *object) {
      out.insert(name.str());
      collect_keys(inner, out);
    }
  if (const llvm::json::Array *array = value.getAsArray())
    for (const llvm::json::Value &inner : *array)
      collect_keys(inner, out);
}
TEST(DumpJson, ShowsEachField) {
  std::set<std::string> shown, all;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    TUSummary s = test::SummaryGenerator(seed, 80)(5);
    collect_keys(dump_json(s), shown);
    for (std::size_t k = 0;; ++k) {
      Poke poke{k, 0, {}, {}};
      visit(poke, s);
      if (poke.found.empty())
        break;
      all.insert(poke.found.substr(poke.found.rfind('.') + 1));
    }
  }
  std::set<std::string> missing;
  std::ranges::set_difference(all, shown, std::inserter(missing, missing.end()));
  EXPECT_EQ(missing, (std::set<std::string>{}));
}

} // namespace
} // namespace tenterhook::facts
