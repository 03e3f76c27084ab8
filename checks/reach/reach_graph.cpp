// The walk: which operations lead to a node, under which conditions, and which of them are in roots.
#include "reach/reach_graph.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

ReachGraph::ReachGraph(const Blocking &blocking)
    : blocking_(blocking), program_(blocking.program()), calls_(blocking.calls()), others_(program_.functions.size()),
      plain_(program_.functions.size(), none) {
  find_executables();
  conditions_.push_back(&condition_ids_.emplace(Conditions(), 0).first->first);
  for (const BlockSite &site : blocking.sites()) {
    Start start{&site, none, site.certainty, {}};
    if (auto kind = root(site.in, site.op, start.certainty)) {
      start.kind = *kind;
      if (!ends_in_root(site.in, site.op, site.unless, start.certainty))
        continue;
    } else if (!program_.functions[site.in].coroutine) {
      start.node = node(site.in, site.unless, 0, start.certainty);
    } else {
      continue; // on a pool, or a generator: its callers do not run it in place
    }
    starts_.push_back(start);
  }
  for (std::uint32_t n = 0; n < nodes_.size(); ++n)
    expand(n);
}

// Build targets with a main of their own, or that no other target calls.
void ReachGraph::find_executables() {
  std::set<std::string> executables, called{std::string()}; // called by other targets: libraries
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    executables.insert(program_.targets[f]);
    for (const Edge &e : calls_.edges(f))
      if (program_.targets[e.to] != program_.targets[f])
        called.insert(program_.targets[e.to]);
  }
  for (const std::string &library : called)
    executables.erase(library);
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (!program_.targets[f].empty() && program_.qualified(program_.functions[f].entity) == "main")
      executables.insert(program_.targets[f]);
  std::map<std::string, std::uint32_t> index;
  for (const std::string &executable : executables)
    index.emplace(executable, static_cast<std::uint32_t>(index.size() + 1));
  executable_.resize(program_.functions.size(), 0);
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (auto it = index.find(program_.targets[f]); it != index.end())
      executable_[f] = it->second;
}

// Whether a way with these conditions waits where it begins; what nobody decides any more makes it less sure.
bool ReachGraph::ends_in_root(FunctionId f, OpId op, const Conditions &conditions, Certainty &certainty) const {
  ContextMask mask = blocking_.contexts().at(f, op);
  if (against(conditions) || (has(conditions, Decisive::fiber) && (mask & context_fiber) && !(mask & context_loop)))
    return false;
  if (blocking_.callers().never(f, conditions) || blocking_.callers().never(f, blocking_.callers().required(f, op)))
    return false;
  if (leave_open(conditions))
    certainty = Certainty::possible;
  return true;
}

// Is `f` where a way begins? Its operation `op` leads to the site.
std::optional<RootKindOnLoop> ReachGraph::root(FunctionId f, OpId op, Certainty &certainty) {
  const Function &function = program_.functions[f];
  if (function.coroutine) {
    const Contexts &contexts = blocking_.contexts();
    if (function.generator || !contexts.on_loop(f, op))
      return std::nullopt; // a generator runs on whoever pulls it
    ContextMask mask = contexts.at(f, op);
    if (!(mask & (context_loop | context_fiber))) {
      bool presumed = program_.whole && (mask & (context_unseen | context_main));
      certainty = std::min(certainty, presumed ? Certainty::likely : Certainty::possible);
    } else if (mask & context_presumed) {
      certainty = std::min(certainty, Certainty::likely);
    }
    return RootKindOnLoop::coroutine;
  }
  Other &other = others_[f];
  if (!other.known) {
    other.kind = other_root(f, other.most);
    other.known = true;
  }
  if (other.kind)
    certainty = std::min(certainty, other.most);
  return other.kind;
}

std::optional<RootKindOnLoop> ReachGraph::other_root(FunctionId f, Certainty &certainty) {
  const Contexts &contexts = blocking_.contexts();
  const Entity &entity = program_.entities[program_.functions[f].entity];
  llvm::StringRef name = Library::last_name(program_.str(entity.qualified));
  if (name == "await_ready" || name == "await_suspend" || name == "await_resume") {
    // Awaited by coroutines that are seen, and by pools alone?
    bool seen = false, loop = false, known = false;
    for (auto [caller, edge] : calls_.callers(f)) {
      const Edge &e = calls_.edges(caller)[edge];
      seen = true;
      loop |= contexts.on_loop(caller, e.op);
      known |= (contexts.at(caller, e.op) & context_loop) != 0;
    }
    if (seen && !loop)
      return std::nullopt;
    certainty = std::min(certainty, program_.whole || known ? Certainty::likely : Certainty::possible);
    return RootKindOnLoop::awaiter;
  }
  // Handed to a loop. Others may call it too, as the loop's own code does where it is analyzed: it is a callback still.
  if (const Handover &by = contexts.handover(f); (contexts.of(f) & (context_loop | context_fiber)) && by.valid()) {
    if (!by.sure || own_thread(by) || own_loop(by) || (contexts.of(f) & context_presumed))
      certainty = std::min(certainty, Certainty::likely);
    return RootKindOnLoop::callback;
  }
  return std::nullopt;
}

// Whether a class is a thread, or has one as a member.
bool ReachGraph::keeps_thread(TypeId type, bool one) const {
  const Library &library = blocking_.library();
  auto is_thread = [&](TypeId t) {
    const TypeModel *m = library.type(t);
    return m && m->thread;
  };
  for (TypeId t : program_.with_bases(type)) {
    if (is_thread(t))
      return true;
    for (const FieldInfo &field : program_.types[t].fields) {
      if (is_thread(field.type))
        return true;
      TypeId held = program_.strip_references(field.type); // std::optional<std::thread>
      const TypeModel *m = held == none ? nullptr : library.type(held);
      if (held != none && (!one || !m || !m->owns_arguments || m->smart_pointer) &&
          std::any_of(program_.types[held].args.begin(), program_.types[held].args.end(), is_thread))
        return true;
    }
  }
  return false;
}

// The class of the method, or of the one in which the lambda is written.
TypeId ReachGraph::class_around(FunctionId f) const {
  while (f != none && program_.functions[f].lambda && program_.functions[f].enclosing != none)
    f = program_.body_for(f, program_.functions[f].enclosing);
  return f == none ? none : program_.entity_of(f).record;
}

// Whether a class keeps a thread that runs a loop of the same object: what it hands over to its members runs there.
bool ReachGraph::runs_own_loop(TypeId record) {
  if (!own_loops_) {
    own_loops_.emplace();
    for (FunctionId f = 0; f < program_.functions.size(); ++f)
      for (const Operation &op : program_.functions[f].ops)
        if (const FunctionModel *m = op.kind == OpKind::call ? blocking_.library().function(op) : nullptr;
            m && m->runs_executor && op.receiver.kind == OperandKind::path && op.receiver.path.root == RootKind::self &&
            !(blocking_.contexts().of(f) & context_main))
          if (TypeId in = class_around(f); in != none && keeps_thread(in, true))
            own_loops_->insert(in);
  }
  const auto bases = program_.with_bases(record);
  return std::any_of(bases.begin(), bases.end(), [&](TypeId t) { return own_loops_->count(t) != 0; });
}

bool ReachGraph::own_loop(const Handover &by) {
  const TypeId record = class_around(by.in);
  const Operation &op = program_.functions[by.in].ops[by.op];
  auto is_member = [&](const Operand &o) {
    return o.kind == OperandKind::path && o.path.root == RootKind::self && !o.path.without_derefs().steps.empty() &&
           blocking_.library().type(o.type);
  };
  return record != none && (is_member(op.receiver) || std::any_of(op.args.begin(), op.args.end(), is_member)) &&
         runs_own_loop(record);
}

// Whether the loop runs in a thread that one object keeps for itself: worker_.loop()->post(…). What else runs there is
// that object's own business.
bool ReachGraph::own_thread(const Handover &by) const {
  const Operation &op = program_.functions[by.in].ops[by.op];
  auto from_a_thread = [&](const Operand &executor) {
    for (const Value &v : blocking_.library().origins(by.in, executor)) {
      AccessPath path = v.operand.path.without_derefs(); // thread.loop()->post(…)
      bool pointed_to = v.operand.kind == OperandKind::path && path.root == RootKind::result && path.steps.empty();
      if (v.operand.kind != OperandKind::result && !pointed_to)
        continue;
      const Operation &made = program_.functions[v.function].ops[pointed_to ? path.id : v.operand.op];
      TypeId type = made.kind == OpKind::call ? program_.record_behind(made.receiver.type) : none;
      if (type == none || made.receiver.kind != OperandKind::path)
        continue;
      AccessPath thread = made.receiver.path.without_derefs();
      bool kept = !thread.steps.empty() ? thread.steps.back().kind == StepKind::field : thread.root == RootKind::local;
      if (kept && keeps_thread(type))
        return true;
    }
    return false;
  };
  return from_a_thread(op.receiver) || std::any_of(op.args.begin(), op.args.end(), from_a_thread);
}

std::uint32_t ReachGraph::node(FunctionId f, Conditions conditions, std::uint32_t executable, Certainty &certainty) {
  std::uint32_t c = 0;
  if (!conditions.empty()) {
    auto [it, added] = condition_ids_.try_emplace(std::move(conditions), static_cast<std::uint32_t>(conditions_.size()));
    if (added)
      conditions_.push_back(&it->first);
    c = it->second;
  }
  if (c == 0 && executable == 0) {
    if (plain_[f] == none) {
      plain_[f] = static_cast<std::uint32_t>(nodes_.size());
      nodes_.push_back({f});
    }
    return plain_[f];
  }
  auto it = node_ids_.find({f, c, executable});
  // More sets of conditions on one function are not told apart: what they say is forgotten, and the way is only possible.
  if (it == node_ids_.end() && c != 0 && ++conditional_[f] > limit_of(Limit::conditions)) {
    program_.limits().hit(Limit::conditions, f);
    certainty = std::min(certainty, Certainty::possible);
    return node(f, {}, executable, certainty);
  }
  if (it == node_ids_.end()) {
    it = node_ids_.emplace(std::tuple(f, c, executable), static_cast<std::uint32_t>(nodes_.size())).first;
    nodes_.push_back({f, c, executable});
  }
  return it->second;
}

// What leads to a set's bodies is the same for each: what the calls pass, and the conditions that they meet.
std::uint32_t ReachGraph::set_node(SetId set, const Node &member) {
  auto [it, added] = set_ids_.try_emplace({set, member.conditions, member.executable}, static_cast<std::uint32_t>(nodes_.size()));
  if (added)
    nodes_.push_back({none, member.conditions, member.executable, set});
  return it->second;
}

void ReachGraph::expand(std::uint32_t n) {
  const Node here = nodes_[n];
  nodes_[n].first = static_cast<std::uint32_t>(ins_.size());
  if (here.is_set()) {
    const FunctionId any = calls_.members(here.set).front();
    for (auto [caller, edge] : calls_.callers_of_set(here.set))
      add_in(n, any, caller, calls_.edges_and_sets(caller)[edge]);
  } else {
    for (auto [caller, edge] : calls_.callers_alone(here.f))
      add_in(n, here.f, caller, calls_.edges_and_sets(caller)[edge]);
    nodes_[n].first_set = static_cast<std::uint32_t>(sets_of_.size());
    for (auto [set, member] : calls_.sets_with(here.f)) {
      sets_of_.push_back(set_node(set, here));
      members_[sets_of_.back()].push_back(n);
      ++nodes_[n].sets;
    }
  }
  nodes_[n].last = static_cast<std::uint32_t>(ins_.size());
}

void ReachGraph::add_in(std::uint32_t n, FunctionId callee, FunctionId caller, const Edge &e) {
  const Node here = nodes_[n];
  // An operation that is a site itself says more than what is inside it.
  if (blocking_.is_stopped(caller) || blocking_.told(caller, e.op))
    return;
  // Which override or which stored callable it is, or what code that is not seen does, only a run can tell.
  In in{n, none, caller, e.op, e.link, Certainty::certain, {}};
  bool elsewhere = e.presumed || e.link == Link::virtual_call; // code that is not seen decides, where there is some
  const auto put = e.link == Link::value ? blocking_.callers().put_here(caller, e.op, callee) : std::nullopt;
  if (put && !*put)
    return;
  if ((!e.sure && !put) || (elsewhere && !program_.whole))
    in.certainty = Certainty::possible;
  else if (e.link == Link::virtual_call || e.link == Link::value || e.presumed ||
           (e.link == Link::destructor &&
            program_.functions[caller].ops[e.op].kind == OpKind::call)) // reset() of what may be empty
    in.certainty = Certainty::likely;
  Conditions conditions;
  // Through make_shared<T>(…), a constructor gets the arguments as they stand.
  if (e.link == Link::direct || e.link == Link::virtual_call ||
      (e.link == Link::callback && program_.functions[callee].constructor)) {
    auto passed = blocking_.callers().passed(caller, e.op, callee, *conditions_[here.conditions], in.certainty);
    if (!passed)
      return;
    conditions = std::move(*passed);
  } else {
    if (blocking_.callers().captured_ready(caller, e.op, callee, *conditions_[here.conditions]))
      return;
    if (against(*conditions_[here.conditions]))
      return;
    if (leave_open(*conditions_[here.conditions]))
      in.certainty = Certainty::possible;
    if (e.link == Link::value)
      if (auto kept = blocking_.callers().kept(caller, e.op, callee))
        conditions.push_back(std::move(*kept));
    std::copy_if(conditions_[here.conditions]->begin(), conditions_[here.conditions]->end(), std::back_inserter(conditions),
                 [](const Decisive &d) { return d.kind == Decisive::fiber; });
  }
  bool destroys = e.link == Link::destructor;
  if ((destroys && (blocking_.ready().awaited_before(caller, e.op) || blocking_.released(caller, e.op))) ||
      blocking_.ready().off_loop(caller, e.op))
    return;
  // Which executable, once a callable that one of them stored is on the way.
  std::uint32_t executable = here.executable;
  if (e.link == Link::value && executable == 0)
    executable = executable_[callee];
  if (executable != 0 && executable_[caller] != 0 && executable_[caller] != executable)
    return;
  if (auto kind = root(caller, e.op, in.certainty)) {
    in.kind = *kind;
    if (!ends_in_root(caller, e.op, conditions, in.certainty))
      return;
  } else if (!program_.functions[caller].coroutine) {
    Conditions required = blocking_.callers().required(caller, e.op);
    conditions.insert(conditions.end(), required.begin(), required.end());
    std::sort(conditions.begin(), conditions.end());
    conditions.erase(std::unique(conditions.begin(), conditions.end()), conditions.end());
    in.from = node(caller, std::move(conditions), executable, in.certainty);
  } else {
    return;
  }
  ins_.push_back(in);
}

} // namespace tenterhook::analysis
