// The fields of every fact, listed once.
//
// `visit(io, x)` calls `io` for each field of `x` in a fixed order, with the field's name and what it means (a number,
// a choice, an index into one of the tables, a part, a list). Encoder, decoder, validator, JSON writer and the tests'
// generator are such `io`s, so no field can be known to one and forgotten by another; a unit test counts the fields of
// each struct against its list here. The order of fields and enumerators is part of the stored format: a change of it
// is a new format_version.
//
// An io has:  number(name, integer or bool &)            choice(name, enum &)
//             id<Table>(name, uint32 &)                  ids<Table>(name, vector of uint32 &)
//             root_id(name, RootKind, uint32 &)          text(name, std::string &)
//             part(name, struct &)                       parts(name, vector of structs &)
// All references are const if `x` is.
#ifndef TENTERHOOK_CHECKS_FACTS_SCHEMA_H
#define TENTERHOOK_CHECKS_FACTS_SCHEMA_H

#include "facts/tu_summary.h"
#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>

namespace tenterhook::facts {

enum class Table : std::uint8_t { strings, entities, types, ops, blocks, keys };

template <class T, class U>
concept MaybeConst = std::same_as<std::remove_const_t<T>, U>;

// Enumerators by value; the size is what a decoded value is tested against.
template <class E> inline constexpr std::array<std::string_view, 0> names_of{};
template <>
inline constexpr std::array names_of<RootKind> =
    std::to_array<std::string_view>({"none", "local", "global", "self", "capture", "result", "string"});
template <>
inline constexpr std::array names_of<StepKind> =
    std::to_array<std::string_view>({"field", "deref", "index", "base", "container"});
template <> inline constexpr std::array names_of<KeyKind> = std::to_array<std::string_view>({"unknown", "constant", "path"});
template <> inline constexpr std::array names_of<Step> = std::to_array<std::string_view>({"none", "add", "subtract", "other"});
template <>
inline constexpr std::array names_of<Relation> =
    std::to_array<std::string_view>({"none", "equal", "unequal", "less", "less_equal", "greater", "greater_equal"});
template <>
inline constexpr std::array names_of<Allocation> =
    std::to_array<std::string_view>({"unknown", "automatic", "static", "thread", "temporary", "part", "heap", "placement"});
template <>
inline constexpr std::array names_of<EntityKind> = std::to_array<std::string_view>({"function", "variable", "field", "record"});
template <>
inline constexpr std::array names_of<TypeKind> =
    std::to_array<std::string_view>({"other", "record", "pointer", "lvalue_reference", "rvalue_reference", "integer", "boolean",
                                     "floating", "enumeration", "function", "array", "member_pointer"});
template <> inline constexpr std::array names_of<InitialSuspend> = std::to_array<std::string_view>({"unknown", "lazy", "eager"});
template <>
inline constexpr std::array names_of<OperandKind> =
    std::to_array<std::string_view>({"unknown", "path", "constant", "string", "null", "result", "closure", "function", "select",
                                     "both", "either", "compare", "bits_or", "bits_and"});
template <>
inline constexpr std::array names_of<UseKind> = std::to_array<std::string_view>(
    {"other", "discarded", "voided", "awaited", "stored", "returned", "argument", "receiver", "condition", "yielded"});
template <>
inline constexpr std::array names_of<OpKind> = std::to_array<std::string_view>(
    {"call", "construct", "destroy", "access", "await", "yield", "return", "closure", "throw", "asm"});
template <>
inline constexpr std::array names_of<CaptureKind> =
    std::to_array<std::string_view>({"by_copy", "by_reference", "self", "self_copy"});

template <class E> constexpr std::string_view name_of(E e) { return names_of<E>[static_cast<std::size_t>(e)]; }

template <class Io, MaybeConst<Place> T> void visit(Io &io, T &x) {
  io.template id<Table::strings>("file", x.file);
  io.number("line", x.line);
  io.number("column", x.column);
  io.number("end_line", x.end_line);
  io.number("end_column", x.end_column);
}

template <class Io, MaybeConst<EntityName> T> void visit(Io &io, T &x) {
  io.text("usr", x.usr);
  io.number("ordinal", x.ordinal);
  io.text("build_namespace", x.build_namespace);
}

template <class Io, MaybeConst<Parameter> T> void visit(Io &io, T &x) {
  io.template id<Table::types>("type", x.type);
  io.number("pointee_const", x.pointee_const);
  io.number("has_default", x.has_default);
}

template <class Io, MaybeConst<Entity> T> void visit(Io &io, T &x) {
  io.part("name", x.name);
  io.choice("kind", x.kind);
  io.template id<Table::strings>("qualified", x.qualified);
  io.template id<Table::strings>("display", x.display);
  io.part("place", x.place);
  io.template id<Table::types>("type", x.type);
  io.template id<Table::types>("record", x.record);
  io.number("internal_linkage", x.internal_linkage);
  io.number("system", x.system);
  io.number("is_thread_local", x.is_thread_local);
  io.number("is_const", x.is_const);
  io.number("is_mutable", x.is_mutable);
  io.parts("parameters", x.parameters);
  io.number("const_method", x.const_method);
  io.number("variadic", x.variadic);
  io.number("c_linkage", x.c_linkage);
  io.number("is_noexcept", x.is_noexcept);
  io.number("returns_twice", x.returns_twice);
  io.template ids<Table::strings>("annotations", x.annotations);
}

template <class Io, MaybeConst<FieldInfo> T> void visit(Io &io, T &x) {
  io.template id<Table::entities>("entity", x.entity);
  io.template id<Table::types>("type", x.type);
  io.number("bit_width", x.bit_width);
  io.number("unit", x.unit);
}

template <class Io, MaybeConst<Type> T> void visit(Io &io, T &x) {
  io.choice("kind", x.kind);
  io.template id<Table::strings>("spelling", x.spelling);
  io.template id<Table::strings>("qualified", x.qualified);
  io.template id<Table::strings>("identity", x.identity);
  io.template id<Table::types>("pointee", x.pointee);
  io.template id<Table::types>("result", x.result);
  io.number("extent", x.extent);
  io.number("atomic", x.atomic);
  io.number("is_union", x.is_union);
  io.template id<Table::strings>("capability", x.capability);
  io.number("scoped_capability", x.scoped_capability);
  io.template ids<Table::types>("args", x.args);
  io.template ids<Table::types>("bases", x.bases);
  io.parts("fields", x.fields);
  io.part("place", x.place);
  io.number("system", x.system);
  io.number("awaitable", x.awaitable);
  io.number("coroutine", x.coroutine);
  io.choice("initial_suspend", x.initial_suspend);
  io.number("detached", x.detached);
  io.number("basic_lockable", x.basic_lockable);
  io.number("unlocks", x.unlocks);
  io.number("empty", x.empty);
  io.number("closure", x.closure);
  io.number("nontrivial_destructor", x.nontrivial_destructor);
  io.template id<Table::types>("await_result", x.await_result);
  io.template id<Table::entities>("call_operator", x.call_operator);
  io.template id<Table::entities>("destructor", x.destructor);
}

template <class Io, MaybeConst<PathStep> T> void visit(Io &io, T &x) {
  io.choice("kind", x.kind);
  io.template id<Table::entities>("field", x.field);
  io.choice("key", x.key);
  io.template id<Table::keys>("path", x.path);
  io.number("offset", x.offset);
}

template <class Io, MaybeConst<AccessPath> T> void visit(Io &io, T &x) {
  io.choice("root", x.root);
  io.root_id("id", x.root, x.id);
  io.parts("steps", x.steps);
  io.number("truncated", x.truncated);
}

template <class Io, MaybeConst<Operand> T> void visit(Io &io, T &x) {
  io.choice("kind", x.kind);
  io.part("path", x.path);
  io.number("value", x.value);
  io.template id<Table::strings>("text", x.text);
  io.template id<Table::ops>("op", x.op);
  io.template id<Table::entities>("entity", x.entity);
  io.template id<Table::types>("type", x.type);
  io.number("moved", x.moved);
  io.number("defaulted", x.defaulted);
  io.number("address", x.address);
  io.number("by_reference", x.by_reference);
  io.choice("relation", x.relation);
  io.parts("choices", x.choices);
}

template <class Io, MaybeConst<ResultUse> T> void visit(Io &io, T &x) {
  io.choice("kind", x.kind);
  io.part("target", x.target);
  io.template id<Table::ops>("user", x.user);
  io.template id<Table::strings>("macro", x.macro);
}

template <class Io, MaybeConst<Operation> T> void visit(Io &io, T &x) {
  io.choice("kind", x.kind);
  io.part("place", x.place);
  io.template id<Table::entities>("callee", x.callee);
  io.template id<Table::types>("type", x.type);
  io.part("receiver", x.receiver);
  io.parts("args", x.args);
  io.part("path", x.path);
  io.part("use", x.use);
  io.number("access", x.access);
  io.choice("step", x.step);
  io.choice("allocation", x.allocation);
  io.parts("with", x.with);
  io.template id<Table::types>("makes", x.makes);
  io.template id<Table::entities>("made_by", x.made_by);
  io.number("array", x.array);
  io.number("result_dropped", x.result_dropped);
  io.number("virtual_call", x.virtual_call);
  io.number("prvalue_result", x.prvalue_result);
  io.number("explicit_delete", x.explicit_delete);
  io.number("implicit", x.implicit);
  io.number("in_unevaluated_catch", x.in_unevaluated_catch);
  io.template id<Table::entities>("await_transform", x.await_transform);
  io.template id<Table::entities>("operator_co_await", x.operator_co_await);
  io.template id<Table::entities>("await_ready", x.await_ready);
  io.template id<Table::entities>("await_suspend", x.await_suspend);
  io.template id<Table::entities>("await_resume", x.await_resume);
}

template <class Io, MaybeConst<Branch> T> void visit(Io &io, T &x) {
  io.part("condition", x.condition);
  io.number("negated", x.negated);
  io.number("present", x.present);
  io.number("compares", x.compares);
  io.number("value", x.value);
  io.choice("relation", x.relation);
  io.parts("compared", x.compared);
  io.part("place", x.place);
}

template <class Io, MaybeConst<Case> T> void visit(Io &io, T &x) {
  io.number("edge", x.edge);
  io.number("otherwise", x.otherwise);
  io.number("low", x.low);
  io.number("high", x.high);
}

template <class Io, MaybeConst<Block> T> void visit(Io &io, T &x) {
  io.number("first", x.first);
  io.number("count", x.count);
  io.part("branch", x.branch);
  io.number("handler", x.handler);
  io.template ids<Table::blocks>("succs", x.succs);
  io.parts("cases", x.cases);
  io.template id<Table::blocks>("unwind", x.unwind);
  io.template id<Table::blocks>("again", x.again);
}

template <class Io, MaybeConst<Capture> T> void visit(Io &io, T &x) {
  io.choice("kind", x.kind);
  io.template id<Table::strings>("name", x.name);
  io.template id<Table::types>("type", x.type);
  io.part("source", x.source);
}

template <class Io, MaybeConst<Local> T> void visit(Io &io, T &x) {
  io.template id<Table::strings>("name", x.name);
  io.template id<Table::types>("type", x.type);
  io.part("place", x.place);
  io.number("parameter", x.parameter);
  io.number("is_static", x.is_static);
  io.part("init", x.init);
}

template <class Io, MaybeConst<Function> T> void visit(Io &io, T &x) {
  io.template id<Table::entities>("entity", x.entity);
  io.number("body_hash", x.body_hash);
  io.part("extent", x.extent);
  io.template id<Table::types>("return_type", x.return_type);
  io.template id<Table::entities>("enclosing", x.enclosing);
  io.number("coroutine", x.coroutine);
  io.number("generator", x.generator);
  io.number("lambda", x.lambda);
  io.number("constructor", x.constructor);
  io.number("destructor", x.destructor);
  io.number("is_static", x.is_static);
  io.number("is_virtual", x.is_virtual);
  io.number("is_noexcept", x.is_noexcept);
  io.number("before_main", x.before_main);
  io.number("constant_init", x.constant_init);
  io.number("user_code", x.user_code);
  io.number("has_constant_return", x.has_constant_return);
  io.number("constant_return", x.constant_return);
  io.template ids<Table::entities>("overrides", x.overrides);
  io.parts("captures", x.captures);
  io.parts("keys", x.keys);
  io.number("parameter_count", x.parameter_count);
  io.parts("locals", x.locals);
  io.parts("ops", x.ops);
  io.parts("blocks", x.blocks);
}

// An element of TUSummary::shared_bodies.
template <class Io, MaybeConst<std::pair<EntityId, std::uint64_t>> T> void visit(Io &io, T &x) {
  io.template id<Table::entities>("entity", x.first);
  io.number("body_hash", x.second);
}

template <class Io, MaybeConst<CapabilityArgument> T> void visit(Io &io, T &x) {
  io.part("path", x.path);
  io.template id<Table::strings>("text", x.text);
  io.number("negative", x.negative);
}

template <class Io, MaybeConst<Capability> T> void visit(Io &io, T &x) {
  io.template id<Table::entities>("entity", x.entity);
  io.template id<Table::strings>("attribute", x.attribute);
  io.parts("args", x.args);
  io.number("value", x.value);
}

template <class Io, MaybeConst<Suppression> T> void visit(Io &io, T &x) {
  io.template id<Table::strings>("file", x.file);
  io.number("first_line", x.first_line);
  io.number("last_line", x.last_line);
  io.number("comment_line", x.comment_line);
  io.template ids<Table::strings>("checks", x.checks);
}

template <class Io, MaybeConst<Diagnostic> T> void visit(Io &io, T &x) {
  io.part("place", x.place);
  io.template id<Table::strings>("message", x.message);
}

// All but `strings`, which is the table that the rest points into. The large tables come last: a reader has then seen
// what they are about.
template <class Io, MaybeConst<TUSummary> T> void visit(Io &io, T &x) {
  io.text("main_file", x.main_file);
  io.text("target", x.target);
  io.number("bodies_seen", x.bodies_seen);
  io.number("capped_bodies", x.capped_bodies);
  io.template ids<Table::strings>("files", x.files);
  io.parts("shared_bodies", x.shared_bodies);
  io.parts("capabilities", x.capabilities);
  io.parts("suppressions", x.suppressions);
  io.parts("errors", x.errors);
  io.parts("entities", x.entities);
  io.parts("types", x.types);
  io.parts("functions", x.functions);
}

} // namespace tenterhook::facts

#endif
