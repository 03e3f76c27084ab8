// blocking-call-in-coroutine: code that runs on an event loop blocks the loop's thread.
//
// One finding per root cause. In a helper, that is the helper: all its blocking operations of one class are one finding
// with as many entries as coroutines reach it. In a coroutine itself, each call is its own finding, but operations on
// one object (open, read, close of one stream) are one.
#include "rules/rule.h"
#include <algorithm>
#include <map>

namespace tenterhook::rules {

using namespace facts;
using analysis::BlockSite;
using analysis::Certainty;
using analysis::FunctionId;
using analysis::Hop;
using analysis::Reach;
using analysis::RootKindOnLoop;

namespace {

struct Case { // one site with the roots that reach it
  const BlockSite *site;
  std::vector<Reach> reaches;
};

const char *advice(models::BlockClass cls) {
  using enum models::BlockClass;
  switch (cls) {
  case sleep:
    return "Await a timer of the event loop instead.";
  case wait:
    return "Await the result instead of waiting for it, or run this part on a thread pool and await that.";
  case socket:
    return "Use the event loop's asynchronous operation, or set the descriptor to O_NONBLOCK.";
  case pipe:
  case terminal:
    return "Read asynchronously, or run this part on a thread pool and await that.";
  case disk:
    return "Run the file access on a thread pool and await that.";
  case name_lookup:
    return "Use an asynchronous resolver, or run the look-up on a thread pool and await that.";
  case process:
    return "Start the process and await its end, or run this part on a thread pool.";
  case lock:
    return "Hold the lock only briefly, or use an async mutex.";
  case database:
  case http:
    return "Use the client's asynchronous interface, or run this part on a thread pool and await that.";
  case cpu:
    return "Run this part on a thread pool and await that.";
  }
  return "";
}

// The operation in user code that a person can change: the site, or the last call before third-party code.
const Hop &reported_hop(const Context &context, const Reach &reach) {
  for (auto it = reach.chain.rbegin(); it != reach.chain.rend(); ++it)
    if (context.reportable(it->in))
      return *it;
  return reach.chain.back();
}

const Operation &operation(const Context &context, const Hop &hop) { return context.program().functions[hop.in].ops[hop.op]; }

std::string hop_message(const Context &context, const Hop &hop, const Hop &next) {
  std::string to = call_it(context, next.in);
  switch (hop.link) {
  case analysis::Link::direct:
    return "calls " + to;
  case analysis::Link::virtual_call:
    return "calls " + to + ", through a virtual function";
  case analysis::Link::value:
    return "calls " + to + ", through a value";
  case analysis::Link::callback:
    return "calls '" + callee_name(context, operation(context, hop)) + "', which calls " + to;
  case analysis::Link::awaiter:
    return "awaits, which runs " + to;
  case analysis::Link::destructor:
    return "destroys an object, which runs " + to;
  }
  return "";
}

std::vector<findings::Step> witness(const Context &context, const BlockSite &site, const Reach &reach) {
  std::vector<findings::Step> steps;
  std::string in = lane(context, reach.root);
  if (analysis::Origin origin = context.analysis.contexts.origin(reach.root); origin.valid()) {
    const Operation &op = context.program().functions[origin.in].ops[origin.op];
    std::string how = origin.awaited ? "awaits " + call_it(context, reach.root) + ", on an event loop"
                                     : "hands " + call_it(context, reach.root) + " to an event loop";
    steps.push_back({lane(context, origin.in), 2, context.place(op.place), how});
  }
  steps.push_back({in, 1, context.place(context.program().entity_of(reach.root).place),
                   reach.kind == RootKindOnLoop::awaiter ? "runs when a coroutine awaits" : "runs on the event loop's thread"});
  for (std::size_t i = 0; i + 1 < reach.chain.size(); ++i)
    steps.push_back({in, 1, context.place(operation(context, reach.chain[i]).place), hop_message(context, reach.chain[i], reach.chain[i + 1])});
  steps.push_back({in, 1, context.place(operation(context, reach.chain.back()).place), "'" + site.callee + "' " + site.what});
  return steps;
}

// What one root cause is: see the head of this file.
std::string group_key(const Context &context, const BlockSite &site, const Reach &reach, const Hop &hop) {
  const analysis::Program &program = context.program();
  const Function &function = program.functions[hop.in];
  std::string key = program.str(function.extent.file) + ":" + std::to_string(function.extent.line) + ":" +
                    std::to_string(function.extent.column) + "|" + models::to_string(site.cls).str();
  const Operation &op = operation(context, hop);
  if (hop.in != reach.root || hop.in != site.in) {
    if (hop.in == reach.root) // straight into third-party code: each call is a cause
      key += "@" + std::to_string(op.place.line) + ":" + std::to_string(op.place.column);
    return key;
  }
  analysis::AccessPath object = op.receiver.kind == OperandKind::path ? op.receiver.path.without_derefs()
                                : op.path.valid()                    ? op.path.without_derefs()
                                                                     : analysis::AccessPath{};
  if (!object.valid() && !op.args.empty() && op.args[0].kind == OperandKind::path && op.kind == OpKind::call && op.callee != none &&
      program.entities[op.callee].record == none)
    object = {}; // a free function's first argument says too little
  if (object.valid() && object.root != RootKind::result)
    return key + "#" + analysis::spell(program, hop.in, object);
  return key + "@" + std::to_string(op.place.line) + ":" + std::to_string(op.place.column);
}

findings::Confidence confidence(Certainty c) {
  return c == Certainty::certain  ? findings::Confidence::certain
         : c == Certainty::likely ? findings::Confidence::likely
                                  : findings::Confidence::possible;
}

void report(const Context &context, std::vector<std::pair<const BlockSite *, Reach>> &group, std::vector<findings::Finding> &out) {
  auto place_of = [&](const std::pair<const BlockSite *, Reach> &c) {
    return operation(context, reported_hop(context, c.second)).place;
  };
  // The surest chain gives the finding; among those the first in the source, then the shortest.
  auto order = [&](const auto &a, const auto &b) {
    return std::tuple(-static_cast<int>(a.second.certainty), place_of(a), a.second.chain.size(), a.second.root, a.first->op) <
           std::tuple(-static_cast<int>(b.second.certainty), place_of(b), b.second.chain.size(), b.second.root, b.first->op);
  };
  std::sort(group.begin(), group.end(), order);
  const BlockSite &site = *group.front().first;
  const Reach &reach = group.front().second;
  const Hop &hop = reported_hop(context, reach);
  std::map<Place, FunctionId> roots; // by place: instantiations of one template are one entry
  for (const auto &c : group)
    roots.emplace(context.program().functions[c.second.root].extent, c.second.root);

  findings::Finding f;
  f.rule = "blocking-call-in-coroutine";
  f.place = context.place(operation(context, hop).place);
  f.entries = static_cast<std::uint32_t>(roots.size());
  std::string root = call_it(context, reach.root);
  std::string who = reach.kind == RootKindOnLoop::coroutine  ? "'" + site.callee + "' " + site.what + " while " + root + " runs on its event loop"
                    : reach.kind == RootKindOnLoop::awaiter ? "'" + site.callee + "' " + site.what + " in " + root + ", on the event loop of the coroutine that awaits"
                                                            : "'" + site.callee + "' " + site.what + " in " + root + ", a callback of an event loop";
  if (f.entries > 1)
    who += " (and " + std::to_string(f.entries - 1) + " more " + (f.entries > 2 ? "ways" : "way") + " to get here)";
  f.what = who + "; every other task of that loop stops meanwhile.";
  f.instead = site.instead.empty() ? advice(site.cls) : site.instead;
  f.confidence = confidence(reach.certainty);
  f.witness = witness(context, site, reach);
  for (const auto &[extent, r] : roots)
    if (r != reach.root && f.related.size() < 20)
      f.related.push_back({context.place(context.program().entity_of(r).place), "also reached from " + call_it(context, r)});
  std::map<Place, std::string> more;
  for (const auto &c : group)
    if (Place p = operation(context, c.second.chain.back()).place; context.place(p) != f.place && p != operation(context, reach.chain.back()).place)
      more.emplace(p, "'" + c.first->callee + "' " + c.first->what + " too");
  for (const auto &[p, message] : more)
    if (f.related.size() < 40)
      f.related.push_back({context.place(p), message});
  f.function = context.program().display(hop.in);
  f.identity = site.callee;
  f.target = context.program().targets[hop.in];
  out.push_back(std::move(f));
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  std::map<std::string, std::vector<std::pair<const BlockSite *, Reach>>> groups;
  for (const BlockSite &site : context.analysis.blocking.sites())
    for (Reach &reach : context.analysis.blocking.reached_from(site)) {
      if (!context.reportable(reach.root))
        continue; // a library's own coroutine
      const Hop &hop = reported_hop(context, reach);
      groups[group_key(context, site, reach, hop)].push_back({&site, std::move(reach)});
    }
  for (auto &[key, group] : groups)
    report(context, group, out);
}

} // namespace

extern const Rule blocking_call_in_coroutine;
const Rule blocking_call_in_coroutine{{"blocking-call-in-coroutine", Category::blocked_loop, true, World::open, 834, "0.1.0",
                                       "code that runs on an event loop blocks the loop's thread", nullptr},
                                      run};

} // namespace tenterhook::rules
