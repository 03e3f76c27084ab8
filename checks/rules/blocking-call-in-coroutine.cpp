// blocking-call-in-coroutine: code that runs on an event loop blocks the loop's thread.
//
// One finding per root cause. In a helper, that is the helper: all that blocks in it, or below it and nowhere else, is one
// finding with as many entries as coroutines reach it. In a coroutine itself, each call is its own finding, but
// operations on one object (open, read, close of one stream) are one.
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
using findings::StepKind;

namespace {

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
    steps.push_back({lane(context, origin.in), 2, context.place(op.place), how, StepKind::other, within(context, origin.in)});
  }
  steps.push_back({in, 1, context.definition(reach.root),
                   reach.kind == RootKindOnLoop::awaiter ? "runs when a coroutine awaits" : "runs on the event loop's thread",
                   StepKind::enter, within(context, reach.root)});
  for (std::size_t i = 0; i + 1 < reach.chain.size(); ++i)
    steps.push_back({in, 1, context.place(operation(context, reach.chain[i]).place),
                     hop_message(context, reach.chain[i], reach.chain[i + 1]), StepKind::call, within(context, reach.chain[i].in)});
  steps.push_back({in, 1, context.place(operation(context, reach.chain.back()).place), "'" + site.callee + "' " + site.what,
                   StepKind::block, within(context, reach.chain.back().in), site.callee});
  return steps;
}

using Member = std::pair<const BlockSite *, Reach>;
using Group = std::vector<Member>;

std::string function_key(const Context &context, FunctionId f) { // by place: instantiations of one template are one
  const Place &extent = context.program().functions[f].extent;
  return context.program().str(extent.file) + ":" + std::to_string(extent.line) + ":" + std::to_string(extent.column);
}

std::string place_key(const Operation &op) {
  return "@" + std::to_string(op.place.line) + ":" + std::to_string(op.place.column);
}

// Opening a descriptor, reading and writing it are of one kind.
std::string kind(models::BlockClass cls) {
  bool io = cls == models::BlockClass::socket || cls == models::BlockClass::pipe || cls == models::BlockClass::disk;
  return io ? "io" : models::to_string(cls).str();
}

// What one root cause is: see the head of this file.
std::string group_key(const Context &context, const BlockSite &site, const Reach &reach, const Hop &hop) {
  std::string key = function_key(context, hop.in);
  if (hop.in != reach.root)
    return key;
  const Operation &op = operation(context, hop);
  if (hop.in == site.in && site.object.valid()) {
    analysis::AccessPath object = site.object.without_derefs();
    return key + "#" + kind(site.cls) + std::to_string(static_cast<unsigned>(object.root)) + ":" + std::to_string(object.id) +
           analysis::spell(context.program(), hop.in, object);
  }
  return key + place_key(op);
}

// What no one wrote (++ of a range-for's iterator) belongs to what blocks on the same line, if that is written.
void merge_implicit(const Context &context, std::map<std::string, Group> &groups) {
  auto first = [&](const Group &group) -> const Operation & { return operation(context, reported_hop(context, group.front().second)); };
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
    std::move(it->second.begin(), it->second.end(), std::back_inserter(*into->second));
    it = groups.erase(it);
  }
}

// A helper that is only reached through another helper that blocks is part of that one.
void merge_nested(const Context &context, std::map<std::string, Group> &groups) {
  auto through = [&](const Member &m) { // the helpers on the way, outermost first
    std::vector<std::string> keys;
    for (const Hop &hop : m.second.chain)
      if (hop.in != m.second.root)
        keys.push_back(function_key(context, hop.in));
    return keys;
  };
  for (auto it = groups.begin(); it != groups.end();) {
    std::string outer;
    for (const std::string &key : through(it->second.front())) {
      bool all = key != it->first && groups.count(key) != 0 &&
                 std::all_of(it->second.begin(), it->second.end(), [&](const Member &m) {
                   std::vector<std::string> keys = through(m);
                   return std::find(keys.begin(), keys.end(), key) != keys.end();
                 });
      if (all) {
        outer = key;
        break;
      }
    }
    if (outer.empty()) {
      ++it;
      continue;
    }
    Group &into = groups[outer];
    std::move(it->second.begin(), it->second.end(), std::back_inserter(into));
    it = groups.erase(it);
  }
}

findings::Confidence confidence(Certainty c) {
  return c == Certainty::certain  ? findings::Confidence::certain
         : c == Certainty::likely ? findings::Confidence::likely
                                  : findings::Confidence::possible;
}

void report(const Context &context, Group &group, std::vector<findings::Finding> &out) {
  auto place_of = [&](const Member &c) {
    return operation(context, reported_hop(context, c.second)).place;
  };
  // The surest chain gives the finding; among those the shortest, then the first in the source.
  auto order = [&](const Member &a, const Member &b) {
    return std::tuple(-static_cast<int>(a.second.certainty), a.second.chain.size(), place_of(a), a.second.root, a.first->op) <
           std::tuple(-static_cast<int>(b.second.certainty), b.second.chain.size(), place_of(b), b.second.root, b.first->op);
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
  f.what = who + "; every other task of that loop stops meanwhile.";
  f.instead = site.instead.empty() ? advice(site.cls) : site.instead;
  f.confidence = confidence(reach.certainty);
  f.witness = witness(context, site, reach);
  for (const auto &[extent, r] : roots)
    if (r != reach.root && f.related.size() < 20)
      f.related.push_back({context.definition(r), "also reached from " + call_it(context, r), StepKind::enter, within(context, r)});
  std::map<Place, findings::Related> more;
  for (const auto &c : group)
    if (Place p = operation(context, c.second.chain.back()).place; context.place(p) != f.place && p != operation(context, reach.chain.back()).place)
      more.emplace(p, findings::Related{context.place(p), "'" + c.first->callee + "' " + c.first->what + " too", StepKind::block,
                                        within(context, c.second.chain.back().in), c.first->callee});
  for (const auto &[p, place] : more)
    if (f.related.size() < 40)
      f.related.push_back(place);
  f.function = context.program().display(hop.in);
  f.identity = site.callee;
  f.target = context.program().targets[hop.in];
  out.push_back(std::move(f));
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  std::map<std::string, Group> groups;
  for (const BlockSite &site : context.analysis.blocking.sites())
    for (Reach &reach : context.analysis.blocking.reached_from(site)) {
      if (!context.reportable(reach.root))
        continue; // a library's own coroutine
      const Hop &hop = reported_hop(context, reach);
      groups[group_key(context, site, reach, hop)].push_back({&site, std::move(reach)});
    }
  merge_implicit(context, groups);
  merge_nested(context, groups);
  for (auto &[key, group] : groups)
    report(context, group, out);
}

} // namespace

extern const Rule blocking_call_in_coroutine;
const Rule blocking_call_in_coroutine{{"blocking-call-in-coroutine", Category::blocked_loop, true, World::open, 834, "0.1.0",
                                       "code that runs on an event loop blocks the loop's thread", nullptr},
                                      run};

} // namespace tenterhook::rules
