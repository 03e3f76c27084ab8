// Random valid summaries: the same seed gives the same summary.
//
// Fields are filled through schema.h, so a field added there is generated at once; only the shape of functions
// (blocks, parameters, operands that point backwards) is set here.
#ifndef TENTERHOOK_TEST_UNIT_FACTS_GENERATOR_H
#define TENTERHOOK_TEST_UNIT_FACTS_GENERATOR_H

#include "facts/schema.h"
#include <limits>
#include <random>

namespace tenterhook::test {

using namespace facts;

template <class T, class... Others> inline constexpr bool Is = (std::same_as<T, Others> || ...);

class SummaryGenerator {
public:
  // `density`: how many of a hundred fields say something.
  explicit SummaryGenerator(std::uint32_t seed, unsigned density = 50) : random_(seed), density_(density) {}

  TUSummary operator()(unsigned scale = 8) {
    TUSummary s;
    while (s.strings.size() < 1 + below(scale))
      s.strings.push_back(word());
    s.entities.resize(below(scale));
    s.types.resize(below(scale));
    s.functions.resize(s.entities.empty() ? 0 : below(scale));
    s.shared_bodies.resize(s.entities.empty() ? 0 : below(3));
    s.suppressions.resize(below(3));
    s.errors.resize(below(3));
    for (Function &f : s.functions)
      shape(f, scale);
    summary_ = &s;
    visit(*this, s);
    for (Function &f : s.functions)
      repair(f);
    for (auto &[entity, hash] : s.shared_bodies)
      entity = below(s.entities.size());
    return s;
  }

  // The io of schema.h.
  template <class T> void number(const char *, T &x) {
    if (!says_something())
      x = T{};
    else if constexpr (std::same_as<T, bool>)
      x = true;
    else if (below(8) == 0)
      x = below(2) ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
    else
      x = static_cast<T>(below(4) == 0 ? wide() : below(200));
  }
  template <class E> void choice(const char *, E &x) { x = says_something() ? static_cast<E>(below(names_of<E>.size())) : E{}; }
  template <Table T> void id(const char *, std::uint32_t &x) {
    const std::size_t size = size_of<T>();
    x = T == Table::strings ? 0 : none;
    if (size && says_something())
      x = below(size);
  }
  template <Table T> void ids(const char *, std::vector<std::uint32_t> &x) {
    x.resize(says_something() ? below(4) : 0);
    for (std::uint32_t &i : x)
      id<T>("", i);
  }
  void root_id(const char *, RootKind &root, std::uint32_t &x) {
    std::size_t size = 0;
    if (scope_ && root == RootKind::local)
      size = scope_->locals.size();
    if (scope_ && root == RootKind::capture)
      size = scope_->captures.size();
    if (scope_ && root == RootKind::result)
      size = scope_->ops.size();
    if (root == RootKind::global)
      size = summary_->entities.size();
    x = size ? below(size) : none;
    if (!size && root != RootKind::self)
      root = RootKind::none;
  }
  void text(const char *, std::string &x) { x = says_something() ? word() : ""; }
  template <class T> void part(const char *, T &x) { visit(*this, x); }
  template <class T> void parts(const char *name, std::vector<T> &x) {
    constexpr bool shaped = Is<T, Entity, Type, Function, Suppression, Diagnostic, Capture, AccessPath, Local, Operation, Block,
                               std::pair<EntityId, std::uint64_t>>; // the size is set already
    const bool choices = std::string_view(name) == "choices";       // operands within operands
    if (!shaped)
      x.resize(says_something() && (!choices || (choices_ < max_choice_depth && !below(4))) ? below(4) : 0);
    choices_ += choices;
    for (T &element : x) {
      const Function *outer = scope_;
      if constexpr (std::same_as<T, Function>)
        scope_ = &element;
      if constexpr (std::same_as<T, Capture>)
        scope_ = nullptr; // its source is in another function
      visit(*this, element);
      scope_ = outer;
    }
    choices_ -= choices;
  }

private:
  std::uint32_t below(std::size_t n) { return n ? static_cast<std::uint32_t>(random_() % n) : 0; }
  std::uint64_t wide() { return std::uint64_t(random_()) << 32 | random_(); }
  bool says_something() { return below(100) < density_; }
  std::string word() {
    std::string w(1 + below(12), 'a');
    for (char &c : w)
      c = static_cast<char>(below(20) == 0 ? below(256) : 'a' + below(26));
    return w;
  }
  template <Table T> std::size_t size_of() const {
    switch (T) {
    case Table::strings: return summary_->strings.size();
    case Table::entities: return summary_->entities.size();
    case Table::types: return summary_->types.size();
    case Table::ops: return scope_ ? scope_->ops.size() : 0;
    case Table::blocks: return scope_ ? scope_->blocks.size() : 0;
    case Table::keys: return scope_ ? scope_->keys.size() : 0;
    }
  }

  void shape(Function &f, unsigned scale) {
    f.captures.resize(below(3));
    f.keys.resize(below(3));
    f.locals.resize(below(scale));
    f.ops.resize(below(2 * scale));
    f.blocks.resize(2 + below(scale));
  }

  void repair(Function &f) {
    if (f.entity == none)
      f.entity = 0;
    f.parameter_count = below(f.locals.size() + 1);
    for (LocalId l = 0; l < f.locals.size(); ++l)
      f.locals[l].parameter = l < f.parameter_count;
    OpId next = 0;
    for (BlockId b = 0; b < f.blocks.size(); ++b) {
      const std::uint32_t left = static_cast<std::uint32_t>(f.ops.size()) - next;
      f.blocks[b].first = next;
      f.blocks[b].count = b + 1 == f.blocks.size() ? left : below(left + 1);
      next += f.blocks[b].count;
    }
    f.blocks[1].succs.clear();
    for (Block &b : f.blocks) {
      std::erase_if(b.cases, [&](const Case &) { return b.succs.empty(); });
      for (Case &c : b.cases)
        c.edge = below(b.succs.size());
    }
    for (std::uint32_t k = 0; k < f.keys.size(); ++k)
      for (PathStep &step : f.keys[k].steps)
        step.path = k && step.path != none ? below(k) : none;
    for (OpId i = 0; i < f.ops.size(); ++i) {
      backwards(f.ops[i].receiver, i);
      for (Operand &a : f.ops[i].args)
        backwards(a, i);
      for (Operand &a : f.ops[i].with)
        backwards(a, i);
      backwards(f.ops[i].path, i);
    }
  }
  void backwards(Operand &x, OpId user) {
    for (Operand &choice : x.choices)
      backwards(choice, user);
    backwards(x.path, user);
    if (x.kind == OperandKind::result && user == 0)
      x.kind = OperandKind::unknown, x.op = none;
    else if (x.kind == OperandKind::result)
      x.op = below(user);
  }
  void backwards(AccessPath &x, OpId user) {
    if (x.root == RootKind::result && user == 0)
      x.root = RootKind::none, x.id = none;
    else if (x.root == RootKind::result)
      x.id = below(user);
  }

  std::mt19937 random_;
  unsigned density_;
  unsigned choices_ = 0; // operands around this one
  const TUSummary *summary_ = nullptr;
  const Function *scope_ = nullptr;
};

} // namespace tenterhook::test

#endif
