// Implementation of loader.h. The YAML is described in docs/models.md.
#include "models/loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tenterhook::models {

using llvm::Error;
using llvm::StringRef;

namespace {

const YamlNode *find(const YamlNode &mapping, StringRef key) {
  for (const auto &[k, v] : mapping.entries)
    if (k.text == key)
      return &v;
  return nullptr;
}

// Why `name` cannot be a qualified name as facts spell it; empty if it can.
StringRef bad_name(StringRef name) {
  StringRef last = name.rsplit("::").second.empty() ? name : name.rsplit("::").second;
  StringRef scope = name.drop_back(last.size());
  if (name.contains('*') && !last.starts_with("operator")) {
    bool pattern = name.consume_front(any_scope) && (name.consume_back("*"), !name.empty() && !name.contains_insensitive("*"));
    return pattern && !name.contains("::") ? ""
                                           : "'*::' in front means any scope, and then '*' at the end any rest; "
                                             "there is no other '*'";
  }
  if (name.starts_with("::"))
    return "leave out the leading '::'";
  if (scope.contains('<') || (last.contains('<') && !last.starts_with("operator")))
    return "names are without template arguments";
  if (scope.contains_insensitive(" ") || (last.contains(' ') && !last.starts_with("operator ")))
    return "names have no spaces and no parameter lists";
  if (last.contains('(') && last != "operator()")
    return "names have no parameter lists";
  if (last.empty() || last.ends_with(":"))
    return "the part after '::' is missing";
  return "";
}

} // namespace

Error Loader::load(StringRef yaml) {
  llvm::Expected<YamlNode> root = reader_.parse(yaml);
  if (!root)
    return root.takeError();
  if (root->kind == YamlNode::null)
    return Error::success(); // an empty file models nothing
  if (root->kind != YamlNode::mapping)
    return reader_.error(*root, "a model file is a mapping with the keys library, namespaces, constants, functions, types");
  const YamlNode *section = find(*root, "models");
  if (!section)
    return load_model(*root);
  if (section->kind == YamlNode::null)
    return Error::success();
  return reader_.items(*section, [&](const YamlNode &model) -> Error {
    if (model.kind == YamlNode::scalar) // the path of a model file, for the caller
      return Error::success();
    return load_model(model);
  });
}

Error Loader::load_model(const YamlNode &root) {
  library_ = "user";
  // Functions may name constants that are written below them.
  if (const YamlNode *constants = root.kind == YamlNode::mapping ? find(root, "constants") : nullptr)
    if (Error e = load_constants(*constants))
      return e;
  if (const YamlNode *library = root.kind == YamlNode::mapping ? find(root, "library") : nullptr)
    if (Error e = reader_.read(*library, "library", library_))
      return e;
  return reader_.fields(root, "a model",
                        {{"library", [&](const YamlNode &) { return Error::success(); }},
                         {"namespaces", [&](const YamlNode &v) { return load_namespaces(v); }},
                         {"constants", [&](const YamlNode &) { return Error::success(); }},
                         {"functions",
                          [&](const YamlNode &v) {
                            return v.kind == YamlNode::null
                                       ? Error::success()
                                       : reader_.items(v, [&](const YamlNode &item) { return load_function(item); });
                          }},
                         {"types", [&](const YamlNode &v) {
                            return v.kind == YamlNode::null
                                       ? Error::success()
                                       : reader_.items(v, [&](const YamlNode &item) { return load_type(item); });
                          }}});
}

Error Loader::load_constants(const YamlNode &node) {
  if (node.kind != YamlNode::mapping)
    return reader_.error(node, "constants must be a mapping of names to numbers");
  for (const auto &[key, value] : node.entries) {
    std::int64_t number = 0;
    if (Error e = reader_.read_constant(value, number))
      return e;
    if (key.text.empty() || StringRef(key.text).contains('|') || llvm::isDigit(key.text[0]) || key.text[0] == '-')
      return reader_.error(key, "'" + key.text + "' cannot be the name of a constant");
    models_.constants_[key.text] = number;
  }
  return Error::success();
}

Error Loader::load_namespaces(const YamlNode &node) {
  if (node.kind != YamlNode::mapping)
    return reader_.error(node, "namespaces must be a mapping of namespaces to the namespaces they stand for");
  for (const auto &[key, value] : node.entries) {
    std::string to;
    if (Error e = reader_.read(value, "a namespace", to))
      return e;
    for (const auto &[name, at] : {std::pair(StringRef(key.text), &key), std::pair(StringRef(to), &value)})
      if (name.empty() || !bad_name(name).empty())
        return reader_.error(*at, "'" + name + "' is no namespace");
    std::string from = key.text + "::";
    llvm::erase_if(models_.aliases_, [&](const auto &alias) { return alias.first == from; });
    models_.aliases_.emplace_back(std::move(from), to + "::");
  }
  llvm::sort(models_.aliases_, [](const auto &a, const auto &b) {
    return a.first.size() != b.first.size() ? a.first.size() > b.first.size() : a.first < b.first;
  });
  return Error::success();
}

Error Loader::read_names(const YamlNode &node, std::vector<std::string> &out) {
  std::vector<std::string> scopes;
  auto read_all = [&](const YamlNode &list, StringRef what, std::vector<std::string> &names) {
    return reader_.items(list, [&](const YamlNode &item) -> Error {
      if (Error e = reader_.read(item, what, names.emplace_back()))
        return e;
      StringRef problem = bad_name(names.back());
      return problem.empty() ? Error::success() : reader_.error(item, "'" + names.back() + "' is no qualified name: " + problem);
    });
  };
  const YamlNode *name = find(node, "name"), *of = find(node, "of");
  std::vector<std::string> names;
  if (name)
    if (Error e = read_all(*name, "a name", names))
      return e;
  if (names.empty())
    return reader_.error(name ? *name : node, "a descriptor needs a name");
  if (!of) {
    out = std::move(names);
    return Error::success();
  }
  if (Error e = read_all(*of, "a class or namespace", scopes))
    return e;
  if (scopes.size() * names.size() > 10000)
    return reader_.error(*of, "of × name gives more than 10000 names");
  for (const std::string &scope : scopes)
    for (const std::string &n : names)
      out.push_back(scope + "::" + n);
  return Error::success();
}

Error Loader::check_new(const YamlNode &node, StringRef name, llvm::StringMap<unsigned> &seen) {
  auto [at, inserted] = seen.try_emplace(name, node.line);
  if (inserted)
    return Error::success();
  return reader_.error(node, "'" + name + "' is described twice in this file, first in line " + llvm::Twine(at->second) +
                                 "; merge the two");
}

Error Loader::load_function(const YamlNode &node) {
  FunctionModel f;
  f.library = library_;
  auto ignore = [](const YamlNode &) { return Error::success(); };
  auto flag = [&](StringRef key, bool &out) {
    return std::pair<StringRef, YamlReader::Handler>(key,
                                                     [this, key, &out](const YamlNode &v) { return reader_.read(v, key, out); });
  };
  Error e = reader_.fields(
      node, "a function",
      {{"name", ignore},
       {"of", ignore},
       {"blocks", [&](const YamlNode &v) { return reader_.read_list(v, f.blocks); }},
       flag("nonblocking", f.nonblocking),
       {"locks", [&](const YamlNode &v) { return reader_.read_list(v, f.locks); }},
       {"returns-guard", [&](const YamlNode &v) { return reader_.read_guard_of(v, f.returns_guard.emplace()); }},
       {"callbacks", [&](const YamlNode &v) { return reader_.read_list(v, f.callbacks); }},
       {"resumes-on", [&](const YamlNode &v) { return reader_.read_optional(v, f.await_resumes_on); }},
       {"moves-to", [&](const YamlNode &v) { return reader_.read_optional(v, f.moves_to); }},
       {"called-on", [&](const YamlNode &v) { return reader_.read_optional(v, f.called_on); }},
       {"result-executor", [&](const YamlNode &v) { return reader_.read_optional(v, f.result_executor); }},
       {"result-destructor-blocks", [&](const YamlNode &v) { return reader_.read_optional(v, f.result_destructor_blocks); }},
       {"sets-nonblocking",
        [&](const YamlNode &v) -> Error {
          Subject &subject = f.sets_nonblocking.emplace();
          if (v.kind != YamlNode::mapping)
            return reader_.read(v, subject);
          return reader_.fields(v, "sets-nonblocking",
                                {{"arg", [&](const YamlNode &a) { return reader_.read(a, subject); }},
                                 {"when", [&](const YamlNode &w) { return reader_.read(w, f.sets_nonblocking_when); }},
                                 {"unless", [&](const YamlNode &w) { return reader_.read(w, f.sets_nonblocking_unless); }}},
                                {"arg"});
        }},
       {"opens-descriptor",
        [&](const YamlNode &v) -> Error {
          f.opens_descriptor = true;
          if (v.kind != YamlNode::mapping)
            return reader_.read(v, "opens-descriptor", f.opens_descriptor);
          return reader_.fields(
              v, "opens-descriptor",
              {{"nonblocking-when", [&](const YamlNode &w) { return reader_.read(w, f.opens_nonblocking_when); }},
               {"datagram-when", [&](const YamlNode &w) { return reader_.read(w, f.opens_datagram_when); }},
               {"room", [&](const YamlNode &w) { return reader_.read_constant(w, f.opens_with_room); }}});
        }},
       {"discard-allowed",
        [&](const YamlNode &v) -> Error {
          f.discard_allowed = true;
          if (v.kind != YamlNode::mapping)
            return reader_.read(v, "discard-allowed", f.discard_allowed);
          return reader_.fields(v, "discard-allowed",
                                {{"when", [&](const YamlNode &w) { return reader_.read(w, f.discard_when); }},
                                 {"unless", [&](const YamlNode &w) { return reader_.read(w, f.discard_unless); }}});
        }},
       flag("expects-exception", f.expects_exception),
       {"ready-if", [&](const YamlNode &v) { return reader_.read_constant(v, f.ready_if.emplace()); }},
       {"ready-unless", [&](const YamlNode &v) { return reader_.read_constant(v, f.ready_unless.emplace()); }},
       flag("asserts", f.asserts),
       flag("gives-ready", f.gives_ready),
       flag("ready-arguments", f.ready_arguments),
       flag("forks", f.forks),
       flag("asks-thread", f.asks_thread),
       flag("waits-for-events", f.waits_for_events),
       flag("runs-executor", f.runs_executor),
       flag("generated", f.generated),
       flag("gives-up", f.gives_up),
       flag("current-thread", f.current_thread),
       flag("past-time", f.past_time),
       flag("runs-awaitable", f.runs_awaitable),
       {"returns-subject",
        [&](const YamlNode &v) -> Error {
          f.returns_subject = true;
          if (v.kind == YamlNode::scalar && (v.text == "true" || v.text == "false"))
            return reader_.read(v, "returns-subject", f.returns_subject);
          return reader_.read(v, "returns-subject", f.returned_arg);
        }},
       {"joins", [&](const YamlNode &v) { return reader_.read_optional(v, f.joins); }},
       {"signals", [&](const YamlNode &v) { return reader_.read_optional(v, f.signals); }},
       {"awaits", [&](const YamlNode &v) { return reader_.read_optional(v, f.awaits); }},
       {"awaits-true", [&](const YamlNode &v) { return reader_.read_optional(v, f.awaits_true); }},
       {"claims-zero", [&](const YamlNode &v) { return reader_.read_optional(v, f.claims_zero); }},
       {"claims-true", [&](const YamlNode &v) { return reader_.read_optional(v, f.claims_true); }},
       {"claims-equal", [&](const YamlNode &v) { return reader_.read_optional(v, f.claims_equal); }},
       {"result-stands-for", [&](const YamlNode &v) { return reader_.read_optional(v, f.result_stands_for); }},
       {"handle", [&](const YamlNode &v) { return reader_.read(v, "handle", f.handle.emplace()); }},
       flag("asks-running", f.asks_running),
       flag("hidden-state", f.hidden_state),
       flag("atomic-access", f.atomic_access),
       flag("reads-object", f.reads_object),
       flag("writes-variadic", f.writes_variadic),
       {"condition-variable", [&](const YamlNode &v) { return reader_.read_optional(v, f.condition_variable); }},
       flag("noreturn", f.noreturn)},
      {"name"});
  if (e)
    return e;
  if (f.nonblocking && !f.blocks.empty())
    return reader_.error(node, "a function has either blocks or nonblocking, not both");
  std::vector<std::string> names;
  if (Error bad = read_names(node, names))
    return bad;
  for (std::string &name : names) {
    if (Error twice = check_new(node, name, seen_functions_))
      return twice;
    if (StringRef(name).starts_with(any_scope) && !llvm::is_contained(models_.patterns_, name))
      models_.patterns_.insert(llvm::lower_bound(models_.patterns_, name), name);
    FunctionModel &copy = models_.functions_[name] = f;
    copy.name = std::move(name);
  }
  return Error::success();
}

Error Loader::load_type(const YamlNode &node) {
  TypeModel t;
  t.library = library_;
  auto ignore = [](const YamlNode &) { return Error::success(); };
  Error e = reader_.fields(
      node, "a type",
      {{"name", ignore},
       {"lock", [&](const YamlNode &v) { return reader_.read_optional(v, t.lock); }},
       {"guard", [&](const YamlNode &v) { return reader_.read_optional(v, t.guard); }},
       {"tag", [&](const YamlNode &v) { return reader_.read(v, t.tag); }},
       {"destructor-blocks", [&](const YamlNode &v) { return reader_.read_optional(v, t.destructor_blocks); }},
       {"executor", [&](const YamlNode &v) { return reader_.read_optional(v, t.executor); }},
       {"executor-from-type-arg",
        [&](const YamlNode &v) { return reader_.read(v, "executor-from-type-arg", t.executor_from_type_arg); }},
       {"callable", [&](const YamlNode &v) { return reader_.read(v, "callable", t.callable); }},
       {"smart-pointer", [&](const YamlNode &v) { return reader_.read(v, "smart-pointer", t.smart_pointer); }},
       {"thread", [&](const YamlNode &v) { return reader_.read(v, "thread", t.thread); }},
       {"coroutine-executor-tag",
        [&](const YamlNode &v) { return reader_.read(v, "coroutine-executor-tag", t.coroutine_executor_tag); }},
       {"destroyed-by",
        [&](const YamlNode &v) {
          return reader_.items(
              v, [&](const YamlNode &item) { return reader_.read(item, "a method", t.destroyed_by.emplace_back()); });
        }},
       {"owns-arguments", [&](const YamlNode &v) { return reader_.read(v, "owns-arguments", t.owns_arguments); }},
       {"synchronised", [&](const YamlNode &v) { return reader_.read(v, "synchronised", t.synchronised); }},
       {"not-awaitable", [&](const YamlNode &v) { return reader_.read(v, "not-awaitable", t.not_awaitable); }},
       {"awaitable", [&](const YamlNode &v) { return reader_.read_optional(v, t.awaitable); }},
       {"blocking-descriptor", [&](const YamlNode &v) { return reader_.read(v, "blocking-descriptor", t.blocking_descriptor); }},
       {"ready", [&](const YamlNode &v) { return reader_.read(v, "ready", t.ready.emplace()); }}},
      {"name"});
  if (e)
    return e;
  std::vector<std::string> names;
  if (Error bad = read_names(node, names))
    return bad;
  for (std::string &name : names) {
    if (StringRef(name).starts_with(any_scope))
      return reader_.error(node, "'" + name + "': only functions are described by patterns");
    if (Error twice = check_new(node, name, seen_types_))
      return twice;
    TypeModel &copy = models_.types_[name] = t;
    copy.name = std::move(name);
  }
  return Error::success();
}

} // namespace tenterhook::models
