// unguarded-shared-state: two threads touch one memory without a common lock, and one of them writes.
//
// One finding a memory. The place is the access that holds no lock; each side is a lane: how its thread is created, the
// calls to the access, what it holds there.
#include "library/paths.h"
#include "rules/rule.h"
#include <algorithm>

namespace tenterhook::rules {

using namespace facts;
using analysis::Frame;
using analysis::Level;
using analysis::Race;
using analysis::Side;

namespace {

std::string lock_name(const Context &context, const analysis::Handle &lock, analysis::FunctionId otherwise) {
  const std::string name = analysis::spell(context.program(), lock.in == none ? otherwise : lock.in, lock.path);
  return name.empty() ? "a lock" : "'" + name + "'";
}

std::string memory_name(const Context &context, const Side &side) {
  std::string name = analysis::spell(context.program(), side.in, side.access.at.path);
  if (side.access.at.path.root == RootKind::global &&
      context.program().entities[side.access.at.path.id].kind == EntityKind::function)
    return "the hidden state of '" + context.program().qualified(side.access.at.path.id) + "'";
  if (name.empty())
    return side.access.at.content ? "what a pointer leads to" : "memory";
  return (side.access.at.content ? "what '" : "'") + name + (side.access.at.content ? "' points to" : "'");
}

std::string holding(const Context &context, const Side &side) {
  std::string text;
  for (const analysis::LockHeld &lock : side.arrival.locks)
    if (!lock.once)
      text += (text.empty() ? " while it holds " : " and ") + lock_name(context, lock.lock, side.in) +
              (lock.shared ? " (shared)" : "");
  return text.empty() ? " without a lock" : text;
}

const Operation &operation(const Context &context, const Side &side) {
  return context.program().functions[side.in].ops[side.access.op];
}

// "writes", "reads", "calls 'push_back', which writes"
std::string does(const Context &context, const Side &side) {
  std::string verb = side.access.write ? "writes" : "reads";
  const Operation &op = operation(context, side);
  if (op.kind == OpKind::call && op.callee != none && context.program().entities[op.callee].system)
    return verb + " (by '" + std::string(analysis::Library::last_name(callee_name(context, op))) + "')";
  if (op.kind == OpKind::destroy)
    return "deletes";
  return verb;
}

// A field's initial value is written where the field says so.
findings::Place place_of(const Context &context, analysis::FunctionId in, OpId op) {
  const Operation &operation = context.program().functions[in].ops[op];
  if (operation.kind == OpKind::access && operation.implicit && context.program().functions[in].constructor &&
      operation.path.root == RootKind::self && operation.path.steps.size() == 1 && operation.path.steps[0].field != none)
    return context.place(context.program().entities[operation.path.steps[0].field].place);
  return context.place(operation.place);
}

std::string lane_of(const Context &context, const Side &side) {
  const Level &level = side.arrival.levels.front();
  if (level.origin == analysis::Origins::main)
    return "main thread";
  if (level.origin == analysis::Origins::unseen)
    return "caller of " + lane(context, level.entry);
  const std::string entry = level.entry == none ? "" : " " + lane(context, level.entry);
  return "thread" + entry;
}

void add_side(const Context &context, const Side &side, std::uint32_t nesting, findings::Finding &finding) {
  const std::string name = lane_of(context, side) + (nesting == 2 ? " (2)" : "");
  std::vector<const Frame *> frames; // innermost first
  for (const Frame *frame = side.arrival.last; frame; frame = frame->outer)
    frames.push_back(frame);
  for (std::size_t f = frames.size(); f-- > 0;) {
    const Frame &frame = *frames[f];
    findings::Step step{
        name, nesting, place_of(context, frame.in, frame.op), "", findings::StepKind::call, within(context, frame.in)};
    if (f == 0) {
      step.kind = findings::StepKind::access;
      step.message = does(context, side) + " " + memory_name(context, side) + holding(context, side);
      step.subject = finding.identity;
    } else if (frame.origin != none) {
      step.kind = findings::StepKind::other;
      step.message = "starts the thread that runs " + call_it(context, frames[f - 1]->in);
    } else {
      step.message = "calls " + call_it(context, frames[f - 1]->in);
    }
    finding.witness.push_back(std::move(step));
  }
}

void report(const Context &context, const Race &race, std::vector<findings::Finding> &out) {
  const Side *first = &race.first, *second = &race.second;
  if (!context.reportable(first->in))
    std::swap(first, second);
  if (!context.reportable(first->in))
    return;
  findings::Finding f;
  f.rule = "unguarded-shared-state";
  f.place = place_of(context, first->in, first->access.op);
  f.confidence = race.sure == analysis::Sure::certain  ? findings::Confidence::certain
                 : race.sure == analysis::Sure::likely ? findings::Confidence::likely
                                                       : findings::Confidence::possible;
  f.identity = analysis::identity(context.program(), first->in, first->access.at.path);
  const bool same = first->in == second->in && first->access.op == second->access.op;
  f.what = lane_of(context, *first) + " " + does(context, *first) + " " + memory_name(context, *first) + " here" +
           holding(context, *first) + ", and " +
           (same ? "another thread does the same" : lane_of(context, *second) + " " + does(context, *second) + " it") +
           (same ? ""
                 : " (line " + std::to_string(place_of(context, second->in, second->access.op).line) + ")" +
                       holding(context, *second)) +
           " at the same time: a data race.";
  if (race.contract) {
    const std::string guard = race.guard ? lock_name(context, race.guard->lock, second->in) : "a lock";
    f.what = memory_name(context, *first) + (first->access.write ? " is written" : " is read") + " here without " + guard +
             ", which guards it at " + std::to_string(race.guarded) + " of " + std::to_string(race.guarded + race.unguarded) +
             " places (line " + std::to_string(place_of(context, second->in, second->access.op).line) +
             "): a data race as soon as two threads come.";
    f.instead = "Hold " + guard + " here, too.";
  }
  f.what[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(f.what[0])));
  if (race.contract)
    ;
  else if (race.guard && race.guarded >= 1 && race.guarded >= race.unguarded)
    f.instead = "Hold " + lock_name(context, race.guard->lock, first->in) + ", which guards it at " +
                std::to_string(race.guarded) + " of " + std::to_string(race.guarded + race.unguarded) + " places.";
  else
    f.instead = "Guard both by one lock, or make it a std::atomic.";
  add_side(context, *second, 1, f);
  add_side(context, *first, 2, f);
  for (const auto &[in, at] : race.others)
    f.related.push_back({place_of(context, in, at), "is touched here, too", findings::StepKind::access, within(context, in)});
  f.function = context.program().display(first->in);
  f.target = context.program().targets[first->in];
  out.push_back(std::move(f));
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  for (const Race &race : context.analysis.races().all())
    report(context, race, out);
}

} // namespace

extern const Rule unguarded_shared_state;
const Rule unguarded_shared_state{{"unguarded-shared-state", Category::data_race, false, World::open, 362, "0.1.0",
                                   "two threads touch the same memory without a common lock, and one of them writes", nullptr},
                                  run,
                                  analysis::needs_races};

} // namespace tenterhook::rules
