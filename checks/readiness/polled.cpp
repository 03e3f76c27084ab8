// Questions to the system about a descriptor: poll() with one of them, and what takes the data that it spoke of.
#include "readiness/ready.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

bool takes(const Program &program, const Operation &op) {
  return op.kind == OpKind::call && op.callee != none &&
         llvm::any_of(program.entities[op.callee].parameters, [&](const Parameter &p) {
           return p.type != none && program.types[p.type].kind == TypeKind::pointer && !p.pointee_const;
         });
}

// Whether poll() is asked for data at this descriptor and at no other: pollfd one{fd, POLLIN, 0}; poll(&one, 1, 0).
bool Readiness::polls(FunctionId f, OpId i, const AccessPath &descriptor) const {
  const Function &function = program_.functions[f];
  const Operation &question = function.ops[i];
  if (question.args.size() < 3 || question.args[0].kind != OperandKind::path || library_.constant(f, question.args[1]) != 1)
    return false;
  const AccessPath asked = question.args[0].path.without_derefs();
  const bool own = descriptor.root == asked.root && descriptor.id == asked.id; // read(one.fd, …)
  // POSIX says what the members are called, and the order of the first two.
  auto is = [&](const PathStep &step, llvm::StringRef member) {
    return step.kind == StepKind::field && step.field != none && program_.entities[step.field].system &&
           Library::last_name(program_.qualified(step.field)) == member;
  };
  auto part_of = [&](const AccessPath &path, llvm::StringRef member) {
    return path.root == asked.root && path.id == asked.id && path.steps.size() == asked.steps.size() + 1 &&
           std::equal(asked.steps.begin(), asked.steps.end(), path.steps.begin()) && is(path.steps.back(), member);
  };
  auto given = [&](const OpId at, std::size_t field, llvm::StringRef member) -> const Operand * {
    const Operation &op = function.ops[at];
    if (op.kind == OpKind::construct && op.callee == none && op.path.without_derefs() == asked && op.args.size() > field)
      return &op.args[field];
    return op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty() &&
                   part_of(op.path.without_derefs(), member)
               ? &op.args[0]
               : nullptr;
  };
  bool same = part_of(descriptor, "fd");
  bool data = false;
  for (OpId at = 0; at < function.ops.size(); ++at) {
    if (const Operand *fd = given(at, 0, "fd"); fd && !own) {
      if (fd->kind != OperandKind::path || fd->path.without_derefs() != descriptor)
        return false;
      same = true;
    }
    if (const Operand *events = given(at, 1, "events")) {
      constexpr std::uint64_t readable = 0x41; // POLLIN, POLLRDNORM
      const bool asked_for = library_.bits(f, *events).set & readable;
      if (!asked_for && library_.constant(f, *events) != 0) // nothing yet
        return false;
      data |= asked_for;
    }
  }
  return same && data;
}

} // namespace tenterhook::analysis
