// Blocks: Clang's CFG in reverse post order, entry first and exit second, with edges to exception handlers.
//
// Clang's CFG reaches a handler from `throw` alone. Any call may throw, so each handler also gets an edge from where
// its try block begins and from where it ends: the two states that the handler's code must cope with.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

std::vector<const CFGBlock *> reverse_post_order(const CFG &cfg) {
  std::vector<const CFGBlock *> out;
  llvm::BitVector seen(cfg.getNumBlockIDs());
  auto from = [&](const CFGBlock *root) {
    if (seen.test(root->getBlockID()))
      return;
    std::vector<const CFGBlock *> finished;
    std::vector<std::pair<const CFGBlock *, CFGBlock::const_succ_iterator>> stack;
    seen.set(root->getBlockID());
    stack.emplace_back(root, root->succ_begin());
    while (!stack.empty()) {
      auto &[block, next] = stack.back();
      if (next == block->succ_end()) {
        finished.push_back(block);
        stack.pop_back();
        continue;
      }
      const CFGBlock *succ = *next++;
      if (!succ || seen.test(succ->getBlockID()))
        continue;
      seen.set(succ->getBlockID());
      stack.emplace_back(succ, succ->succ_begin());
    }
    out.insert(out.end(), finished.rbegin(), finished.rend());
  };
  from(&cfg.getEntry());
  // Handlers and unreachable code; Clang numbers blocks from the exit upwards.
  std::vector<const CFGBlock *> rest(cfg.begin(), cfg.end());
  llvm::sort(rest, [](const CFGBlock *a, const CFGBlock *b) { return a->getBlockID() > b->getBlockID(); });
  for (const CFGBlock *block : rest)
    from(block);
  std::erase(out, &cfg.getEntry());
  std::erase(out, &cfg.getExit());
  out.insert(out.begin(), {&cfg.getEntry(), &cfg.getExit()});
  return out;
}

const FieldDecl *this_field(const CXXRecordDecl *closure) {
  llvm::DenseMap<const ValueDecl *, FieldDecl *> fields;
  FieldDecl *out = nullptr;
  closure->getCaptureFields(fields, out);
  return out;
}

} // namespace

BodyWalker::BodyWalker(EntityNamer &namer, const BodyMap &map, const Decl *owner, CaptureSources &sources, facts::Function &out)
    : namer_(namer), map_(map), owner_(owner), out_(out), sources_(sources) {}

void BodyWalker::add_locals() {
  auto add = [&](const VarDecl *var, bool parameter) {
    if (!locals_.try_emplace(var, static_cast<facts::LocalId>(out_.locals.size())).second)
      return;
    facts::Local local;
    local.name = namer_.strings().id(var->getName());
    local.type = namer_.type(var->getType());
    local.place = namer_.places().at(var->getLocation());
    local.parameter = parameter;
    local.is_static = var->isStaticLocal();
    out_.locals.push_back(std::move(local));
  };
  if (const auto *function = dyn_cast<FunctionDecl>(owner_))
    for (const ParmVarDecl *param : function->parameters())
      add(param, true);
  out_.parameter_count = static_cast<std::uint32_t>(out_.locals.size());
  for (const VarDecl *var : map_.locals())
    add(var, false);
}

void BodyWalker::add_captures() {
  const auto *method = dyn_cast<CXXMethodDecl>(owner_);
  const CXXRecordDecl *closure = method ? method->getParent() : nullptr;
  if (!closure || !closure->isLambda() || method->getOverloadedOperator() != OO_Call)
    return;
  auto known = sources_.find(closure);
  std::uint32_t index = 0;
  for (const LambdaCapture &capture : closure->captures()) {
    facts::Capture out;
    if (capture.capturesThis()) {
      out.kind = capture.getCaptureKind() == LCK_StarThis ? facts::CaptureKind::self_copy : facts::CaptureKind::self;
      if (const FieldDecl *field = this_field(closure))
        out.type = namer_.type(field->getType());
      out.name = namer_.strings().id("this");
    } else if (capture.capturesVariable()) {
      const ValueDecl *var = capture.getCapturedVar();
      out.kind = capture.getCaptureKind() == LCK_ByRef ? facts::CaptureKind::by_reference : facts::CaptureKind::by_copy;
      out.name = namer_.strings().id(var->getName());
      out.type = namer_.type(var->getType());
      captures_.try_emplace(var, index);
    }
    if (known != sources_.end() && index < known->second.size())
      out.source = known->second[index];
    if (out.type == facts::none)
      out.type = out.source.type;
    out_.captures.push_back(std::move(out));
    ++index;
  }
}

bool BodyWalker::precedes(facts::OpId op) const {
  const CFGBlock *wanted = made_in_[op];
  unsigned steps = 0; // unreachable loops exist
  for (const CFGBlock *at = current_; at && ++steps < 64; at = *at->pred_begin()) {
    if (at == wanted)
      return true;
    if (at->pred_size() != 1)
      return false;
  }
  return false;
}

bool BodyWalker::walk(const Stmt *body, std::uint32_t max_block_count) {
  add_captures();
  add_locals();
  CFG::BuildOptions options;
  options.AddInitializers = true;
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.AddCXXDefaultInitExprInAggregates = true;
  options.setAllAlwaysAdd();
  const std::unique_ptr<CFG> cfg = CFG::buildCFG(owner_, const_cast<Stmt *>(body), &namer_.context(), options);
  if (!cfg || cfg->getNumBlockIDs() > max_block_count) {
    out_.blocks.resize(2);
    out_.blocks[0].succs.push_back(1);
    return false;
  }
  for (const CFGBlock *block : *cfg)
    if (block && isa_and_nonnull<CXXTryStmt>(block->getTerminatorStmt()))
      dispatch_[block->getTerminatorStmt()] = block;
  for (const CFGBlock *next : reverse_post_order(*cfg))
    block(*next);
  link(*cfg);
  resolve_uses();
  return true;
}

void BodyWalker::block(const CFGBlock &block) {
  current_ = &block;
  first_piece_[&block] = static_cast<facts::BlockId>(pieces_.size());
  pieces_.emplace_back();
  pieces_.back().block.first = static_cast<facts::OpId>(out_.ops.size());
  if (const auto *attempt = dyn_cast_or_null<CXXTryStmt>(block.getTerminatorStmt())) { // the handlers' fork
    pieces_.back().in_try = map_.info(attempt).in_try;
    pieces_.back().located = true;
    pieces_.back().block.handler = true;
  } else if (block.empty() && block.getTerminatorStmt()) { // the head of `for (;;)`
    locate(block.getTerminatorStmt());
  }
  for (const CFGElement &e : block) {
    if (auto stmt = e.getAs<CFGStmt>())
      locate(stmt->getStmt());
    else if (auto dtor = e.getAs<CFGAutomaticObjDtor>(); dtor && dtor->getTriggerStmt())
      locate(dtor->getTriggerStmt());
    element(e);
  }
  Piece &last = pieces_.back();
  last.block.count = static_cast<std::uint32_t>(out_.ops.size()) - last.block.first;
  last.ends = &block;
  branch(block, last.block.branch);
  if (const auto *statement = dyn_cast_or_null<SwitchStmt>(block.getTerminatorStmt()))
    set_switch(block, statement, last.block);
}

// Starts a new piece where a try block begins or ends.
void BodyWalker::locate(const Stmt *stmt) {
  const StmtInfo *info = map_.find(stmt);
  if (!info)
    return; // a declaration that the CFG split
  Piece &piece = pieces_.back();
  if (!piece.located) {
    piece.located = true;
    piece.in_try = info->in_try;
  } else if (piece.in_try != info->in_try) {
    next_piece(info->in_try);
  }
}

// Behind setjmp a new piece begins: control comes back to there.
void BodyWalker::returned_twice(const CallExpr *call) {
  const FunctionDecl *callee = call->getDirectCallee();
  const facts::OpId op = op_of(call);
  if (!callee || !callee->hasAttr<ReturnsTwiceAttr>() || op == facts::none || op + 1 != out_.ops.size())
    return;
  returns_twice_.emplace_back(static_cast<facts::BlockId>(pieces_.size() - 1), op);
  next_piece(pieces_.back().in_try);
}

void BodyWalker::next_piece(const CXXTryStmt *in_try) {
  const auto at = static_cast<facts::OpId>(out_.ops.size());
  pieces_.back().block.count = at - pieces_.back().block.first;
  Piece next;
  next.block.first = at;
  next.in_try = in_try;
  next.located = true;
  pieces_.push_back(std::move(next));
}

// The edges that longjmp takes: from calls that do not return and that no path reaches but through this setjmp.
void BodyWalker::link_second_returns() {
  for (const auto &[block, op] : returns_twice_) {
    facts::BlockId target = out_.blocks[block].succs[0];
    const facts::Block &behind = out_.blocks[target];
    const facts::Branch &test = behind.branch;
    if (behind.count == 0 && test.present && !test.compares && test.condition.kind == facts::OperandKind::result &&
        test.condition.op == op && behind.succs.size() == 2) // this time it gives a value other than 0
      target = behind.succs[test.negated ? 1 : 0];
    if (target == facts::none)
      continue;
    out_.blocks[block].again = target;
    llvm::BitVector avoiding(out_.blocks.size());
    std::vector<facts::BlockId> todo{0};
    while (!todo.empty()) {
      const facts::BlockId at = todo.back();
      todo.pop_back();
      if (at == block || avoiding.test(at))
        continue;
      avoiding.set(at);
      for (const facts::BlockId succ : out_.blocks[at].succs)
        if (succ != facts::none)
          todo.push_back(succ);
    }
    for (facts::BlockId b = 0; b < pieces_.size(); ++b)
      if (pieces_[b].ends && pieces_[b].ends->hasNoReturnElement() && !avoiding.test(b) && b != block)
        llvm::replace(out_.blocks[b].succs, facts::none, target);
  }
}

// Pieces without statements stand where the code before them stands.
void BodyWalker::locate_rest() {
  auto pass_on = [&](std::size_t from, const CFGBlock *to) {
    auto it = first_piece_.find(to);
    if (!to || it == first_piece_.end() || it->second <= 1 || pieces_[it->second].located)
      return;
    pieces_[it->second].in_try = pieces_[from].in_try;
    pieces_[it->second].located = true;
  };
  for (std::size_t i = 0; i < pieces_.size(); ++i) // in reverse post order: most have a predecessor before them
    if (pieces_[i].ends)
      for (const CFGBlock::AdjacentBlock &succ : pieces_[i].ends->succs())
        pass_on(i, succ.getReachableBlock());
}

void BodyWalker::link(const CFG &cfg) {
  auto enclosing = [&](const CXXTryStmt *attempt) {
    std::vector<const CXXTryStmt *> out;
    for (; attempt; attempt = map_.info(attempt).in_try)
      out.push_back(attempt);
    return out;
  };
  if (!dispatch_.empty())
    locate_rest();
  std::vector<facts::Block> added;
  const std::vector<const CXXTryStmt *> nowhere;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    Piece &piece = pieces_[i];
    std::vector<facts::BlockId> succs;
    const bool returns = !piece.ends || !piece.ends->hasNoReturnElement();
    if (!piece.ends) {
      succs.push_back(static_cast<facts::BlockId>(i + 1));
    } else if (!returns) { // Clang goes to the exit, past the destructors; but what does not return may throw
      succs.push_back(facts::none);
    } else {
      for (const CFGBlock::AdjacentBlock &succ : piece.ends->succs()) {
        const CFGBlock *block = succ.getReachableBlock();
        auto it = block ? first_piece_.find(block) : first_piece_.end();
        succs.push_back(it == first_piece_.end() ? facts::none : it->second);
      }
    }
    piece.block.succs = succs;
    if (dispatch_.empty())
      continue;
    const std::vector<const CXXTryStmt *> here = enclosing(piece.in_try);
    for (const CXXTryStmt *attempt : here)
      if (auto fork = dispatch_.find(attempt); fork != dispatch_.end()) {
        piece.block.unwind = first_piece_[fork->second];
        break;
      }
    for (std::size_t edge = 0; edge < succs.size(); ++edge) {
      const facts::BlockId succ = succs[edge];
      if (succ == facts::none && returns)
        continue;
      const std::vector<const CXXTryStmt *> there = returns ? enclosing(pieces_[succ].in_try) : nowhere;
      std::vector<facts::BlockId> handlers;
      auto add = [&](const std::vector<const CXXTryStmt *> &of, const std::vector<const CXXTryStmt *> &but_not) {
        for (const CXXTryStmt *attempt : of)
          if (auto fork = dispatch_.find(attempt); !llvm::is_contained(but_not, attempt) && fork != dispatch_.end())
            handlers.push_back(first_piece_[fork->second]);
      };
      add(there, here); // a try block begins
      add(here, there); // … ends
      if (handlers.empty())
        continue;
      if (succs.size() == 1) {
        for (facts::BlockId handler : handlers)
          if (!llvm::is_contained(piece.block.succs, handler))
            piece.block.succs.push_back(handler);
        continue;
      }
      // A branch keeps its two successors: the edge gets a block of its own.
      facts::Block between;
      between.first = static_cast<facts::OpId>(out_.ops.size());
      between.succs.push_back(succ);
      between.succs.insert(between.succs.end(), handlers.begin(), handlers.end());
      piece.block.succs[edge] = static_cast<facts::BlockId>(pieces_.size() + added.size());
      added.push_back(std::move(between));
    }
  }
  for (Piece &piece : pieces_)
    out_.blocks.push_back(std::move(piece.block));
  for (facts::Block &block : added)
    out_.blocks.push_back(std::move(block));
  link_second_returns();
}

} // namespace tenterhook::extract
