// CFG elements → operations. Each function here handles one kind of element; expressions that are only parts of
// operands (names, casts, literals) give none.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

const CallExpr *call_named(const Expr *expr, llvm::StringRef name) {
  if (!expr)
    return nullptr;
  llvm::SmallVector<const Stmt *, 8> todo{expr};
  while (!todo.empty()) {
    const Stmt *stmt = todo.pop_back_val();
    if (!stmt)
      continue;
    if (const auto *call = dyn_cast<CallExpr>(stmt)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (callee && callee->getIdentifier() && callee->getName() == name)
        return call;
    }
    for (const Stmt *child : stmt->children())
      todo.push_back(child);
  }
  return nullptr;
}

bool is_deref_operator(const CallExpr *call) {
  const auto *op = dyn_cast<CXXOperatorCallExpr>(call);
  if (!op)
    return false;
  return op->getOperator() == OO_Arrow || (op->getOperator() == OO_Star && op->getNumArgs() == 1);
}

} // namespace

facts::Operation &BodyWalker::emit(facts::OpKind kind, facts::Place place, const Stmt *at, const Expr *value) {
  const auto id = static_cast<facts::OpId>(out_.ops.size());
  Op &op = out_.ops.emplace_back();
  op.kind = kind;
  op.place = place;
  made_in_.push_back(current_);
  if (at)
    op.in_unevaluated_catch = map_.info(at).in_catch;
  if (value) {
    ops_.try_emplace(value, id);
    uses_.emplace_back(id, value);
  }
  return op;
}

// The method that a call of a virtual one must reach: the class is final, the object is held by value, the name is
// qualified. Null: only the run tells.
const CXXMethodDecl *BodyWalker::static_target(const CallExpr *call, const CXXMethodDecl *method) const {
  if (!method->isVirtual() || isa<CXXDestructorDecl>(method))
    return method;
  const auto *member = dyn_cast<MemberExpr>(call->getCallee()->IgnoreParens());
  if (member && member->hasQualifier())
    return method;
  const Expr *object = member ? member->getBase() : isa<CXXOperatorCallExpr>(call) ? call->getArg(0) : nullptr;
  return object ? method->getDevirtualizedMethod(object, /*IsAppleKext=*/false) : nullptr;
}

// The operations of a default argument that someone wrote: the CFG does not enter them, because every call shares them.
void BodyWalker::default_argument(const Stmt *stmt) {
  if (!stmt || isa<LambdaExpr>(stmt))
    return;
  for (const Stmt *child : stmt->children())
    default_argument(child);
  if (const auto *expr = dyn_cast<Expr>(stmt))
    ops_.erase(expr); // of an earlier call
  if (const auto *nested = dyn_cast<CallExpr>(stmt)) {
    const FunctionDecl *callee = nested->getDirectCallee();
    if (!callee || !callee->isImmediateFunction())
      call(nested);
  } else if (const auto *made = dyn_cast<CXXConstructExpr>(stmt)) {
    construct(made);
  }
}

std::vector<facts::Operand> BodyWalker::arguments(llvm::ArrayRef<const Expr *> args) {
  std::vector<facts::Operand> out;
  for (const Expr *arg : args) {
    if (const auto *unwritten = dyn_cast<CXXDefaultArgExpr>(arg);
        unwritten && !namer_.places().in_system_header(unwritten->getParam()->getLocation())) {
      const std::size_t uses = uses_.size();
      default_argument(unwritten->getExpr());
      uses_.resize(uses); // what becomes of its parts cannot be climbed to: they have many parents
    }
    out.push_back(operand(arg));
  }
  return out;
}

void BodyWalker::call(const CallExpr *call) {
  if (map_.info(call).machinery || op_of(call) != facts::none || is_identity_call(call))
    return;
  if (call->isTypeDependent() || isa<CXXPseudoDestructorExpr>(call->getCallee()->IgnoreParens()))
    return;
  const FunctionDecl *callee = call->getDirectCallee();
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
  if (isa_and_nonnull<CXXConversionDecl>(method) && method->getParent()->isLambda())
    return;

  facts::Operand receiver;
  unsigned first = 0;
  bool implicit = !map_.info(call).written || is_deref_operator(call);
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(call)) {
    const Expr *object = member->getImplicitObjectArgument();
    const auto *named = dyn_cast<MemberExpr>(member->getCallee()->IgnoreParens());
    if (!method || !named) { // (object.*pointer)()
      const auto *bound = dyn_cast<BinaryOperator>(member->getCallee()->IgnoreParens());
      receiver = operand(bound ? bound->getRHS() : member->getCallee());
    } else {
      receiver = operand(object);
      if (named->isArrow()) {
        if (Memory m = dereferenced(memory(object))) {
          receiver.kind = facts::OperandKind::path;
          receiver.path = std::move(m.path);
          receiver.address = false;
          receiver.op = facts::none;
        }
        const QualType pointee = object->IgnoreImplicit()->getType()->getPointeeType();
        receiver.type = namer_.value_type(pointee.isNull() ? member->getObjectType() : pointee);
      }
      if (isa<CXXConversionDecl>(method) && isa_and_nonnull<ImplicitCastExpr>(map_.parent(call)))
        implicit = true;
      if (memory_of_call(call))
        implicit = true;                    // get() of a smart pointer
      if (isa<CXXDestructorDecl>(method)) { // p->~T()
        const facts::Place place = namer_.places().of(call);
        return destroy(receiver.path, member->getObjectType(), place, call);
      }
    }
  } else if (method && method->isInstance() && isa<CXXOperatorCallExpr>(call)) {
    receiver = operand(call->getArg(0));
    first = 1;
  } else if (!callee) {
    receiver = operand(call->getCallee());
  }
  std::vector<facts::Operand> args = arguments(llvm::ArrayRef(call->getArgs(), call->getNumArgs()).drop_front(first));
  Op &op = emit(facts::OpKind::call, namer_.places().of(call), call, call);
  const CXXMethodDecl *target = method ? static_target(call, method) : nullptr;
  op.callee = namer_.function(target ? target : callee);
  op.type = namer_.type(call->getType());
  op.receiver = std::move(receiver);
  op.args = std::move(args);
  op.virtual_call = method && !target;
  set_made(call, op);
  if (const auto *assigned = dyn_cast<CXXOperatorCallExpr>(call);
      method && assigned && assigned->getOperator() == OO_Equal && assigned->getNumArgs() == 2)
    op.result_dropped = drops_result(method->getParent(), assigned->getArg(1));
  op.prvalue_result = call->isPRValue() && !call->getType()->isVoidType();
  op.implicit = implicit;
}

// The named object that a construct makes; else its own result.
facts::AccessPath BodyWalker::object_of(const Expr *construct, facts::OpId op) {
  facts::AccessPath out;
  const Stmt *child = construct;
  for (;;) {
    const StmtInfo &info = map_.info(child);
    if (info.initialises)
      return memory_of_variable(info.initialises).path;
    if (info.member_init) {
      out.root = facts::RootKind::self;
      if (const FieldDecl *field = info.member_init->getAnyMember())
        add_step(out, facts::StepKind::field, namer_.field(field));
      else if (info.member_init->isBaseInitializer())
        add_step(out, facts::StepKind::base);
      return out;
    }
    const Stmt *parent = info.parent;
    if (!parent)
      break;
    const auto *outer = dyn_cast<CXXConstructExpr>(parent);
    const auto *cast = dyn_cast<CastExpr>(parent);
    const bool same_object =
        isa<ParenExpr, FullExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, CXXDefaultInitExpr>(parent) ||
        (outer && outer->isElidable()) || (cast && cast->isPRValue() && cast->getType()->isRecordType()) ||
        (cast && cast->getCastKind() == CK_NoOp);
    if (!same_object)
      break;
    child = parent;
  }
  out.root = facts::RootKind::result;
  out.id = op;
  return out;
}

void BodyWalker::construct(const CXXConstructExpr *construct) {
  if (map_.info(construct).machinery || construct->isTypeDependent() || op_of(construct) != facts::none)
    return;
  if (construct->isElidable())
    return;
  const auto id = static_cast<facts::OpId>(out_.ops.size());
  const facts::AccessPath object = object_of(construct, id);
  const bool named = object.root != facts::RootKind::result;
  const bool in_new = isa_and_nonnull<CXXNewExpr>(map_.parent(construct));
  if (is_copy_or_move(construct) && !named && !in_new)
    return; // seen through: the operand is the source
  if (named && construct->getConstructor()->isTrivial() && construct->getConstructor()->isDefaultConstructor())
    return;
  std::vector<facts::Operand> args = arguments(llvm::ArrayRef(construct->getArgs(), construct->getNumArgs()));
  const StmtInfo &info = map_.info(construct);
  Op &op = emit(facts::OpKind::construct, namer_.places().of(construct), construct, construct);
  op.callee = namer_.function(construct->getConstructor());
  op.type = namer_.value_type(namer_.context().getBaseElementType(construct->getType()));
  op.path = object;
  if (!named)
    op.path.id = id;
  op.args = std::move(args);
  op.prvalue_result = true;
  op.implicit = !info.written;
  op.result_dropped =
      construct->getNumArgs() > 0 && drops_result(construct->getType()->getAsCXXRecordDecl(), construct->getArg(0));
  set_allocation(construct, op);
}

// T{a, b} or T(a, b) of a class without constructors.
void BodyWalker::aggregate(const Expr *list, llvm::ArrayRef<Expr *> inits) {
  if (map_.info(list).machinery || op_of(list) != facts::none || !list->getType()->isRecordType())
    return;
  const auto *outer = dyn_cast_or_null<InitListExpr>(map_.parent(list));
  if (outer && outer->getType()->isRecordType())
    return; // a part of that object
  const auto id = static_cast<facts::OpId>(out_.ops.size());
  facts::AccessPath object = object_of(list, id);
  std::vector<facts::Operand> args;
  for (const Expr *arg : inits)
    args.push_back(operand(arg));
  Op &op = emit(facts::OpKind::construct, namer_.places().of(list), list, list);
  op.type = namer_.value_type(list->getType());
  op.path = object;
  op.args = std::move(args);
  op.prvalue_result = true;
  op.implicit = !map_.info(list).written;
  set_allocation(list, op);
  nested_values(list, object);
}

void BodyWalker::suspend(const CoroutineSuspendExpr *suspend) {
  if (op_of(suspend) != facts::none || suspend->isTypeDependent() || !suspend->getResumeExpr())
    return;
  const bool is_await = isa<CoawaitExpr>(suspend);
  const Expr *written = written_operand(suspend);
  std::vector<facts::Operand> args{operand(written)};
  Op &op = emit(is_await ? facts::OpKind::await : facts::OpKind::yield,
                namer_.places().range(suspend->getKeywordLoc(), written->getEndLoc()), suspend, suspend);
  op.args = std::move(args);
  op.type = namer_.type(suspend->getType());
  op.prvalue_result = suspend->isPRValue() && !suspend->getType()->isVoidType();
  auto callee = [&](const CallExpr *call) { return call ? namer_.function(call->getDirectCallee()) : facts::none; };
  const CallExpr *ready = call_named(suspend->getReadyExpr(), "await_ready");
  op.await_ready = callee(ready);
  if (const FunctionDecl *fn = ready ? ready->getDirectCallee() : nullptr;
      fn && namer_.places().in_system_header(fn->getLocation()))
    library_awaiters_.push_back(fn);
  op.await_suspend = callee(call_named(suspend->getSuspendExpr(), "await_suspend"));
  op.await_resume = callee(call_named(suspend->getResumeExpr(), "await_resume"));
  // operator co_await(await_transform(operand)), each of the two where there is one.
  for (const Expr *expr = suspend->getCommonExpr(); expr && map_.info(expr).machinery;) {
    const Expr *inner = nullptr;
    if (const auto *call = dyn_cast<CallExpr>(expr)) {
      const FunctionDecl *fn = call->getDirectCallee();
      if (fn && fn->getOverloadedOperator() == OO_Coawait)
        op.operator_co_await = namer_.function(fn);
      else if (fn && fn->getIdentifier() && fn->getName() == "await_transform")
        op.await_transform = namer_.function(fn);
      const auto *member = dyn_cast<CXXMemberCallExpr>(call);
      inner = call->getNumArgs() ? call->getArg(0) : member ? member->getImplicitObjectArgument() : nullptr;
    } else if (const auto *construct = dyn_cast<CXXConstructExpr>(expr)) {
      inner = construct->getNumArgs() == 1 ? construct->getArg(0) : nullptr;
    } else if (const auto *cast = dyn_cast<CastExpr>(expr)) {
      inner = cast->getSubExpr();
    } else if (const auto *materialized = dyn_cast<MaterializeTemporaryExpr>(expr)) {
      inner = materialized->getSubExpr();
    } else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(expr)) {
      inner = bound->getSubExpr();
    } else if (const auto *full = dyn_cast<FullExpr>(expr)) {
      inner = full->getSubExpr();
    } else if (const auto *paren = dyn_cast<ParenExpr>(expr)) {
      inner = paren->getSubExpr();
    }
    expr = inner;
  }
}

void BodyWalker::closure(const LambdaExpr *lambda) {
  if (op_of(lambda) != facts::none)
    return;
  std::vector<facts::Operand> sources;
  auto init = lambda->capture_init_begin();
  for (const LambdaCapture &capture : lambda->captures()) {
    const Expr *value = *init++;
    facts::Operand source;
    if (capture.capturesThis()) {
      source.kind = facts::OperandKind::path;
      source.path.root = facts::RootKind::self;
      source.address = capture.getCaptureKind() != LCK_StarThis;
      source.type = value ? namer_.value_type(value->getType()) : facts::none;
    } else if (value) {
      source = operand(value);
    }
    sources.push_back(std::move(source));
  }
  sources_[lambda->getLambdaClass()] = std::move(sources);
  Op &op = emit(facts::OpKind::closure, namer_.places().of(lambda), lambda, lambda);
  op.callee = namer_.lambda(lambda);
  op.type = namer_.value_type(lambda->getType());
}

void BodyWalker::return_(const Stmt *stmt, const Expr *value) {
  const auto *function = dyn_cast<FunctionDecl>(owner_);
  if (value && function && function->getReturnType()->isReferenceType() && !operand_of_call(value))
    bind(value, value);
  std::vector<facts::Operand> args;
  if (value && !value->getType()->isVoidType())
    args.push_back(operand(value));
  emit(facts::OpKind::ret, namer_.places().of(stmt->getSourceRange()), stmt).args = std::move(args);
}

void BodyWalker::delete_(const CXXDeleteExpr *expr) {
  const Memory object = dereferenced(memory(expr->getArgument()));
  const QualType type = expr->getDestroyedType();
  destroy(object.path, type.isNull() ? expr->getArgument()->getType()->getPointeeType() : type, namer_.places().of(expr), expr);
  out_.ops.back().explicit_delete = true;
  out_.ops.back().array = expr->isArrayForm();
}

void BodyWalker::destroy(const facts::AccessPath &path, QualType type, facts::Place place, const Stmt *at) {
  Op &op = emit(facts::OpKind::destroy, place, at);
  op.path = path;
  op.type = namer_.value_type(namer_.context().getBaseElementType(type.getNonReferenceType()));
  if (const CXXRecordDecl *record = type.getNonReferenceType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl())
    if (record->hasDefinition())
      op.callee = namer_.function(record->getDefinition()->getDestructor());
}

void BodyWalker::temporary_destroy(const CXXBindTemporaryExpr *temporary) {
  // The CFG lists the operand of an await twice: as written, and within the awaiter that is made of it.
  if (!destroyed_.insert(temporary).second)
    return;
  facts::AccessPath path;
  const Expr *made = strip(temporary);
  const facts::OpId op = op_of(made);
  // In `c ? f() : T()` the object may not exist: only a temporary of this very path has a name.
  if (op != facts::none && precedes(op)) {
    path.root = facts::RootKind::result;
    path.id = op;
  }
  if (op == facts::none && map_.info(temporary).machinery)
    return; // an awaiter's handle
  destroy(path, temporary->getType(), namer_.places().at(temporary->getEndLoc()), temporary);
}

void BodyWalker::declare(const DeclStmt *stmt) {
  for (const Decl *decl : stmt->decls()) {
    const auto *var = dyn_cast<VarDecl>(decl);
    auto it = var ? locals_.find(var) : locals_.end();
    if (it == locals_.end() || !var->getInit())
      continue;
    const Expr *init = var->getInit();
    facts::Operand value = operand(init);
    if (var->getType()->isReferenceType()) {
      bind(init, init);
    } else if (var->getType()->isScalarType() && !var->isStaticLocal() && !var->isConstexpr()) {
      facts::AccessPath path;
      path.root = facts::RootKind::local;
      path.id = it->second;
      Op &op = emit(facts::OpKind::access, namer_.places().range(var->getLocation(), init->getEndLoc()), init);
      op.path = std::move(path);
      op.access = static_cast<std::uint8_t>(facts::AccessKind::write);
      op.args.push_back(value);
    }
    if (var->getType()->isArrayType() && !var->isStaticLocal())
      nested_values(init, memory_of_variable(var).path);
    out_.locals[it->second].init = std::move(value);
  }
}

void BodyWalker::member_init(const CXXCtorInitializer *init) {
  const FieldDecl *field = init->getAnyMember();
  if (!field || !init->getInit())
    return;
  const QualType type = field->getType(); // classes: their construct or call is an operation
  if (!type->isScalarType() && !type->isReferenceType())
    return;
  facts::AccessPath path;
  path.root = facts::RootKind::self;
  add_step(path, facts::StepKind::field, namer_.field(field));
  std::vector<facts::Operand> args{operand(init->getInit())};
  const SourceLocation begin = init->isWritten() ? init->getMemberLocation() : owner_->getLocation();
  Op &op = emit(facts::OpKind::access, namer_.places().at(begin), init->getInit());
  op.path = std::move(path);
  op.access = static_cast<std::uint8_t>(facts::AccessKind::write);
  op.args = std::move(args);
  op.implicit = !init->isWritten();
}

void BodyWalker::statement(const Stmt *stmt) {
  if (const auto *expr = dyn_cast<CallExpr>(stmt))
    return call(expr);
  if (const auto *expr = dyn_cast<CXXConstructExpr>(stmt))
    return construct(expr);
  if (const auto *expr = dyn_cast<CoroutineSuspendExpr>(stmt))
    return suspend(expr);
  if (const auto *expr = dyn_cast<LambdaExpr>(stmt))
    return closure(expr);
  if (const auto *expr = dyn_cast<InitListExpr>(stmt)) {
    if (expr->isSemanticForm() && !expr->isTransparent())
      aggregate(expr, expr->inits());
    return;
  }
  if (const auto *expr = dyn_cast<CXXParenListInitExpr>(stmt))
    return aggregate(expr, expr->getUserSpecifiedInitExprs());
  if (const auto *expr = dyn_cast<CXXDeleteExpr>(stmt))
    return delete_(expr);
  if (const auto *decls = dyn_cast<DeclStmt>(stmt))
    return declare(decls);
  if (const auto *ret = dyn_cast<ReturnStmt>(stmt))
    return return_(ret, ret->getRetValue());
  if (const auto *ret = dyn_cast<CoreturnStmt>(stmt))
    return return_(ret, ret->getOperand());
  if (const auto *expr = dyn_cast<CXXNewExpr>(stmt))
    return allocate(expr);
  if (const auto *expr = dyn_cast<AtomicExpr>(stmt))
    return atomic(expr);
  if (const auto *text = dyn_cast<GCCAsmStmt>(stmt))
    return assembly(text);
  if (const auto *expr = dyn_cast<CXXThrowExpr>(stmt)) {
    std::vector<facts::Operand> args;
    if (expr->getSubExpr())
      args.push_back(operand(expr->getSubExpr()));
    emit(facts::OpKind::throw_, namer_.places().of(expr), expr).args = std::move(args);
    return;
  }
  if (!map_.info(stmt).machinery)
    access(stmt);
}

void BodyWalker::element(const CFGElement &element) {
  const auto end_of = [&](const Stmt *trigger) {
    if (!trigger)
      return namer_.places().at(owner_->getEndLoc());
    if (isa<ReturnStmt, CoreturnStmt>(trigger))
      return namer_.places().of(trigger->getSourceRange());
    return namer_.places().at(trigger->getEndLoc());
  };
  if (auto stmt = element.getAs<CFGStmt>()) {
    statement(stmt->getStmt());
    if (const auto *call = dyn_cast<CallExpr>(stmt->getStmt()))
      returned_twice(call);
  } else if (auto init = element.getAs<CFGInitializer>()) {
    member_init(init->getInitializer());
  } else if (auto dtor = element.getAs<CFGAutomaticObjDtor>()) {
    destroy(memory_of_variable(dtor->getVarDecl()).path, dtor->getVarDecl()->getType(), end_of(dtor->getTriggerStmt()),
            dtor->getTriggerStmt());
  } else if (auto temporary = element.getAs<CFGTemporaryDtor>()) {
    temporary_destroy(temporary->getBindTemporaryExpr());
  } else if (auto member = element.getAs<CFGMemberDtor>()) {
    facts::AccessPath path;
    path.root = facts::RootKind::self;
    add_step(path, facts::StepKind::field, namer_.field(member->getFieldDecl()));
    destroy(path, member->getFieldDecl()->getType(), end_of(nullptr), nullptr);
  } else if (auto base = element.getAs<CFGBaseDtor>()) {
    facts::AccessPath path;
    path.root = facts::RootKind::self;
    add_step(path, facts::StepKind::base);
    destroy(path, base->getBaseSpecifier()->getType(), end_of(nullptr), nullptr);
  } else if (auto cleanup = element.getAs<CFGCleanupFunction>()) { // __attribute__((cleanup(f)))
    const VarDecl *var = cleanup->getVarDecl();
    facts::Operand arg;
    arg.kind = facts::OperandKind::path;
    arg.path = memory_of_variable(var).path;
    arg.type = namer_.value_type(var->getType());
    Op &op = emit(facts::OpKind::call, namer_.places().at(var->getLocation()), nullptr);
    op.callee = namer_.function(cleanup->getFunctionDecl());
    op.args.push_back(std::move(arg));
    op.use.kind = facts::UseKind::discarded;
    op.implicit = true;
  }
}

} // namespace tenterhook::extract
