// Builds facts by hand, for the tests of the analyses: entities and types by name, bodies block by block.
//
// A body begins with its entry (block 0, which goes on to block 2) and its exit (block 1); block() opens the next one and
// operations go to the one opened last. Invariants of operation.h are the test's to keep; `unit()` validates them.
#ifndef TENTERHOOK_TEST_UNIT_ANALYSIS_BUILDER_H
#define TENTERHOOK_TEST_UNIT_ANALYSIS_BUILDER_H

#include "facts/codec.h"
#include "program/program.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <gtest/gtest.h>

namespace tenterhook::analysis {

using namespace facts;

class Body {
public:
  Body(Function &function, StringId file) : f_(function), file_(file) {}
  LocalId local(StringId name, TypeId type, bool parameter = false) {
    f_.locals.push_back({name, type, {file_, 1, 1, 1, 2}, parameter, false, {}});
    f_.parameter_count += parameter;
    return static_cast<LocalId>(f_.locals.size() - 1);
  }
  BlockId block(std::vector<BlockId> succs, Branch branch = {}) {
    f_.blocks.push_back({static_cast<OpId>(f_.ops.size()), 0, std::move(branch), false, std::move(succs)});
    return static_cast<BlockId>(f_.blocks.size() - 1);
  }
  Operation &add(OpKind kind) {
    if (f_.blocks.size() == 2)
      block({1});
    ++f_.blocks.back().count;
    auto line = static_cast<std::uint32_t>(10 + f_.ops.size());
    Operation &op = f_.ops.emplace_back();
    op.kind = kind;
    op.place = {file_, line, 3, line, 9};
    return op;
  }
  OpId call(EntityId callee, std::vector<Operand> args = {}) {
    Operation &op = add(OpKind::call);
    op.callee = callee;
    op.args = std::move(args);
    op.use.kind = UseKind::discarded;
    return static_cast<OpId>(f_.ops.size() - 1);
  }
  OpId call_stored(EntityId callee, LocalId in, std::vector<Operand> args = {}) {
    OpId id = call(callee, std::move(args));
    f_.ops[id].use = {UseKind::stored, {RootKind::local, in, {}, false}, none};
    f_.ops[id].prvalue_result = true;
    f_.ops[id].type = f_.locals[in].type;
    return id;
  }
  void write(LocalId to, Operand value) {
    Operation &op = add(OpKind::access);
    op.path = {RootKind::local, to, {}, false};
    op.access = static_cast<std::uint8_t>(AccessKind::write);
    op.args.push_back(std::move(value));
  }
  Function &function() { return f_; }

private:
  Function &f_;
  StringId file_;
};

inline Operand local(LocalId l) {
  Operand o;
  o.kind = OperandKind::path;
  o.path = {RootKind::local, l, {}, false};
  return o;
}
inline Operand constant(std::int64_t value) {
  Operand o;
  o.kind = OperandKind::constant;
  o.value = value;
  return o;
}
inline Operand result(OpId op) {
  Operand o;
  o.kind = OperandKind::result;
  o.op = op;
  return o;
}
inline Operand function_named(EntityId e) {
  Operand o;
  o.kind = OperandKind::function;
  o.entity = e;
  return o;
}
inline Operand closure(EntityId e) {
  Operand o = function_named(e);
  o.kind = OperandKind::closure;
  return o;
}
inline Branch on(Operand condition) {
  Branch b;
  b.condition = std::move(condition);
  b.present = true;
  return b;
}

class Unit {
public:
  explicit Unit(const std::string &main_file, const std::string &target = "") {
    summary_.main_file = main_file;
    summary_.target = target;
    file_ = str(main_file);
    summary_.files.push_back(file_);
  }
  StringId str(const std::string &s) {
    auto &all = summary_.strings;
    for (StringId i = 0; i < all.size(); ++i)
      if (all[i] == s)
        return i;
    all.push_back(s);
    return static_cast<StringId>(all.size() - 1);
  }
  TypeId record(const std::string &name) {
    for (TypeId t = 0; t < summary_.types.size(); ++t)
      if (summary_.str(summary_.types[t].spelling) == name)
        return t;
    Type &type = summary_.types.emplace_back();
    type.kind = TypeKind::record;
    type.spelling = type.qualified = str(name);
    return static_cast<TypeId>(summary_.types.size() - 1);
  }
  // `file` not empty: the name is that file's own.
  EntityId entity(const std::string &name, const std::string &file = "", EntityKind kind = EntityKind::function) {
    for (EntityId e = 0; e < summary_.entities.size(); ++e)
      if (summary_.entities[e].name == EntityName{"c:" + name, 0, file})
        return e;
    Entity &entity = summary_.entities.emplace_back();
    entity.name = {"c:" + name, 0, file};
    entity.kind = kind;
    entity.qualified = entity.display = str(name);
    entity.internal_linkage = !file.empty();
    return static_cast<EntityId>(summary_.entities.size() - 1);
  }
  // A body of `e` that begins at `line` of `file` (this unit's, if empty). Valid until the next one.
  Body body(EntityId e, std::uint32_t line, const std::string &file = "", std::uint64_t hash = 0) {
    Function &f = summary_.functions.emplace_back();
    f.entity = e;
    StringId in = file.empty() ? file_ : str(file);
    f.extent = {in, line, 1, line + 9, 2};
    f.body_hash = hash ? hash : std::hash<std::string>()(summary_.main_file) + line;
    f.blocks.resize(2);
    f.blocks[0].succs = {2};
    return Body(f, in);
  }
  void error(const std::string &message) { summary_.errors.push_back({{}, str(message)}); } // it did not parse
  Entity &at(EntityId e) { return summary_.entities[e]; }
  Type &type_at(TypeId t) { return summary_.types[t]; }
  TUSummary unit() {
    for (Function &f : summary_.functions)
      if (f.blocks.size() == 2)
        f.blocks[0].succs = {1};
    llvm::Error error = validate(summary_);
    EXPECT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
    return summary_;
  }

private:
  TUSummary summary_;
  StringId file_ = 0;
};

// The body of the function named `name`, in `file` if given; `none` if there is no such one.
inline FunctionId find(const Program &program, const std::string &name, const std::string &file = "") {
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.qualified(program.functions[f].entity) == name &&
        (file.empty() || program.str(program.functions[f].extent.file) == file))
      return f;
  return none;
}

} // namespace tenterhook::analysis

#endif
