// One function body → facts::Function: Clang's CFG, block by block and element by element, becomes operations.
//
// Operations are emitted in evaluation order, so an operand that is an earlier call's value can name its operation.
// How a result is used is decided when all operations exist (result_use.cpp), because a use may name a later one.
#ifndef TENTERHOOK_CHECKS_EXTRACT_BODY_WALKER_H
#define TENTERHOOK_CHECKS_EXTRACT_BODY_WALKER_H

#include "extract/body_map.h"
#include "extract/entity_namer.h"
#include <map>

namespace tenterhook::extract {

// A place in memory or, with `address`, the address of that place.
struct Memory {
  facts::AccessPath path;
  bool address = false;
  explicit operator bool() const { return path.valid(); }
};

class BodyWalker {
public:
  // `sources`: what each lambda's captures are made of, said by the function that holds the lambda expression.
  using CaptureSources = llvm::DenseMap<const clang::CXXRecordDecl *, std::vector<facts::Operand>>;

  // `owner`: the function whose body it is, or the variable whose initialiser it is.
  BodyWalker(EntityNamer &namer, const BodyMap &map, const clang::Decl *owner, CaptureSources &sources, facts::Function &out);

  // Fills locals, ops and blocks. False if the body is too large (or Clang cannot build a CFG for it): then the
  // function has an entry that goes to its exit, and no operations.
  bool walk(const clang::Stmt *body, std::uint32_t max_block_count);
  // For a variable that holds a value from the start: that value as writes. False if there is nothing to tell.
  bool constant_values(const clang::Expr *init);
  // For a field: what its default initialiser makes of it, in an object of the class.
  void default_value(const clang::FieldDecl *field);
  // await_ready of libraries' awaiters.
  llvm::ArrayRef<const clang::FunctionDecl *> library_awaiters() const { return library_awaiters_; }

private:
  using Op = facts::Operation;

  // cfg_operations.cpp: elements
  void element(const clang::CFGElement &element);
  void statement(const clang::Stmt *stmt);
  void call(const clang::CallExpr *call);
  void construct(const clang::CXXConstructExpr *construct);
  std::vector<facts::Operand> arguments(llvm::ArrayRef<const clang::Expr *> args);
  void default_argument(const clang::Stmt *stmt);
  void aggregate(const clang::Expr *list, llvm::ArrayRef<clang::Expr *> inits);
  void suspend(const clang::CoroutineSuspendExpr *suspend);
  void closure(const clang::LambdaExpr *lambda);
  void return_(const clang::Stmt *stmt, const clang::Expr *value);
  void delete_(const clang::CXXDeleteExpr *expr);
  void declare(const clang::DeclStmt *stmt);
  void member_init(const clang::CXXCtorInitializer *init);
  void destroy(const facts::AccessPath &path, clang::QualType type, facts::Place place, const clang::Stmt *at);
  void temporary_destroy(const clang::CXXBindTemporaryExpr *temporary);
  void set_switch(const clang::CFGBlock &block, const clang::SwitchStmt *statement, facts::Block &out);
  Op &emit(facts::OpKind kind, facts::Place place, const clang::Stmt *at, const clang::Expr *value = nullptr);
  facts::AccessPath object_of(const clang::Expr *construct, facts::OpId op);
  const clang::CXXMethodDecl *static_target(const clang::CallExpr *call, const clang::CXXMethodDecl *method) const;

  // builtins.cpp: what the language does without a function's name
  void atomic(const clang::AtomicExpr *expr);
  void assembly(const clang::GCCAsmStmt *stmt);
  void allocate(const clang::CXXNewExpr *expr);
  facts::Allocation allocation_of(const clang::CXXNewExpr *expr, std::vector<facts::Operand> &where);
  void set_allocation(const clang::Expr *construct, Op &op);
  bool drops_result(const clang::CXXRecordDecl *made, const clang::Expr *from) const;

  // made.cpp: objects that libraries' functions make
  void set_made(const clang::CallExpr *call, Op &op);

  // initial_values.cpp: initialiser lists, field by field
  void initial_value(const clang::Expr *value, facts::AccessPath object);
  void initial_values(const clang::InitListExpr *list, const facts::AccessPath &object);
  void nested_values(const clang::Expr *init, const facts::AccessPath &object);
  void emulate(const clang::Stmt *stmt);
  void end_straight_line();

  // accesses.cpp: loads, stores, addresses
  void access(const clang::Stmt *stmt);
  void load(const clang::ImplicitCastExpr *cast);
  void bind(const clang::Expr *source, const clang::Expr *at);
  void name(const clang::Expr *object);
  Op &emit_access(const facts::AccessPath &path, unsigned kind, const clang::Expr *at, const clang::Expr *value);
  Op *store(const clang::Expr *target, unsigned kind, const clang::Expr *value, const clang::Expr *at);
  bool part_of_longer_path(const clang::Expr *expr) const;
  bool operand_of_call(const clang::Expr *expr) const;

  // operand.cpp: expressions as operands and as memory
  facts::Operand operand(const clang::Expr *expr);
  void compare(facts::Relation relation, const clang::Expr *left, const clang::Expr *right, facts::Operand &out);
  bool constant(const clang::Expr *expr, std::int64_t &value) const;
  Memory memory(const clang::Expr *expr);
  Memory memory_of_call(const clang::CallExpr *call);
  Memory memory_of_variable(const clang::ValueDecl *decl);
  static void add_step(facts::AccessPath &path, facts::PathStep step);
  static void add_step(facts::AccessPath &path, facts::StepKind kind, facts::EntityId field = facts::none);
  facts::PathStep index_step(const clang::Expr *index, bool negative = false);
  static Memory element(Memory pointer, facts::PathStep step);
  Memory memory_of_arithmetic(const clang::BinaryOperator *binary);
  bool member_offset(const clang::Expr *expr, llvm::SmallVectorImpl<const clang::FieldDecl *> &fields) const;
  static Memory dereferenced(Memory pointer);
  const clang::Expr *strip(const clang::Expr *expr, bool *moved = nullptr, bool *defaulted = nullptr) const;
  const clang::FunctionDecl *function_named(const clang::Expr *expr) const;
  facts::OpId op_of(const clang::Expr *expr) const;

  // result_use.cpp
  facts::ResultUse use_of(const clang::Expr *value);
  facts::AccessPath place_in_list(const clang::Stmt *part);
  std::optional<facts::PathStep> step_in_list(const clang::InitListExpr *list, const clang::Stmt *part);
  facts::ResultUse discarded(const clang::Stmt *stmt);
  void resolve_uses();

  // body_walker.cpp: blocks. A CFG block is split where a try block begins or ends, for the handlers' edges.
  struct Piece {
    facts::Block block;
    const clang::CFGBlock *ends = nullptr;     // the CFG block whose end this is; null: falls into the next piece
    const clang::CXXTryStmt *in_try = nullptr; // innermost try block around it
    bool located = false;                      // in_try is known: some statement of it told
  };
  void add_locals();
  void add_captures();
  void block(const clang::CFGBlock &block);
  void locate(const clang::Stmt *stmt);
  void locate_rest();
  void branch(const clang::CFGBlock &block, facts::Branch &out);
  void test(const clang::Expr *condition, facts::Branch &out);
  void relation(const clang::Expr *condition, facts::Branch &out);
  void link(const clang::CFG &cfg);
  void returned_twice(const clang::CallExpr *call);
  void link_second_returns();
  void next_piece(const clang::CXXTryStmt *in_try);
  bool precedes(facts::OpId op) const; // on every path to the block that is being read

  EntityNamer &namer_;
  const BodyMap &map_;
  const clang::Decl *owner_;
  facts::Function &out_;
  llvm::DenseMap<const clang::VarDecl *, facts::LocalId> locals_;
  llvm::DenseMap<const clang::ValueDecl *, std::uint32_t> captures_;
  llvm::DenseMap<const clang::Expr *, facts::OpId> ops_;
  std::vector<std::pair<facts::OpId, const clang::Expr *>> uses_;
  llvm::DenseSet<const clang::CXXBindTemporaryExpr *> destroyed_;
  CaptureSources &sources_;
  std::vector<const clang::CFGBlock *> made_in_; // of each operation
  std::vector<Piece> pieces_;
  llvm::DenseMap<const clang::CFGBlock *, facts::BlockId> first_piece_;
  std::vector<const clang::FunctionDecl *> library_awaiters_;
  llvm::DenseMap<const clang::Stmt *, const clang::CFGBlock *> dispatch_; // try statement → where its handlers fork
  std::vector<std::pair<facts::BlockId, facts::OpId>> returns_twice_;     // the piece that ends with this call
  const clang::CFGBlock *current_ = nullptr;
  std::map<facts::AccessPath, std::uint32_t> keys_; // Function::keys
  unsigned choices_ = 0;                            // operands around the one that is being made
};

// Expressions that pass their (only) operand through unchanged, seen from below: what `f()` in `T x = (f());` climbs.
bool passes_through(const clang::Stmt *parent, const clang::Stmt *child);
// nullptr, NULL, `{}` for a pointer.
bool is_null(const clang::Expr *expr);
// A copy or move of one object of the same class, elided or not.
bool is_copy_or_move(const clang::CXXConstructExpr *construct);
// std::move, std::forward, std::as_const, std::ref, std::cref, std::addressof.
bool is_identity_call(const clang::CallExpr *call, bool *moves = nullptr, bool *takes_address = nullptr);
// Of any comparison but <=>.
facts::Relation relation_of(clang::BinaryOperatorKind comparison);

} // namespace tenterhook::extract

#endif
