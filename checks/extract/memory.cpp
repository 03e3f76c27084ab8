// Expressions as memory: the access path that they name, or whose address they are.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

bool has_operator(const CXXRecordDecl *record, OverloadedOperatorKind op, unsigned depth = 0) {
  record = record ? record->getDefinition() : nullptr;
  if (!record || depth > 6)
    return false;
  if (!record->lookup(record->getASTContext().DeclarationNames.getCXXOperatorName(op)).empty())
    return true;
  for (const CXXBaseSpecifier &base : record->bases())
    if (has_operator(base.getType()->getAsCXXRecordDecl(), op, depth + 1))
      return true;
  return false;
}

// p.get() of a smart pointer or a reference wrapper. A future's get() is not one: futures have no operator->.
bool is_pointer_get(const CXXMemberCallExpr *call) {
  const CXXMethodDecl *method = call->getMethodDecl();
  if (!method || call->getNumArgs() != 0 || !method->getIdentifier() || method->getName() != "get")
    return false;
  const CXXRecordDecl *record = call->getRecordDecl();
  if (record && record->getIdentifier() && record->getName() == "reference_wrapper")
    return true;
  return method->getReturnType()->isPointerType() && (has_operator(record, OO_Arrow) || has_operator(record, OO_Star));
}

} // namespace

void BodyWalker::add_step(facts::AccessPath &path, facts::PathStep next) {
  if (path.truncated)
    return;
  std::size_t named = 0;
  for (const facts::PathStep &step : path.steps)
    named += step.kind != facts::StepKind::deref;
  if (next.kind != facts::StepKind::deref && named == facts::AccessPath::max_steps)
    path.truncated = true;
  else
    path.steps.push_back(next);
}

void BodyWalker::add_step(facts::AccessPath &path, facts::StepKind kind, facts::EntityId field) { add_step(path, {kind, field}); }

// Which element `index` means: a constant, or the value that some memory has here, plus a constant.
facts::PathStep BodyWalker::index_step(const Expr *index, bool negative) {
  using facts::KeyKind;
  facts::PathStep out{facts::StepKind::index};
  std::int64_t offset = 0;
  if (constant(index, offset)) {
    out.key = KeyKind::constant;
    out.offset = negative ? -static_cast<std::uint64_t>(offset) : offset;
    return out;
  }
  if (negative)
    return out;
  const Expr *inner = strip(index);
  if (const auto *sum = dyn_cast<BinaryOperator>(inner); sum && sum->isAdditiveOp()) {
    if (constant(sum->getRHS(), offset)) {
      inner = sum->getLHS();
      if (sum->getOpcode() == BO_Sub)
        offset = -static_cast<std::uint64_t>(offset);
    } else if (sum->getOpcode() == BO_Add && constant(sum->getLHS(), offset)) {
      inner = sum->getRHS();
    } else {
      return out;
    }
  }
  const Memory value = memory(inner);
  if (!value || value.address || value.path.truncated)
    return out;
  out.key = KeyKind::path;
  out.offset = offset;
  out.path = keys_.try_emplace(value.path, static_cast<std::uint32_t>(keys_.size())).first->second;
  if (out.path == out_.keys.size())
    out_.keys.push_back(value.path);
  return out;
}

// `step` elements behind the one that `pointer` points to.
Memory BodyWalker::element(Memory pointer, facts::PathStep step) {
  using facts::KeyKind;
  if (!pointer)
    return pointer;
  const bool sums = pointer.address && !pointer.path.steps.empty() && pointer.path.steps.back().kind == facts::StepKind::index;
  pointer.address = false;
  if (!sums) {
    add_step(pointer.path, step);
    return pointer;
  }
  facts::PathStep &last = pointer.path.steps.back(); // &a[i] + j
  const std::int64_t offset =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(last.offset) + static_cast<std::uint64_t>(step.offset));
  const bool two_values = step.key == KeyKind::path && last.key == KeyKind::path;
  if (step.key == KeyKind::unknown || last.key == KeyKind::unknown || two_values)
    last = {facts::StepKind::index};
  else if (step.key == KeyKind::path)
    last = step;
  if (last.key != KeyKind::unknown)
    last.offset = offset;
  return pointer;
}

// offsetof(T, a.b), also as people wrote it by hand: (size_t)&((T *)0)->a.b. Outermost field first.
bool BodyWalker::member_offset(const Expr *expr, llvm::SmallVectorImpl<const FieldDecl *> &fields) const {
  expr = strip(expr);
  if (const auto *offset = dyn_cast<OffsetOfExpr>(expr)) {
    for (unsigned i = 0; i < offset->getNumComponents(); ++i) {
      if (offset->getComponent(i).getKind() != OffsetOfNode::Field)
        return false;
      fields.push_back(offset->getComponent(i).getField());
    }
    return !fields.empty();
  }
  const auto *address = dyn_cast<UnaryOperator>(expr);
  if (!address || address->getOpcode() != UO_AddrOf)
    return false;
  const auto *member = dyn_cast<MemberExpr>(address->getSubExpr()->IgnoreParens());
  for (; member; member = dyn_cast<MemberExpr>(member->getBase()->IgnoreParens())) {
    const auto *field = dyn_cast<FieldDecl>(member->getMemberDecl());
    if (!field)
      return false;
    fields.insert(fields.begin(), field);
    std::int64_t base = 1;
    if (member->isArrow())
      return is_null(member->getBase()) || (constant(strip(member->getBase()), base) && base == 0);
  }
  return false;
}

// `p + i`, and the object around a member: (T *)((char *)p - offsetof(T, member)).
Memory BodyWalker::memory_of_arithmetic(const BinaryOperator *binary) {
  const Expr *pointer = binary->getLHS(), *by = binary->getRHS();
  if (!pointer->getType()->isPointerType())
    std::swap(pointer, by);
  if (!pointer->getType()->isPointerType() || by->getType()->isPointerType())
    return {};
  Memory out = memory(pointer);
  if (!out)
    return out;
  llvm::SmallVector<const FieldDecl *, 2> fields;
  if (binary->getOpcode() == BO_Sub && member_offset(by, fields)) {
    out = dereferenced(out);
    for (const FieldDecl *field : llvm::reverse(fields))
      add_step(out.path, facts::StepKind::container, namer_.field(field));
  } else {
    out = element(std::move(out), index_step(by, binary->getOpcode() == BO_Sub));
  }
  out.address = true;
  return out;
}

Memory BodyWalker::dereferenced(Memory pointer) {
  if (!pointer)
    return pointer;
  if (pointer.address)
    pointer.address = false;
  else
    add_step(pointer.path, facts::StepKind::deref);
  return pointer;
}

Memory BodyWalker::memory_of_variable(const ValueDecl *decl) {
  Memory out;
  if (const auto *binding = dyn_cast<BindingDecl>(decl)) {
    if (const VarDecl *holder = binding->getHoldingVar())
      return memory_of_variable(holder);
    return binding->getBinding() ? memory(binding->getBinding()) : out;
  }
  const auto *var = dyn_cast<VarDecl>(decl);
  if (!var)
    return out;
  if (var->hasGlobalStorage()) {
    out.path.root = facts::RootKind::global;
    out.path.id = namer_.variable(var);
  } else if (auto it = captures_.find(var); it != captures_.end()) {
    out.path.root = facts::RootKind::capture;
    out.path.id = it->second;
  } else if (auto local = locals_.find(var); local != locals_.end()) {
    out.path.root = facts::RootKind::local;
    out.path.id = local->second;
  }
  return out;
}

Memory BodyWalker::memory_of_call(const CallExpr *call) {
  bool takes_address = false;
  if (is_identity_call(call, nullptr, &takes_address) && takes_address) {
    Memory m = memory(call->getArg(0));
    if (m && !m.path.steps.empty() && m.path.steps.back().kind == facts::StepKind::deref)
      m.path.steps.pop_back();
    else
      m.address = m.path.valid();
    return m;
  }
  if (const auto *op = dyn_cast<CXXOperatorCallExpr>(call)) {
    if (!op->getArg(0)->getType()->isRecordType())
      return {};
    if (op->getOperator() == OO_Arrow)
      return memory(op->getArg(0));
    if (op->getOperator() == OO_Star && op->getNumArgs() == 1 && op->isGLValue())
      return dereferenced(memory(op->getArg(0)));
    if (op->getOperator() == OO_Subscript && op->isGLValue()) {
      Memory m = memory(op->getArg(0));
      if (m && op->getNumArgs() == 2)
        add_step(m.path, index_step(op->getArg(1)));
      return m;
    }
    return {};
  }
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(call); member && is_pointer_get(member)) {
    Memory m = memory(member->getImplicitObjectArgument());
    if (cast<MemberExpr>(member->getCallee()->IgnoreParens())->isArrow())
      m = dereferenced(m);
    return member->isGLValue() ? dereferenced(m) : m;
  }
  return {};
}

Memory BodyWalker::memory(const Expr *expr) {
  expr = strip(expr);
  if (const auto *call = dyn_cast<CallExpr>(expr))
    if (Memory m = memory_of_call(call))
      return m;
  Memory out;
  if (const facts::OpId op = op_of(expr); op != facts::none) {
    out.path.root = facts::RootKind::result;
    out.path.id = op;
    return out;
  }
  if (const auto *ref = dyn_cast<DeclRefExpr>(expr))
    return memory_of_variable(ref->getDecl());
  if (const auto *member = dyn_cast<MemberExpr>(expr)) {
    if (const auto *var = dyn_cast<VarDecl>(member->getMemberDecl()))
      return memory_of_variable(var);
    const auto *field = dyn_cast<FieldDecl>(member->getMemberDecl());
    if (!field)
      return out;
    out = memory(member->getBase());
    if (member->isArrow())
      out = dereferenced(out);
    if (out)
      add_step(out.path, facts::StepKind::field, namer_.field(field));
    return out;
  }
  if (isa<CXXThisExpr>(expr)) {
    out.path.root = facts::RootKind::self;
    out.address = true;
    return out;
  }
  if (const auto *unary = dyn_cast<UnaryOperator>(expr)) {
    switch (unary->getOpcode()) {
    case UO_Deref: {
      const Memory pointer = memory(unary->getSubExpr());
      if (!strip(unary->getSubExpr())->getType()->isArrayType())
        return dereferenced(pointer);
      facts::PathStep first{facts::StepKind::index};
      first.key = facts::KeyKind::constant;
      return element(pointer, first);
    }
    case UO_PreInc:
    case UO_PreDec: return memory(unary->getSubExpr());
    case UO_PostInc:
    case UO_PostDec: { // the old value of a pointer, told by the new one
      if (!unary->getType()->isPointerType())
        return out;
      facts::PathStep back{facts::StepKind::index};
      back.key = facts::KeyKind::constant;
      back.offset = unary->getOpcode() == UO_PostInc ? -1 : 1;
      out = element(memory(unary->getSubExpr()), back);
      out.address = out.path.valid();
      return out;
    }
    case UO_AddrOf:
      out = memory(unary->getSubExpr());
      if (out && !out.path.steps.empty() && out.path.steps.back().kind == facts::StepKind::deref)
        out.path.steps.pop_back();
      else
        out.address = out.path.valid();
      return out;
    default: return out;
    }
  }
  if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(expr)) {
    return element(memory(subscript->getBase()), index_step(subscript->getIdx()));
  }
  if (const auto *sum = dyn_cast<BinaryOperator>(expr); sum && sum->isAdditiveOp() && sum->getType()->isPointerType())
    return memory_of_arithmetic(sum);
  if (const auto *assign = dyn_cast<BinaryOperator>(expr); assign && assign->isAssignmentOp())
    return memory(assign->getLHS());
  return out;
}

} // namespace tenterhook::extract
