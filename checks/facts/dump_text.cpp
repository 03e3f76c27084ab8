// dump_text: facts for people and FileCheck, one line an operation. The syntax is documented in docs/facts.md.
#include "facts/codec.h"
#include "facts/labels.h"
#include "facts/schema.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::facts {

namespace {

// The words that hold, as " [a b]"; nothing if none does.
std::string flags(std::initializer_list<std::pair<bool, llvm::StringRef>> all) {
  std::string words;
  for (const auto &[set, word] : all)
    if (set)
      words += (words.empty() ? "" : " ") + word.str();
  return words.empty() ? "" : " [" + words + "]";
}

class TextDump {
public:
  TextDump(const TUSummary &summary, llvm::raw_ostream &out) : s_(summary), labels_(summary), out_(out) {}

  void run() {
    out_ << "tu " << s_.main_file << "\n";
    if (!s_.target.empty())
      out_ << "target " << s_.target << "\n";
    out_ << "bodies " << s_.bodies_seen;
    if (s_.capped_bodies)
      out_ << " capped " << s_.capped_bodies;
    out_ << "\n";
    for (const StringId f : s_.files)
      out_ << "file " << labels_.string(f) << "\n";
    for (const Diagnostic &d : s_.errors)
      out_ << "error " << labels_.string(d.message) << at(d.place) << "\n";
    for (const Function &f : s_.functions)
      function(f);
    for (const auto &[entity, hash] : s_.shared_bodies)
      out_ << "shared " << labels_.entity(entity) << "\n";
    entities();
    for (const Type &t : s_.types)
      type(t);
    for (const Capability &c : s_.capabilities)
      capability(c);
    for (const Suppression &x : s_.suppressions)
      suppression(x);
  }

private:
  std::string at(const Place &p) const { return p.valid() ? "  @ " + labels_.place(p) : ""; }

  std::string list(const std::vector<Operand> &args, const FunctionLabels &names) const {
    std::string out;
    for (const Operand &a : args)
      out += (out.empty() ? "" : ", ") + names.operand(a);
    return args.empty() ? "" : "(" + out + ")";
  }

  void function(const Function &f) {
    const FunctionLabels names(labels_, &f);
    out_ << "\nfunction " << labels_.body(f.entity);
    if (f.return_type != none)
      out_ << " : " << labels_.type(f.return_type);
    out_ << flags({{f.coroutine, "coroutine"},
                   {f.generator, "generator"},
                   {f.lambda, "lambda"},
                   {f.constructor, "constructor"},
                   {f.destructor, "destructor"},
                   {f.is_static, "static"},
                   {f.is_virtual, "virtual"},
                   {f.is_noexcept, "noexcept"},
                   {f.before_main, "before-main"},
                   {f.constant_init, "constant"},
                   {!f.user_code, "system"}});
    if (f.extent.valid())
      out_ << "  @ " << labels_.extent(f.extent);
    out_ << "\n";
    if (f.enclosing != none)
      out_ << "  in " << labels_.entity(f.enclosing) << "\n";
    for (const EntityId o : f.overrides)
      out_ << "  overrides " << labels_.entity(o) << "\n";
    if (f.has_constant_return)
      out_ << "  returns-constant " << f.constant_return << "\n";
    const FunctionLabels outside(labels_, labels_.body_of(f.enclosing));
    for (const Capture &c : f.captures)
      capture(c, outside);
    for (LocalId l = 0; l < f.locals.size(); ++l)
      local(f, l, names);
    for (BlockId b = 0; b < f.blocks.size(); ++b)
      block(f, b, names);
  }

  void capture(const Capture &c, const FunctionLabels &outside) {
    out_ << "  capture ";
    switch (c.kind) {
    case CaptureKind::by_copy: out_ << labels_.string(c.name); break;
    case CaptureKind::by_reference: out_ << "&" << labels_.string(c.name); break;
    case CaptureKind::self: out_ << "this"; break;
    case CaptureKind::self_copy: out_ << "*this"; break;
    }
    out_ << " : " << labels_.type(c.type);
    if (c.source.kind != OperandKind::unknown)
      out_ << " = " << outside.operand(c.source);
    out_ << "\n";
  }

  void local(const Function &f, LocalId id, const FunctionLabels &names) {
    const Local &l = f.locals[id];
    out_ << (l.parameter ? "  param " : "  local ") << names.local(id) << " : " << labels_.type(l.type)
         << flags({{l.is_static, "static"}});
    if (l.init.kind != OperandKind::unknown)
      out_ << " = " << names.operand(l.init);
    out_ << at(l.place) << "\n";
  }

  void block(const Function &f, BlockId id, const FunctionLabels &names) {
    const Block &b = f.blocks[id];
    out_ << "  block " << id
         << (id == 0   ? " entry"
             : id == 1 ? " exit"
                       : "")
         << (b.handler ? " handler" : "") << (b.unwind != none ? " unwind " + std::to_string(b.unwind) : "")
         << (b.again != none ? " again " + std::to_string(b.again) : "") << "\n";
    for (std::uint64_t op = b.first, end = op + b.count; op < end && op < f.ops.size(); ++op)
      out_ << "    %" << op << ": " << operation(f.ops[op], names) << "\n";
    terminator(b, names);
  }

  void terminator(const Block &b, const FunctionLabels &names) {
    const auto target = [](BlockId s) { return s == none ? std::string("unreachable") : std::to_string(s); };
    if (b.succs.empty())
      return;
    if (b.succs.size() == 1 && !b.branch.present) {
      out_ << "    goto " << target(b.succs[0]) << "\n";
      return;
    }
    const auto compared = [&](std::size_t i) {
      return i < b.branch.compared.size() ? names.operand(b.branch.compared[i]) : std::string("?");
    };
    std::string condition = "?";
    if (b.branch.present) {
      condition = names.operand(b.branch.condition);
      if (b.branch.compares)
        condition += (b.branch.negated ? " != " : " == ") + std::to_string(b.branch.value);
      else if (b.branch.negated)
        condition = "!" + condition;
    } else if (b.branch.relation != Relation::none) {
      condition = compared(0) + sign(b.branch.relation).str() + compared(1);
    } else if (!b.cases.empty()) {
      condition = compared(0);
    }
    if (!b.cases.empty()) {
      out_ << "    switch " << condition;
      for (const Case &c : b.cases) {
        const std::string range = c.low == c.high ? "" : ".." + std::to_string(c.high);
        out_ << (&c == &b.cases.front() ? " " : ", ") << (c.otherwise ? "default" : std::to_string(c.low) + range) << " to "
             << target(c.edge < b.succs.size() ? b.succs[c.edge] : none);
      }
    } else if (b.succs.size() == 2)
      out_ << "    if " << condition << " then " << target(b.succs[0]) << " else " << target(b.succs[1]);
    else {
      out_ << "    switch " << condition << " to";
      for (const BlockId s : b.succs)
        out_ << " " << target(s);
    }
    out_ << at(b.branch.place) << "\n";
  }

  std::string operation(const Operation &op, const FunctionLabels &names) {
    std::string out;
    switch (op.kind) {
    case OpKind::call:
      out = "call " + labels_.entity(op.callee) + list(op.args, names);
      if (op.receiver.kind != OperandKind::unknown)
        out += " on " + names.operand(op.receiver);
      if (const std::string type = labels_.type(op.type); op.type != none && type != "void")
        out += " : " + type;
      if (op.makes != none)
        out += " makes " + (op.made_by != none ? labels_.signature(op.made_by) : labels_.type(op.makes));
      break;
    case OpKind::construct:
      out = "construct " + (op.type != none ? labels_.type(op.type) : labels_.entity(op.callee));
      if (op.array)
        out += "[]";
      if (op.path.valid())
        out += " " + names.path(op.path);
      out += list(op.args, names);
      if (!op.with.empty())
        out += " at " + names.operand(op.with[0]);
      break;
    case OpKind::destroy: out = "destroy " + labels_.type(op.type) + (op.array ? "[] " : " ") + names.path(op.path); break;
    case OpKind::access:
      out = access(op.access) + " " + names.path(op.path);
      if (!op.args.empty())
        out += " = " + names.operand(op.args[0]);
      if (op.step != Step::none)
        out += (op.step == Step::add        ? " += "
                : op.step == Step::subtract ? " -= "
                                            : " ?= ") +
               (op.with.empty() ? "?" : names.operand(op.with[0]));
      break;
    case OpKind::await: out = "await " + operands(op, names) + protocol(op); break;
    case OpKind::yield: out = "yield " + operands(op, names); break;
    case OpKind::ret: out = op.args.empty() ? "return" : "return " + operands(op, names); break;
    case OpKind::closure: out = "closure " + labels_.entity(op.callee); break;
    case OpKind::throw_: out = op.args.empty() ? "throw" : "throw " + operands(op, names); break;
    case OpKind::asm_: out = "asm" + list(op.args, names); break;
    }
    const bool told = op.allocation != Allocation::unknown && op.allocation != Allocation::automatic &&
                      op.allocation != Allocation::temporary && op.allocation != Allocation::part;
    out += flags({{told, told ? name_of(op.allocation) : ""},
                  {op.result_dropped, "drops-result"},
                  {op.virtual_call, "virtual"},
                  {op.prvalue_result, "prvalue"},
                  {op.explicit_delete, "delete"},
                  {op.implicit, "implicit"},
                  {op.in_unevaluated_catch, "catch"}});
    if (const std::string use = names.result_use(op.use); !use.empty())
      out += " " + use;
    return out + at(op.place);
  }

  std::string operands(const Operation &op, const FunctionLabels &names) {
    std::string out;
    for (const Operand &a : op.args)
      out += (out.empty() ? "" : ", ") + names.operand(a);
    return out;
  }

  static std::string access(std::uint8_t bits) {
    std::string out;
    const auto add = [&](AccessKind kind, llvm::StringRef word) {
      if (bits & static_cast<std::uint8_t>(kind))
        out += (out.empty() ? "" : "-") + word.str();
    };
    add(AccessKind::read, "read");
    add(AccessKind::write, "write");
    add(AccessKind::address, "address");
    return out.empty() ? "access" : out;
  }

  std::string protocol(const Operation &op) {
    std::string out;
    const auto add = [&](EntityId entity, llvm::StringRef role) {
      if (entity != none)
        out += (out.empty() ? "" : ", ") + role.str() + " " + labels_.entity(entity);
    };
    add(op.await_transform, "transform");
    add(op.operator_co_await, "operator");
    add(op.await_ready, "ready");
    add(op.await_suspend, "suspend");
    add(op.await_resume, "resume");
    return out.empty() ? "" : " {" + out + "}";
  }

  // Variables, fields, the signatures of functions, and annotations: what no operation shows.
  void entities() {
    for (EntityId id = 0; id < s_.entities.size(); ++id) {
      const Entity &e = s_.entities[id];
      const Function *body = labels_.body_of(id);
      if (e.kind == EntityKind::record && e.annotations.empty())
        continue;
      if (body && (body->constant_init || body->before_main)) // has no name in the code
        continue;
      out_ << name_of(e.kind) << "-entity " << labels_.signature(id);
      if (e.type != none)
        out_ << " : " << labels_.type(e.type);
      out_ << flags({{e.internal_linkage, "internal"},
                     {e.system, "system"},
                     {e.is_thread_local, "thread_local"},
                     {e.is_const || e.const_method, "const"},
                     {e.is_mutable, "mutable"},
                     {e.c_linkage, "C"},
                     {e.is_noexcept, "noexcept"},
                     {e.returns_twice, "returns-twice"}});
      for (const StringId a : e.annotations)
        out_ << " annotation(" << labels_.string(a) << ")";
      out_ << at(e.place) << "\n";
    }
  }

  void capability(const Capability &c) {
    const FunctionLabels names(labels_, labels_.body_of(c.entity));
    out_ << "capability " << labels_.string(c.attribute) << "(";
    for (const CapabilityArgument &a : c.args)
      out_ << (&a == &c.args.front() ? "" : ", ") << (a.negative ? "!" : "")
           << (a.path.valid() ? names.path(a.path) : "\"" + labels_.string(a.text) + "\"");
    out_ << ")" << (c.value ? " = " + std::to_string(c.value) : "") << " on " << labels_.entity(c.entity) << "\n";
  }

  // Types that say more than their name.
  void type(const Type &t) {
    const bool plain = !t.atomic && !t.is_union && !t.capability && !t.scoped_capability && t.kind != TypeKind::array &&
                       !t.awaitable && !t.coroutine && !t.unlocks && !t.basic_lockable && !t.closure && t.bases.empty() &&
                       t.fields.empty() && t.destructor == none && t.call_operator == none && t.await_result == none;
    if (plain)
      return;
    out_ << "type " << labels_.string(t.spelling)
         << flags({{t.system, "system"},
                   {t.awaitable, "awaitable"},
                   {t.coroutine, "coroutine"},
                   {t.initial_suspend == InitialSuspend::lazy, "lazy"},
                   {t.initial_suspend == InitialSuspend::eager, "eager"},
                   {t.detached, "detached"},
                   {t.basic_lockable, "lockable"},
                   {t.unlocks, "unlocks"},
                   {t.empty, "empty"},
                   {t.closure, "closure"},
                   {t.is_union, "union"},
                   {t.atomic, "atomic"},
                   {t.kind == TypeKind::array, "array"},
                   {t.scoped_capability, "scoped-capability"},
                   {t.nontrivial_destructor, "nontrivial-destructor"}})
         << (t.capability ? " capability(" + labels_.string(t.capability) + ")" : "")
         << (t.extent ? " extent " + std::to_string(t.extent) : "") << at(t.place) << "\n";
    for (const TypeId b : t.bases)
      out_ << "  base " << labels_.type(b) << "\n";
    for (const FieldInfo &f : t.fields)
      out_ << "  field " << labels_.entity(f.entity) << " : " << labels_.type(f.type)
           << (f.bit_width ? " bits " + std::to_string(f.bit_width) + " unit " + std::to_string(f.unit) : "") << "\n";
    if (t.await_result != none)
      out_ << "  await-result " << labels_.type(t.await_result) << "\n";
    if (t.call_operator != none)
      out_ << "  call-operator " << labels_.entity(t.call_operator) << "\n";
    if (t.destructor != none)
      out_ << "  destructor " << labels_.entity(t.destructor) << "\n";
  }

  void suppression(const Suppression &x) {
    out_ << "suppress ";
    if (x.checks.empty())
      out_ << "*";
    for (std::size_t i = 0; i < x.checks.size(); ++i)
      out_ << (i ? "," : "") << labels_.string(x.checks[i]);
    out_ << " lines " << x.first_line << "-" << x.last_line;
    Place comment{x.file, x.comment_line, 1, 0, 0};
    out_ << at(comment) << "\n";
  }

  const TUSummary &s_;
  const Labels labels_;
  llvm::raw_ostream &out_;
};

} // namespace

void dump_text(const TUSummary &summary, llvm::raw_ostream &out) { TextDump(summary, out).run(); }

} // namespace tenterhook::facts
