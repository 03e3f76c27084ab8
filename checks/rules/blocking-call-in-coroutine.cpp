// blocking-call-in-coroutine: code that runs on an event loop blocks the loop's thread.
//
// One finding per root cause. In a helper, that is the helper: all that blocks in it, or below it and nowhere else, is one
// finding with as many entries as coroutines reach it. In a coroutine itself, each call is its own finding, but
// operations on one object (open, read, close of one stream) are one.
#include "reach/reach.h"
#include "rules/rule.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <map>

namespace tenterhook::rules {

using namespace facts;
using analysis::BlockSite;
using analysis::Certainty;
using analysis::FunctionId;
using analysis::Hop;
using analysis::Reach;
using analysis::Reached;
using analysis::Reaching;
using analysis::RootKindOnLoop;
using findings::StepKind;

namespace {

// Who can await: the place itself, as a coroutine's body can, but no destructor in it; others of the program; nobody.
enum class Awaits { here, elsewhere, nowhere };

const char *advice(models::BlockClass cls, Awaits awaits) {
  using enum models::BlockClass;
  const bool here = awaits == Awaits::here;
  switch (cls) {
  case sleep: return here ? "Await a timer of the event loop instead." : "Use a timer of the event loop instead.";
  case wait:
    return here ? "Await the result instead of waiting for it, or run this part on a thread pool and await that."
           : awaits == Awaits::elsewhere
               ? "Leave the waiting to a coroutine that awaits the result, or run this part on a thread pool."
               : "Go on in a callback when the result is there, or run this part on a thread pool.";
  case socket: return "Use the event loop's asynchronous operation, or set the descriptor to O_NONBLOCK.";
  case pipe:
    return here ? "Use the event loop's asynchronous operation, or run this part on a thread pool and await that."
                : "Use the event loop's asynchronous operation, or run this part on a thread pool.";
  case terminal:
    return here ? "Read asynchronously, or run this part on a thread pool and await that."
                : "Read asynchronously, or run this part on a thread pool.";
  case disk: return here ? "Run the file access on a thread pool and await that." : "Run the file access on a thread pool.";
  case name_lookup:
    return here ? "Use an asynchronous resolver, or run the look-up on a thread pool and await that."
                : "Use an asynchronous resolver, or run the look-up on a thread pool.";
  case process:
    return here ? "Start the process and await its end, or run this part on a thread pool."
                : "Start the process and let the event loop tell its end, or run this part on a thread pool.";
  case lock: return "Hold the lock only briefly, or use an async mutex.";
  case database:
  case http:
    return here ? "Use the client's asynchronous interface, or run this part on a thread pool and await that."
                : "Use the client's asynchronous interface, or run this part on a thread pool.";
  case cpu: return here ? "Run this part on a thread pool and await that." : "Run this part on a thread pool.";
  }
  return "";
}

// A model's advice, for who cannot await.
std::string advice(const BlockSite &site, Awaits awaits) {
  llvm::StringRef text = site.instead;
  if (text.empty())
    return advice(site.cls, awaits);
  if (awaits == Awaits::here)
    return text.str();
  if (text.consume_back(" and await that."))
    return (text + ".").str();
  if (!text.consume_front("Await "))
    return text.str();
  if (awaits == Awaits::elsewhere)
    return ("Have a coroutine await " + text).str();
  return site.cls == models::BlockClass::wait ? advice(site.cls, awaits) : ("Use " + text).str();
}

const Operation &operation(const Context &context, const Hop &hop) { return context.program().functions[hop.in].ops[hop.op]; }

std::string hop_message(const Context &context, const Hop &hop, const Hop &next) {
  std::string to = call_it(context, next.in);
  switch (hop.link) {
  case analysis::Link::direct: return "calls " + to;
  case analysis::Link::virtual_call: return "calls " + to + ", through a virtual function";
  case analysis::Link::value: return "calls " + to + ", through a value";
  case analysis::Link::callback: return "calls '" + callee_name(context, operation(context, hop)) + "', which calls " + to;
  case analysis::Link::awaiter: return "awaits, which runs " + to;
  case analysis::Link::destructor: return "destroys an object, which runs " + to;
  }
  return "";
}

// Whether a coroutine goes on on an event loop behind this await.
bool moves_to_loop(const Context &context, FunctionId f, const Operation &await) {
  const analysis::Library &library = context.analysis.library();
  if (await.kind != OpKind::await || await.args.empty())
    return false;
  for (const analysis::Value &v : library.origins(f, await.args[0])) {
    if (v.operand.kind != OperandKind::result || v.function != f)
      continue;
    const Operation &made = context.program().functions[f].ops[v.operand.op];
    const models::FunctionModel *m = library.function(made);
    if (m && m->await_resumes_on && library.executor(f, made, *m->await_resumes_on) == models::Executor::loop)
      return true;
  }
  return false;
}

// The await behind which the coroutine is on the loop, if it is moved there: the last before the call, else the last of a
// round before.
void add_move(const Context &context, const Reach &reach, std::vector<findings::Step> &steps) {
  const Function &function = context.program().functions[reach.root];
  if (!function.coroutine || (context.analysis.contexts().of(reach.root) & analysis::context_loop))
    return;
  OpId op = reach.chain.front().op, before = none, after = none;
  for (OpId a = 0; a < function.ops.size(); ++a)
    if (moves_to_loop(context, reach.root, function.ops[a]))
      (a < op ? before : after) = a;
  OpId move = before != none ? before : after;
  if (move != none)
    steps.push_back({lane(context, reach.root), 1, context.place(function.ops[move].place),
                     before != none ? "goes on on an event loop" : "goes on on an event loop, and in the next round",
                     StepKind::other, within(context, reach.root)});
}

std::vector<findings::Step> witness(const Context &context, const BlockSite &site, const Reach &reach) {
  std::vector<findings::Step> steps;
  std::string in = lane(context, reach.root);
  if (analysis::Handover by = context.analysis.contexts().handover(reach.root); by.valid() && by.in != reach.root) {
    const Operation &op = context.program().functions[by.in].ops[by.op];
    std::string how = by.awaited ? "awaits " + call_it(context, reach.root) + ", on an event loop"
                                 : "hands " + call_it(context, reach.root) + " to an event loop";
    steps.push_back({lane(context, by.in), 2, context.place(op.place), how, StepKind::other, within(context, by.in)});
  }
  steps.push_back({in, 1, context.definition(reach.root),
                   reach.kind == RootKindOnLoop::awaiter ? "runs when a coroutine awaits" : "runs on the event loop's thread",
                   StepKind::enter, within(context, reach.root)});
  add_move(context, reach, steps);
  for (std::size_t i = 0; i + 1 < reach.chain.size(); ++i)
    steps.push_back({in, 1, context.place(operation(context, reach.chain[i]).place),
                     hop_message(context, reach.chain[i], reach.chain[i + 1]), StepKind::call,
                     within(context, reach.chain[i].in)});
  steps.push_back({in, 1, context.place(operation(context, reach.chain.back()).place), "'" + site.callee + "' " + site.what,
                   StepKind::block, within(context, reach.chain.back().in), site.callee});
  return steps;
}

struct Group { // what one finding is made of
  std::vector<const Reached *> members;
  std::uint32_t helper = none; // the helper that it is (Reaching::written); none: it is in a root
};

std::string function_key(const Context &context, FunctionId f) { // by place: instantiations of one template are one
  const Place &extent = context.program().functions[f].extent;
  return context.program().str(extent.file) + ":" + std::to_string(extent.line) + ":" + std::to_string(extent.column);
}

std::string place_key(const Operation &op) { return "@" + std::to_string(op.place.line) + ":" + std::to_string(op.place.column); }

// Opening a descriptor, reading and writing it are of one kind.
std::string kind(models::BlockClass cls) {
  bool io = cls == models::BlockClass::socket || cls == models::BlockClass::pipe || cls == models::BlockClass::disk;
  return io ? "io" : models::to_string(cls).str();
}

// What one root cause is: see the head of this file.
std::string group_key(const Context &context, const Reached &reached) {
  const Hop &hop = reached.at;
  const BlockSite &site = *reached.site;
  std::string key = function_key(context, hop.in);
  if (!reached.in_root())
    return key;
  const Operation &op = operation(context, hop);
  if (hop.in == site.in && site.object.valid()) {
    analysis::AccessPath object = site.object.without_derefs();
    return key + "#" + kind(site.cls) + std::to_string(static_cast<unsigned>(object.root)) + ":" + std::to_string(object.id) +
           analysis::spell(context.program(), hop.in, object);
  }
  return key + place_key(op);
}

void move_into(Group &from, Group &into) { into.members.insert(into.members.end(), from.members.begin(), from.members.end()); }

// What no one wrote (++ of a range-for's iterator) belongs to what blocks on the same line, if that is written.
void merge_implicit(const Context &context, std::map<std::string, Group> &groups) {
  auto first = [&](const Group &group) -> const Operation & { return operation(context, group.members.front()->at); };
  auto line = [&](const Group &group) { return std::pair(first(group).place.file, first(group).place.line); };
  std::map<std::pair<StringId, std::uint32_t>, Group *> written;
  for (auto &[key, group] : groups)
    if (!first(group).implicit)
      written.emplace(line(group), &group);
  for (auto it = groups.begin(); it != groups.end();) {
    auto into = first(it->second).implicit ? written.find(line(it->second)) : written.end();
    if (into == written.end()) {
      ++it;
      continue;
    }
    move_into(it->second, *into->second);
    it = groups.erase(it);
  }
}

// A helper that is only reached through another helper that blocks is part of that one, of the outermost such.
void merge_nested(const Reaching &reaching, std::map<std::string, Group> &groups) {
  std::map<std::uint32_t, Group *> helpers;
  for (auto &[key, group] : groups)
    if (group.helper != none)
      helpers.emplace(group.helper, &group);
  std::map<std::uint32_t, Group *> outermost; // of all helpers on every way to here, this one included
  auto find = [&](std::uint32_t at) {
    std::vector<std::uint32_t> inward;
    for (; at != none && outermost.count(at) == 0; at = reaching.through(at))
      inward.push_back(at);
    Group *outer = at == none ? nullptr : outermost[at];
    for (auto it = inward.rbegin(); it != inward.rend(); ++it) {
      auto own = helpers.find(*it);
      outer = outer || own == helpers.end() ? outer : own->second;
      outermost[*it] = outer;
    }
    return outer;
  };
  for (auto it = groups.begin(); it != groups.end();) {
    Group *outer = it->second.helper == none ? nullptr : find(it->second.helper);
    if (!outer || outer == &it->second) {
      ++it;
      continue;
    }
    move_into(it->second, *outer);
    it = groups.erase(it);
  }
}

findings::Confidence confidence(Certainty c) {
  return c == Certainty::certain  ? findings::Confidence::certain
         : c == Certainty::likely ? findings::Confidence::likely
                                  : findings::Confidence::possible;
}

struct Roots { // those that reach a group, one of those written at each place: instantiations of one template are one entry
  std::uint32_t count = 0;
  std::vector<FunctionId> first; // in the order of the source, as many as are told
};

constexpr std::size_t told_roots = 20, told_in_all = 40; // related places

Roots roots_of(const Reaching &reaching, const Group &group) {
  llvm::BitVector reach;
  for (const Reached *member : group.members)
    reaching.add_roots(*member, reach);
  Roots roots;
  std::uint32_t before = none; // functions are sorted by place
  for (unsigned index : reach.set_bits()) {
    FunctionId root = reaching.roots()[index];
    if (reaching.written(root) == before)
      continue;
    before = reaching.written(root);
    ++roots.count;
    if (roots.first.size() <= told_roots)
      roots.first.push_back(root);
  }
  return roots;
}

void report(const Context &context, const Reaching &reaching, const Group &group, bool coroutines,
            std::vector<findings::Finding> &out) {
  // The surest chain gives the finding; among those the shortest, then the first in the source.
  auto order = [&](const Reached *r) {
    return std::tuple(-static_cast<int>(r->certainty), r->length, operation(context, r->at).place, r->root, r->site->op);
  };
  const Reached &best = **std::min_element(group.members.begin(), group.members.end(),
                                           [&](const Reached *a, const Reached *b) { return order(a) < order(b); });
  const BlockSite &site = *best.site;
  const Reach reach = reaching.way(best);
  const Hop &hop = best.at;
  const Roots roots = roots_of(reaching, group);

  findings::Finding f;
  f.rule = "blocking-call-in-coroutine";
  f.place = context.place(operation(context, hop).place);
  f.entries = roots.count;
  std::string root = call_it(context, reach.root);
  std::string who =
      reach.kind == RootKindOnLoop::coroutine
          ? "'" + site.callee + "' " + site.what + " while " + root + " runs on its event loop"
      : reach.kind == RootKindOnLoop::awaiter
          ? "'" + site.callee + "' " + site.what + " in " + root + ", on the event loop of the coroutine that awaits"
          : "'" + site.callee + "' " + site.what + " in " + root + ", a callback of an event loop";
  f.what = who + "; every other task of that loop stops meanwhile.";
  const Operation &op = operation(context, hop);
  const bool here = context.program().functions[hop.in].coroutine && op.kind != OpKind::destroy;
  f.instead = advice(site, here ? Awaits::here : coroutines ? Awaits::elsewhere : Awaits::nowhere);
  f.confidence = confidence(reach.certainty);
  f.witness = witness(context, site, reach);
  f.related.reserve(std::min(told_in_all, roots.first.size() + group.members.size()));
  for (FunctionId r : roots.first)
    if (reaching.written(r) != reaching.written(reach.root) && f.related.size() < told_roots)
      f.related.push_back(
          {context.definition(r), "also reached from " + call_it(context, r), StepKind::enter, within(context, r)});
  std::map<Place, findings::Related> more;
  for (const Reached *r : group.members) {
    const BlockSite &other = *r->site;
    Place p = context.program().functions[other.in].ops[other.op].place;
    if (context.place(p) != f.place && p != operation(context, reach.chain.back()).place)
      more.emplace(p, findings::Related{context.place(p), "'" + other.callee + "' " + other.what + " too", StepKind::block,
                                        within(context, other.in), other.callee});
  }
  for (const auto &[p, place] : more)
    if (f.related.size() < told_in_all)
      f.related.push_back(place);
  f.function = context.program().display(hop.in);
  f.identity = site.callee;
  f.target = context.program().targets[hop.in];
  out.push_back(std::move(f));
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  Reaching reaching(context.analysis.blocking(), [&](FunctionId f) { return context.reportable(f); });
  std::map<std::string, Group> groups;
  for (const Reached &reached : reaching.reached()) {
    Group &group = groups[group_key(context, reached)];
    group.members.push_back(&reached);
    if (!reached.in_root())
      group.helper = reaching.written(reached.at.in);
  }
  merge_implicit(context, groups);
  merge_nested(reaching, groups);
  const bool coroutines = llvm::any_of(context.program().functions, [](const Function &f) { return f.coroutine; });
  out.reserve(out.size() + groups.size());
  for (auto &[key, group] : groups)
    report(context, reaching, group, coroutines, out);
}

constexpr const char *classes_option = "blocking-call-in-coroutine.classes";
constexpr const char *default_classes = "wait,sleep,socket,pipe,terminal,disk,name-lookup,process,database,http";

std::vector<OptionInfo> options() {
  std::vector<std::string> names;
  for (std::size_t c = 0; c <= std::size_t(models::BlockClass::cpu); ++c) // the last
    names.push_back(models::to_string(models::BlockClass(c)).str());
  return {{classes_option, default_classes, "what counts as blocking; also known: lock, cpu", names}};
}

void configure(const OptionValues &values, analysis::Options &options) {
  auto set = values.find(classes_option);
  const std::string list = set == values.end() ? default_classes : set->second;
  llvm::SmallVector<llvm::StringRef, 12> names;
  llvm::StringRef(list).split(names, ',', -1, false);
  for (llvm::StringRef name : names)
    if (auto c = models::block_class(name.trim()))
      options.blocking.classes.insert(*c);
}

} // namespace

extern const Rule blocking_call_in_coroutine;
const Rule blocking_call_in_coroutine{{"blocking-call-in-coroutine", Category::blocked_loop, true, World::open, 834, "0.1.0",
                                       "code that runs on an event loop blocks the loop's thread", nullptr},
                                      run,
                                      analysis::needs_blocking,
                                      options,
                                      configure};

} // namespace tenterhook::rules
