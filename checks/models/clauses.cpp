// Implementation of clauses.h.
#include "models/clauses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace tenterhook::models {

using llvm::Error;
using llvm::StringRef;

namespace {

// All class names, in the order of the enumeration.
constexpr std::pair<StringRef, StringRef> classes[] = {
    {"wait", "waits for another thread"},
    {"sleep", "sleeps"},
    {"socket", "waits on a socket"},
    {"pipe", "waits on a pipe"},
    {"terminal", "waits for input from the terminal"},
    {"disk", "waits for the disk"},
    {"name-lookup", "waits for a name lookup"},
    {"process", "waits for a child process"},
    {"lock", "waits for a lock"},
    {"database", "waits for a database"},
    {"http", "waits for an HTTP reply"},
    {"cpu", "computes for long"},
};
static_assert(std::size(classes) == std::size_t(BlockClass::cpu) + 1);

std::vector<StringRef> class_names() {
  std::vector<StringRef> names;
  for (const auto &c : classes)
    names.push_back(c.first);
  return names;
}

} // namespace

StringRef to_string(BlockClass c) { return classes[std::size_t(c)].first; }

StringRef default_what(BlockClass c) { return classes[std::size_t(c)].second; }

std::optional<BlockClass> block_class(StringRef name) {
  for (std::size_t i = 0; i < std::size(classes); ++i)
    if (classes[i].first == name)
      return BlockClass(i);
  if (name == "name_lookup")
    return BlockClass::name_lookup;
  return std::nullopt;
}

template <typename T>
Error ClauseReader::read_word(const YamlNode &node, StringRef what, T &out, llvm::ArrayRef<std::pair<StringRef, T>> words) const {
  std::string text;
  if (Error e = read(node, what, text))
    return e;
  std::vector<StringRef> known;
  for (const auto &[word, value] : words) {
    if (text == word) {
      out = value;
      return Error::success();
    }
    known.push_back(word);
  }
  return error(node, llvm::Twine(what) + " cannot be '" + text + "'" + suggest(text, known));
}

Error ClauseReader::read_argument(const YamlNode &node, StringRef what, int &out) const {
  if (node.kind == YamlNode::scalar && (node.text == "last" || node.text == "receiver")) {
    out = node.text == "last" ? -1 : receiver_arg;
    return Error::success();
  }
  Error e = read(node, what, out);
  if (e || out < 0) { // less than 0 are the two words
    llvm::consumeError(std::move(e));
    return error(node, llvm::Twine(what) + " must be a number that counts from 0, last, or receiver");
  }
  return Error::success();
}

Error ClauseReader::read_constant(const YamlNode &node, std::int64_t &out) const {
  out = 0;
  return items(node, [&](const YamlNode &item) -> Error {
    std::string text;
    if (Error e = read(item, "a constant", text))
      return e;
    llvm::SmallVector<StringRef, 4> parts;
    StringRef(text).split(parts, '|');
    for (StringRef part : parts) {
      part = part.trim();
      std::int64_t value = 0;
      if (!part.getAsInteger(0, value)) {
        out |= value;
        continue;
      }
      auto known = constants_.find(part);
      if (known != constants_.end()) {
        out |= known->second;
        continue;
      }
      std::vector<StringRef> names;
      for (const auto &c : constants_)
        names.push_back(c.first());
      llvm::sort(names);
      std::string near = suggest(part, names);
      if (!StringRef(near).contains("did you mean"))
        near = "; give a number, or define it under constants";
      return error(item, "no constant is called '" + part + "'" + near);
    }
    return Error::success();
  });
}

Error ClauseReader::read(const YamlNode &node, std::vector<Condition> &out) const { return read_list(node, out); }

Error ClauseReader::read(const YamlNode &node, Condition &out) const {
  unsigned tests = 0;
  bool argument = false, counts = false, of_field = false;
  auto test = [&](ConditionKind kind) {
    out.kind = kind;
    ++tests;
  };
  auto constant = [&](ConditionKind kind) {
    return [&, kind](const YamlNode &v) {
      test(kind);
      return read_constant(v, out.value);
    };
  };
  auto text = [&](ConditionKind kind, StringRef what) {
    return [&, kind, what](const YamlNode &v) {
      test(kind);
      return read(v, what, out.text);
    };
  };
  auto count = [&](ConditionKind kind) {
    return [&, kind](const YamlNode &v) -> Error {
      test(kind);
      counts = true;
      int n = 0;
      if (Error e = read(v, "the number of arguments", n))
        return e;
      if (n < 0)
        return error(v, "the number of arguments cannot be negative");
      out.value = n;
      return Error::success();
    };
  };
  Error e = fields(node, "a condition",
                   {{"arg",
                     [&](const YamlNode &v) {
                       argument = true;
                       return read_argument(v, "arg", out.arg);
                     }},
                    {"field",
                     [&](const YamlNode &v) {
                       of_field = true;
                       return read(v, "field", out.text);
                     }},
                    {"is",
                     [&](const YamlNode &v) {
                       ++tests;
                       return read_word<ConditionKind>(v, "is", out.kind,
                                                       {{"zero", ConditionKind::arg_zero},
                                                        {"null", ConditionKind::arg_null},
                                                        {"nonblocking", ConditionKind::fd_nonblocking},
                                                        {"datagram", ConditionKind::fd_datagram},
                                                        {"no-time", ConditionKind::arg_no_time},
                                                        {"past", ConditionKind::arg_past},
                                                        {"callable", ConditionKind::arg_callable},
                                                        {"integer", ConditionKind::arg_integer}});
                     }},
                    {"equals", constant(ConditionKind::arg_equals)},
                    {"has-flag", constant(ConditionKind::arg_has_flag)},
                    {"lacks-flag", constant(ConditionKind::arg_lacks_flag)},
                    {"type", text(ConditionKind::arg_type, "type")},
                    {"global", text(ConditionKind::arg_global, "global")},
                    {"args", count(ConditionKind::arg_count)},
                    {"args-at-least", count(ConditionKind::arg_count_at_least)}});
  if (e)
    return e;
  if (tests != 1)
    return error(node, "a condition holds one test (is, equals, has-flag, lacks-flag, type, global, args, "
                       "args-at-least); this has " +
                           llvm::Twine(tests));
  if (of_field && out.kind != ConditionKind::arg_has_flag)
    return error(node, "field goes with has-flag");
  if (argument == counts)
    return error(node, counts ? "a count of arguments takes no arg" : "a condition needs arg: the argument it tests");
  return Error::success();
}

Error ClauseReader::read(const YamlNode &node, Blocks &out) const {
  bool has_class = false;
  auto read_class = [&](const YamlNode &v) -> Error {
    std::string text;
    if (Error e = read(v, "class", text))
      return e;
    std::optional<BlockClass> c = block_class(text);
    if (!c)
      return error(v, "'" + text + "' is no class of blocking" + suggest(text, class_names()));
    out.cls = *c;
    has_class = true;
    return Error::success();
  };
  if (node.kind == YamlNode::scalar) {
    if (Error e = read_class(node))
      return e;
  } else if (Error e = fields(node, "blocks",
                              {{"class", read_class},
                               {"when", [&](const YamlNode &v) { return read(v, out.when); }},
                               {"unless", [&](const YamlNode &v) { return read(v, out.unless); }},
                               {"fd",
                                [&](const YamlNode &v) {
                                  out.fd = true;
                                  return read_argument(v, "fd", out.fd_arg);
                                }},
                               {"bytes", [&](const YamlNode &v) { return read_argument(v, "bytes", out.bytes.emplace()); }},
                               {"reads", [&](const YamlNode &v) { return read(v, "reads", out.reads); }},
                               {"possible", [&](const YamlNode &v) { return read(v, "possible", out.possible); }},
                               {"parks-fiber", [&](const YamlNode &v) { return read(v, "parks-fiber", out.parks_fiber); }},
                               {"releases", [&](const YamlNode &v) { return read_optional(v, out.releases); }},
                               {"what", [&](const YamlNode &v) { return read(v, "what", out.what); }},
                               {"instead", [&](const YamlNode &v) { return read(v, "instead", out.instead); }}},
                              {"class"}))
    return e;
  if (out.what.empty())
    out.what = default_what(out.cls).str();
  return Error::success();
}

Error ClauseReader::read(const YamlNode &node, Subject &out) const {
  if (node.kind == YamlNode::scalar) {
    if (node.text == "receiver" || node.text == "result" || node.text == "all") {
      out.kind = node.text == "receiver" ? Subject::receiver : node.text == "result" ? Subject::result : Subject::all_arguments;
      return Error::success();
    }
    int arg = -1;
    Error e = node.text == "last" ? Error::success() : read(node, "", arg);
    if (!e && (arg >= 0 || node.text == "last")) {
      out = {Subject::argument, arg};
      return Error::success();
    }
    llvm::consumeError(std::move(e));
  }
  return error(node, "expected whose object is meant: receiver, result, all, last, or an argument's number from 0");
}

Error ClauseReader::read(const YamlNode &node, LockClause &out) const {
  unsigned actions = 0;
  auto action = [&](LockAction a) {
    return [&, a](const YamlNode &v) {
      out.action = a;
      ++actions;
      return read(v, out.subject);
    };
  };
  if (Error e = fields(node, "locks",
                       {{"acquire", action(LockAction::acquire)},
                        {"release", action(LockAction::release)},
                        {"try-acquire", action(LockAction::try_acquire)},
                        {"shared", [&](const YamlNode &v) { return read(v, "shared", out.shared); }},
                        {"success", [&](const YamlNode &v) -> Error {
                           std::int64_t number;
                           if (v.kind == YamlNode::scalar && !v.quoted && !StringRef(v.text).getAsInteger(10, number)) {
                             out.success_is = number;
                             return Error::success();
                           }
                           bool zero = false;
                           Error e = read_word<bool>(v, "success", zero, {{"zero", true}, {"nonzero", false}});
                           if (zero)
                             out.success_is = 0;
                           return e;
                         }}}))
    return e;
  if (actions != 1)
    return error(node, "locks needs one of acquire, release, try-acquire; this has " + llvm::Twine(actions));
  return Error::success();
}

Error ClauseReader::read_guard_of(const YamlNode &node, LockClause &out) const {
  out.action = LockAction::acquire;
  if (node.kind != YamlNode::mapping)
    return read(node, out.subject);
  return fields(node, "returns-guard",
                {{"of", [&](const YamlNode &v) { return read(v, out.subject); }},
                 {"try",
                  [&](const YamlNode &v) {
                    bool is_try = false;
                    Error e = read(v, "try", is_try);
                    if (is_try)
                      out.action = LockAction::try_acquire;
                    return e;
                  }},
                 {"shared", [&](const YamlNode &v) { return read(v, "shared", out.shared); }}},
                {"of"});
}

Error ClauseReader::read(const YamlNode &node, Executor &out) const {
  return read_word<Executor>(node, "an executor", out,
                             {{"loop", Executor::loop},
                              {"pool", Executor::pool},
                              {"thread", Executor::thread},
                              {"fiber", Executor::fiber},
                              {"inherited", Executor::inherited},
                              {"unknown", Executor::unknown}});
}

Error ClauseReader::read(const YamlNode &node, ExecutorClause &out) const {
  if (node.kind == YamlNode::scalar)
    return read(node, out.fixed);
  return fields(node, "an executor",
                {{"executor-of", [&](const YamlNode &v) { return read_optional(v, out.from); }},
                 {"else", [&](const YamlNode &v) { return read(v, out.fixed); }}},
                {"executor-of"});
}

Error ClauseReader::read(const YamlNode &node, CallbackClause &out) const {
  bool has_on = false;
  if (Error e = fields(node, "callbacks",
                       {{"arg", [&](const YamlNode &v) { return read(v, out.subject); }},
                        {"runs",
                         [&](const YamlNode &v) {
                           enum class Runs : std::uint8_t { in_place, once, later } runs = Runs::in_place;
                           Error e = read_word<Runs>(
                               v, "runs", runs, {{"in-place", Runs::in_place}, {"once", Runs::once}, {"later", Runs::later}});
                           out.in_place = runs != Runs::later;
                           out.once = runs == Runs::once;
                           return e;
                         }},
                        {"on",
                         [&](const YamlNode &v) {
                           has_on = true;
                           return read(v, out.on);
                         }},
                        {"slot-of", [&](const YamlNode &v) { return read(v, out.slot_of.emplace()); }},
                        {"result",
                         [&](const YamlNode &v) {
                           return read_word<bool>(v, "result", out.result_dropped, {{"dropped", true}, {"kept", false}});
                         }},
                        {"when", [&](const YamlNode &v) { return read(v, out.when); }},
                        {"unless", [&](const YamlNode &v) { return read(v, out.unless); }}},
                       {"arg", "runs"}))
    return e;
  if (out.in_place == has_on)
    return error(node, has_on ? "a callback that runs in place takes no 'on'"
                              : "a callback that runs later needs 'on': loop, pool, thread, …");
  return Error::success();
}

Error ClauseReader::read(const YamlNode &node, ConditionVariableClause &out) const {
  return fields(node, "condition-variable",
                {{"action",
                  [&](const YamlNode &v) {
                    return read_word<ConditionAction>(v, "action", out.action,
                                                      {{"wait", ConditionAction::wait},
                                                       {"notify-one", ConditionAction::notify_one},
                                                       {"notify-all", ConditionAction::notify_all}});
                  }},
                 {"condition", [&](const YamlNode &v) { return read(v, out.condition); }},
                 {"lock", [&](const YamlNode &v) { return read_optional(v, out.lock); }},
                 {"predicate", [&](const YamlNode &v) { return read(v, "predicate", out.predicate); }}},
                {"action"});
}

Error ClauseReader::read(const YamlNode &node, LockType &out) const {
  bool plain = false;
  if (node.kind == YamlNode::scalar) {
    if (Error e = read(node, "lock", plain))
      return e;
    return plain ? Error::success() : error(node, "lock is true or a mapping; leave it out for a type that is no lock");
  }
  return fields(node, "lock",
                {{"recursive", [&](const YamlNode &v) { return read(v, "recursive", out.recursive); }},
                 {"shared", [&](const YamlNode &v) { return read(v, "shared", out.shared); }},
                 {"spin", [&](const YamlNode &v) { return read(v, "spin", out.spin); }},
                 {"async", [&](const YamlNode &v) { return read(v, "async", out.async); }}});
}

Error ClauseReader::read(const YamlNode &node, GuardType &out) const {
  bool plain = false;
  if (node.kind == YamlNode::scalar) {
    if (Error e = read(node, "guard", plain))
      return e;
    return plain ? Error::success() : error(node, "guard is true or a mapping; leave it out for a type that is no guard");
  }
  auto methods = [&](StringRef what, std::vector<std::string> &list) {
    return [&, what](const YamlNode &v) {
      list.clear(); // what is written replaces the default
      return items(v, [&](const YamlNode &item) { return read(item, what, list.emplace_back()); });
    };
  };
  return fields(node, "guard",
                {{"mutexes", [&](const YamlNode &v) { return read(v, out.mutexes); }},
                 {"shared", [&](const YamlNode &v) { return read(v, "shared", out.shared); }},
                 {"on-construction", [&](const YamlNode &v) { return read(v, "on-construction", out.on_construction); }},
                 {"lock", methods("lock", out.lock)},
                 {"unlock", methods("unlock", out.unlock)},
                 {"try", methods("try", out.try_lock)},
                 {"release", methods("release", out.release)},
                 {"owns", methods("owns", out.owns)}});
}

Error ClauseReader::read(const YamlNode &node, GuardTag &out) const {
  return read_word<GuardTag>(
      node, "tag", out,
      {{"deferred", GuardTag::deferred}, {"try-to-lock", GuardTag::try_to_lock}, {"adopted", GuardTag::adopted}});
}

Error ClauseReader::read(const YamlNode &node, Start &out) const {
  return read_word<Start>(node, "awaitable", out, {{"lazy", Start::lazy}, {"eager", Start::eager}, {"true", Start::unknown}});
}

} // namespace tenterhook::models
