// What becomes of a value: climbs from a call, construct or await to the expression or statement that takes it.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {

bool passes_through(const Stmt *parent, const Stmt *child) {
  if (isa<ParenExpr, FullExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, ImplicitCastExpr, CXXDefaultInitExpr,
          SubstNonTypeTemplateParmExpr, CXXRewrittenBinaryOperator, AttributedStmt, CXXStdInitializerListExpr>(parent))
    return true;
  if (const auto *cast = dyn_cast<ExplicitCastExpr>(parent))
    return !cast->getType()->isVoidType();
  if (const auto *choice = dyn_cast<AbstractConditionalOperator>(parent))
    return choice->getCond() != child;
  if (const auto *binary = dyn_cast<BinaryOperator>(parent))
    return binary->getOpcode() == BO_Comma && binary->getRHS() == child;
  if (const auto *unary = dyn_cast<UnaryOperator>(parent))
    return unary->getOpcode() == UO_Plus || unary->getOpcode() == UO_Extension;
  if (const auto *call = dyn_cast<CallExpr>(parent))
    return is_identity_call(call) && call->getArg(0) == child;
  if (const auto *list = dyn_cast<InitListExpr>(parent))
    return list->getType()->isArrayType() ||
           (list->getNumInits() == 1 && (list->isTransparent() || !list->getType()->isRecordType()));
  return false;
}

namespace {

bool is_std_ignore(const Expr *expr) {
  const auto *ref = dyn_cast<DeclRefExpr>(expr->IgnoreParenImpCasts());
  return ref && ref->getDecl()->getIdentifier() && ref->getDecl()->getName() == "ignore" && ref->getDecl()->isInStdNamespace();
}

facts::ResultUse use(facts::UseKind kind, facts::OpId user = facts::none) {
  facts::ResultUse out;
  out.kind = kind;
  out.user = user;
  return out;
}

facts::ResultUse stored(facts::AccessPath target) {
  facts::ResultUse out;
  out.kind = target.valid() ? facts::UseKind::stored : facts::UseKind::other;
  out.target = std::move(target);
  return out;
}

// A comparison of `child` with a constant keeps deciding what the child decides.
bool is_test(const Stmt *parent) {
  if (const auto *unary = dyn_cast<UnaryOperator>(parent))
    return unary->getOpcode() == UO_LNot;
  const auto *binary = dyn_cast<BinaryOperator>(parent);
  return binary && (binary->isComparisonOp() || binary->isLogicalOp());
}

// `{a, b}` for an array: as one operand it says nothing of its parts.
bool is_list_of_several(const Stmt *child) {
  const auto *list = dyn_cast<InitListExpr>(child);
  return list && list->getNumInits() > 1;
}

// Whether `child` is (part of) the condition of `parent`.
bool is_condition(const Stmt *parent, const Stmt *child) {
  if (const auto *s = dyn_cast<IfStmt>(parent))
    return s->getCond() == child;
  if (const auto *s = dyn_cast<WhileStmt>(parent))
    return s->getCond() == child;
  if (const auto *s = dyn_cast<ForStmt>(parent))
    return s->getCond() == child;
  if (const auto *s = dyn_cast<DoStmt>(parent))
    return s->getCond() == child;
  if (const auto *s = dyn_cast<SwitchStmt>(parent))
    return s->getCond() == child;
  if (const auto *s = dyn_cast<CXXForRangeStmt>(parent))
    return s->getCond() == child;
  if (const auto *s = dyn_cast<AbstractConditionalOperator>(parent))
    return s->getCond() == child;
  return false;
}

} // namespace

// Where the statement was written as an argument of a macro, that macro may say why: EXPECT_THROW(f(), E).
facts::ResultUse BodyWalker::discarded(const Stmt *stmt) {
  facts::ResultUse out = use(facts::UseKind::discarded);
  const SourceManager &sources = namer_.places().sources();
  const SourceLocation at = stmt->getBeginLoc();
  if (!at.isMacroID())
    return out;
  const SourceLocation macro = sources.getExpansionLoc(at);
  if (sources.getFileLoc(at) != macro) // else it is the macro's own text
    out.macro = namer_.strings().id(
        Lexer::getSourceText(CharSourceRange::getTokenRange(macro, macro), sources, namer_.context().getLangOpts()));
  return out;
}

// Where a part of a list within a list lives: of `Outer o = {{f()}, 3}`, o.inner.first.
facts::AccessPath BodyWalker::place_in_list(const Stmt *part) {
  std::vector<facts::PathStep> steps; // innermost first
  for (;;) {
    const Stmt *parent = map_.parent(part);
    const auto *list = dyn_cast_or_null<InitListExpr>(parent);
    if (!list) {
      if (!parent || !passes_through(parent, part))
        return {};
      part = parent;
      continue;
    }
    const RecordDecl *record = list->getType()->getAsRecordDecl();
    const bool of_library =
        record && namer_.places().in_system_header(record->getLocation()); // std::array: its elements are its own
    if (!list->isTransparent() && !of_library) {
      std::optional<facts::PathStep> step = step_in_list(list, part);
      if (!step)
        return {};
      steps.push_back(*step);
    }
    if (const facts::OpId op = op_of(list); op != facts::none) {
      facts::AccessPath place = out_.ops[op].path;
      for (const facts::PathStep &step : llvm::reverse(steps))
        add_step(place, step);
      return place;
    }
    part = list;
  }
}

// The step from what a list initialises to what one of its parts does.
std::optional<facts::PathStep> BodyWalker::step_in_list(const InitListExpr *list, const Stmt *part) {
  unsigned at = 0;
  while (at < list->getNumInits() && list->getInit(at) != part)
    ++at;
  if (at == list->getNumInits())
    return std::nullopt;
  if (list->getType()->isArrayType()) {
    facts::PathStep step{facts::StepKind::index};
    step.key = facts::KeyKind::constant;
    step.offset = at;
    return step;
  }
  const RecordDecl *record = list->getType()->getAsRecordDecl();
  if (!record || !record->getDefinition())
    return std::nullopt;
  if (record->isUnion()) {
    const FieldDecl *member = list->getInitializedFieldInUnion();
    return member ? std::optional(facts::PathStep{facts::StepKind::field, namer_.field(member)}) : std::nullopt;
  }
  const auto *cls = dyn_cast<CXXRecordDecl>(record);
  const unsigned bases = cls ? cls->getNumBases() : 0;
  if (at < bases)
    return facts::PathStep{facts::StepKind::base};
  unsigned next = bases;
  for (const FieldDecl *member : record->getDefinition()->fields())
    if (!member->isUnnamedBitField() && next++ == at)
      return facts::PathStep{facts::StepKind::field, namer_.field(member)};
  return std::nullopt;
}

facts::ResultUse BodyWalker::use_of(const Expr *value) {
  using facts::UseKind;
  const Stmt *child = value;
  bool tested = false; // climbed through `!`, `== 0`, `&&`: from here on only a condition is a use of this value
  for (;;) {
    const StmtInfo &info = map_.info(child);
    if (tested && (info.initialises || info.member_init))
      return use(UseKind::other);
    if (info.initialises)
      return stored(memory_of_variable(info.initialises).path);
    if (info.member_init) {
      facts::AccessPath target;
      target.root = facts::RootKind::self;
      if (const FieldDecl *field = info.member_init->getAnyMember())
        add_step(target, facts::StepKind::field, namer_.field(field));
      else
        add_step(target, facts::StepKind::base);
      return stored(std::move(target));
    }
    const Stmt *parent = info.parent;
    if (!parent)
      return discarded(child);
    if (is_condition(parent, child))
      return use(UseKind::condition);
    if (const auto *logical = dyn_cast<BinaryOperator>(parent); logical && logical->isLogicalOp() && logical->getLHS() == child)
      return use(UseKind::condition); // it decides whether the right side runs
    if (is_test(parent)) {
      tested = true;
      child = parent;
      continue;
    }
    if (passes_through(parent, child)) {
      child = parent;
      continue;
    }
    if (tested)
      return use(UseKind::other);
    if (const auto *construct = dyn_cast<CXXConstructExpr>(parent)) {
      if (const facts::OpId op = op_of(construct); op != facts::none)
        return use(UseKind::argument, op);
      if (!is_copy_or_move(construct))
        return use(UseKind::other);
      child = parent;
      continue;
    }
    if (isa<InitListExpr, CXXParenListInitExpr>(parent)) {
      const facts::OpId op = op_of(cast<Expr>(parent));
      if (op == facts::none || is_list_of_several(child)) // no operand of the construct shows it
        if (facts::AccessPath place = place_in_list(child); place.valid())
          return stored(std::move(place));
      return op != facts::none ? use(UseKind::argument, op) : use(UseKind::other);
    }
    if (const auto *made = dyn_cast<CXXNewExpr>(parent)) {
      if (made->getNumPlacementArgs())
        return use(UseKind::other); // it lives in the memory given
      child = parent;
      continue;
    }
    if (const auto *suspend = dyn_cast<CoroutineSuspendExpr>(parent))
      return use(isa<CoawaitExpr>(suspend) ? UseKind::awaited : UseKind::yielded, op_of(suspend));
    if (const auto *call = dyn_cast<CallExpr>(parent)) {
      if (map_.info(call).machinery) { // operator co_await, await_transform, return_value
        child = parent;
        continue;
      }
      if (const auto *op = dyn_cast<CXXOperatorCallExpr>(call); op && op->getOperator() == OO_Equal && op->getNumArgs() == 2) {
        if (op->getArg(1) == child && is_std_ignore(op->getArg(0)))
          return use(UseKind::voided);
        if (op->getArg(1) == child) {
          facts::ResultUse assigned = stored(memory(op->getArg(0)).path);
          if (assigned.kind == UseKind::stored)
            return assigned;
        }
      }
      const facts::OpId user = op_of(call);
      if (user == facts::none) { // a lambda as a function pointer, std::addressof
        child = parent;
        continue;
      }
      const auto *op = dyn_cast<CXXOperatorCallExpr>(call);
      const bool object =
          call->getCallee() == child || (op && op->getArg(0) == child && isa_and_nonnull<CXXMethodDecl>(call->getDirectCallee()));
      return use(object ? UseKind::receiver : UseKind::argument, user);
    }
    if (const auto *member = dyn_cast<MemberExpr>(parent)) {
      const auto *call = dyn_cast_or_null<CallExpr>(map_.parent(member));
      if (!call) {
        const Stmt *above = map_.parent(member);
        while (above && isa<ParenExpr>(above))
          above = map_.parent(above);
        call = dyn_cast_or_null<CallExpr>(above);
      }
      if (!call || call->getCallee()->IgnoreParens() != member)
        return use(UseKind::other);
      if (map_.info(call).machinery) {
        child = call;
        continue;
      }
      if (op_of(call) == facts::none) {
        child = call;
        continue;
      }
      return use(UseKind::receiver, op_of(call));
    }
    if (const auto *binary = dyn_cast<BinaryOperator>(parent)) {
      if (binary->getOpcode() == BO_Comma)
        return discarded(child);
      if (binary->getOpcode() == BO_Assign && binary->getRHS() == child)
        return stored(memory(binary->getLHS()).path);
      return use(UseKind::other);
    }
    if (isa<ExplicitCastExpr>(parent))
      return use(UseKind::voided); // to void: others pass through
    if (isa<ReturnStmt, CoreturnStmt>(parent))
      return use(UseKind::returned);
    if (isa<Expr>(parent) || isa<DeclStmt>(parent))
      return use(UseKind::other);
    if (const auto *block = dyn_cast<CompoundStmt>(parent); block && !block->body_empty() && block->body_back() == child)
      if (const auto *gnu = dyn_cast_or_null<StmtExpr>(map_.parent(block))) { // ({ …; value; })
        child = gnu;
        continue;
      }
    return discarded(child); // an expression statement
  }
}

void BodyWalker::resolve_uses() {
  for (auto [op, value] : uses_)
    out_.ops[op].use = use_of(value);
}

} // namespace tenterhook::extract
