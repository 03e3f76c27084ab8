// What one function body looks like from above: each statement's parent, the handlers it stands in, the locals in
// source order, and the expressions that belong to the coroutine machinery and are no operations of their own.
#ifndef TENTERHOOK_CHECKS_EXTRACT_BODY_MAP_H
#define TENTERHOOK_CHECKS_EXTRACT_BODY_MAP_H

#include "extract/clang_headers.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace tenterhook::extract {

struct StmtInfo {
  const clang::Stmt *parent = nullptr;
  const clang::VarDecl *initialises = nullptr;            // root of a variable's initialiser
  const clang::CXXCtorInitializer *member_init = nullptr; // root of a constructor's initialiser
  const clang::CXXTryStmt *in_try = nullptr;              // innermost try block (not handler) around it
  bool in_catch = false;
  bool machinery = false; // part of an await, yield or co_return (await_ready() …), or never evaluated
  bool written = true;    // false: in an initialiser no one wrote
};

class BodyMap {
public:
  BodyMap(const clang::FunctionDecl *function, const clang::Stmt *body);
  explicit BodyMap(const clang::VarDecl *variable); // what initialises a variable that no function holds
  explicit BodyMap(const clang::FieldDecl *field);  // its default initialiser

  const StmtInfo &info(const clang::Stmt *stmt) const {
    auto it = infos_.find(stmt);
    return it == infos_.end() ? nothing_ : it->second;
  }
  const StmtInfo *find(const clang::Stmt *stmt) const {
    auto it = infos_.find(stmt);
    return it == infos_.end() ? nullptr : &it->second;
  }
  const clang::Stmt *parent(const clang::Stmt *stmt) const { return info(stmt).parent; }

  const std::vector<const clang::VarDecl *> &locals() const { return locals_; }      // parameters not included
  const std::vector<const clang::LambdaExpr *> &lambdas() const { return lambdas_; } // directly in this body
  const std::vector<const clang::TagDecl *> &classes() const { return classes_; }    // local classes
  bool awaits() const { return awaits_; }
  bool yields() const { return yields_; }

private:
  void walk(const clang::Stmt *stmt, StmtInfo info);
  void unevaluated(const clang::Stmt *stmt, StmtInfo info);
  void children(const clang::Stmt *stmt, const StmtInfo &info);
  void suspend(const clang::CoroutineSuspendExpr *expr, const StmtInfo &info);
  void declaration(const clang::DeclStmt *stmt, const StmtInfo &info);
  void variable(const clang::VarDecl *variable, const clang::Stmt *stmt, const StmtInfo &info);

  llvm::DenseMap<const clang::Stmt *, StmtInfo> infos_;
  llvm::DenseSet<const clang::Stmt *> syntactic_operands_;
  StmtInfo nothing_;
  std::vector<const clang::VarDecl *> locals_;
  std::vector<const clang::LambdaExpr *> lambdas_;
  std::vector<const clang::TagDecl *> classes_;
  bool awaits_ = false, yields_ = false;
};

// What stands behind the keyword in the source. (Clang's own operand of a co_yield is already promise.yield_value(x).)
const clang::Expr *written_operand(const clang::CoroutineSuspendExpr *expr);

} // namespace tenterhook::extract

#endif
