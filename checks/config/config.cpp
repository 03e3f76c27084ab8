// Reading .tenterhook.yaml. See config.h; what a run makes of it is settings.cpp.
#include "config/config.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <set>

namespace tenterhook::config {
namespace {
namespace yaml = llvm::yaml;
namespace path = llvm::sys::path;

const std::vector<std::string> known_keys = {"allow",  "checks",         "exclude", "fail-on",
                                             "models", "min-confidence", "options", "third-party"};

class Reader {
public:
  Reader(llvm::StringRef text, llvm::StringRef file) : text_(text), file_(file) {
    sources_.setDiagHandler(
        [](const llvm::SMDiagnostic &diagnostic, void *self) {
          auto &error = static_cast<Reader *>(self)->error_;
          if (error.empty()) // what follows the first error is mostly its echo
            error = (diagnostic.getFilename() + ":" + llvm::Twine(diagnostic.getLineNo()) + ":" +
                     llvm::Twine(diagnostic.getColumnNo() + 1) + ": " + diagnostic.getMessage())
                        .str();
        },
        this);
  }

  llvm::Expected<Config> read() {
    Config config;
    config.path = file_;
    yaml::Stream stream(llvm::MemoryBufferRef(text_, file_), sources_);
    auto document = stream.begin();
    if (document != stream.end())
      read_root(document->getRoot(), config);
    if (error_.empty() && document != stream.end() && ++document != stream.end() && error_.empty())
      error_ = file_ + ": holds more than one YAML document; one is expected";
    if (stream.failed() && error_.empty())
      error_ = file_ + ": is not YAML";
    if (!error_.empty())
      return usage_error(error_);
    return config;
  }

private:
  void fail(const yaml::Node *node, const llvm::Twine &message) {
    if (error_.empty())
      error_ = (place(node) + ": " + message).str();
  }
  std::string place(const yaml::Node *node) { return place(node->getSourceRange().Start.getPointer()); }
  std::string place(const char *pointer) {
    llvm::StringRef before = text_.take_front(pointer - text_.begin());
    std::size_t line_start = before.rfind('\n') == llvm::StringRef::npos ? 0 : before.rfind('\n') + 1;
    return (file_ + ":" + llvm::Twine(before.count('\n') + 1) + ":" + llvm::Twine(before.size() - line_start + 1)).str();
  }

  void read_root(yaml::Node *root, Config &config) {
    if (!root || llvm::isa<yaml::NullNode>(root))
      return; // an empty file
    auto *map = llvm::dyn_cast<yaml::MappingNode>(root);
    if (!map)
      return fail(root, "a mapping of keys is expected, such as 'checks: \"*\"'");
    std::set<std::string> seen;
    for (yaml::KeyValueNode &entry : *map) {
      auto *key_node = llvm::dyn_cast_or_null<yaml::ScalarNode>(entry.getKey());
      if (!error_.empty())
        return;
      if (!key_node)
        return fail(entry.getKey() ? entry.getKey() : root, "a key is expected");
      if (pending_models_)
        add_inline_models(pending_models_, key_node->getSourceRange().Start.getPointer(), config);
      pending_models_ = nullptr;
      llvm::SmallString<32> storage;
      std::string key = key_node->getValue(storage).str();
      if (llvm::find(known_keys, key) == known_keys.end())
        return fail(key_node, "unknown key '" + key + "'" + did_you_mean(key, known_keys, "; known keys: " + known()));
      if (!seen.insert(key).second)
        return fail(key_node, "key '" + key + "' is given twice");
      yaml::Node *value = entry.getValue();
      if (!value || !error_.empty())
        return;
      if (llvm::isa<yaml::NullNode>(value))
        continue; // "models:" with nothing behind it yet
      if (key == "models" && llvm::isa<yaml::MappingNode>(value)) {
        pending_models_ = value->getSourceRange().Start.getPointer();
        value->skip();
      } else {
        read_value(key, value, config);
      }
      if (!error_.empty())
        return;
    }
    if (pending_models_)
      add_inline_models(pending_models_, text_.end(), config);
  }

  void read_value(llvm::StringRef key, yaml::Node *value, Config &config) {
    if (key == "checks")
      config.checks = llvm::join(strings(value), ",");
    else if (key == "allow")
      config.allow = strings(value);
    else if (key == "exclude")
      config.exclude = globs(value);
    else if (key == "third-party")
      config.third_party = globs(value);
    else if (key == "fail-on")
      config.fail_on = word(value, {"certain", "likely", "possible", "never"});
    else if (key == "min-confidence")
      config.min_confidence = word(value, {"certain", "likely", "possible"});
    else if (key == "options")
      read_options(value, config);
    else if (auto *sequence = llvm::dyn_cast<yaml::SequenceNode>(value))
      read_models(sequence, config);
    else
      add_model_file(value, config);
    if (key == "checks" && error_.empty())
      if (auto selected = select_checks(config.checks, place(value)); !selected)
        error_ = llvm::toString(selected.takeError());
  }

  std::string scalar(yaml::Node *node) {
    llvm::SmallString<64> storage;
    if (auto *text = llvm::dyn_cast_or_null<yaml::ScalarNode>(node))
      return text->getValue(storage).str();
    if (auto *block = llvm::dyn_cast_or_null<yaml::BlockScalarNode>(node))
      return block->getValue().trim().str();
    if (node)
      fail(node, "a text is expected here");
    return "";
  }

  std::string word(yaml::Node *node, std::vector<std::string> allowed) {
    std::string value = scalar(node);
    if (error_.empty() && llvm::find(allowed, value) == allowed.end())
      fail(node, "'" + value + "' is not one of " + llvm::join(allowed, ", ") + did_you_mean(value, allowed));
    return value;
  }

  // A list of texts; one text may stand without the list.
  std::vector<std::string> strings(yaml::Node *node) {
    std::vector<std::string> result;
    if (auto *sequence = llvm::dyn_cast<yaml::SequenceNode>(node)) {
      for (yaml::Node &element : *sequence)
        result.push_back(scalar(&element));
    } else {
      result.push_back(scalar(node));
    }
    return result;
  }

  std::vector<std::string> globs(yaml::Node *node) {
    std::vector<std::string> result = strings(node);
    for (const std::string &glob : result)
      if (auto pattern = llvm::GlobPattern::create(glob); !pattern)
        fail(node, "bad glob '" + glob + "': " + llvm::toString(pattern.takeError()));
    return result;
  }

  // "check.option: value", or the options of a check below its name.
  void read_options(yaml::Node *node, Config &config) {
    auto *map = llvm::dyn_cast<yaml::MappingNode>(node);
    if (!map)
      return fail(node, "options are a mapping: 'check.option: value'");
    for (yaml::KeyValueNode &entry : *map) {
      yaml::Node *key_node = entry.getKey();
      std::string name = scalar(key_node);
      if (!error_.empty() || !entry.getValue())
        return;
      if (auto *inner = llvm::dyn_cast<yaml::MappingNode>(entry.getValue())) {
        for (yaml::KeyValueNode &option : *inner) {
          yaml::Node *option_key = option.getKey();
          std::string full = name + "." + scalar(option_key);
          add_option(option_key, full, option.getValue(), config);
        }
      } else {
        add_option(key_node, name, entry.getValue(), config);
      }
      if (!error_.empty())
        return;
    }
  }

  void add_option(yaml::Node *at, const std::string &name, yaml::Node *value, Config &config) {
    if (!error_.empty() || !value)
      return;
    if (std::string wrong = wrong_option(name, {}); !wrong.empty())
      return fail(at, wrong);
    std::vector<std::string> values;
    auto add = [&](yaml::Node *element) {
      values.push_back(scalar(element));
      std::string wrong = wrong_option(name, {values.back()});
      if (!wrong.empty())
        fail(element, name + ": " + wrong);
    };
    if (auto *sequence = llvm::dyn_cast<yaml::SequenceNode>(value))
      for (yaml::Node &element : *sequence)
        add(&element);
    else
      add(value);
    config.options[name] = llvm::join(values, ",");
  }

  // Names of model files and, as mappings, what such a file would hold.
  void read_models(yaml::SequenceNode *sequence, Config &config) {
    const char *inline_start = nullptr; // ends where the next element begins, which is known one element later
    for (yaml::Node &element : *sequence) {
      const char *start = element.getSourceRange().Start.getPointer();
      if (inline_start) { // without the dash that opens this element
        std::size_t end = text_.take_front(start - text_.begin()).rfind('-');
        add_inline_models(inline_start, text_.begin() + end, config);
      }
      inline_start = nullptr;
      if (llvm::isa<yaml::MappingNode>(element)) {
        if (*start == '{')
          return fail(&element, "a model in a list is written in lines, not in braces");
        inline_start = start;
        element.skip();
      } else {
        add_model_file(&element, config);
      }
      if (!error_.empty())
        return;
    }
    if (inline_start)
      pending_models_ = inline_start;
  }

  void add_model_file(yaml::Node *node, Config &config) {
    std::string name = scalar(node);
    if (!error_.empty())
      return;
    std::string file = absolute(name, path::parent_path(file_));
    auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
    if (!buffer)
      return fail(node, "cannot read the model file " + file + ": " + buffer.getError().message());
    config.models.push_back({(*buffer)->getBuffer().str(), file});
  }

  // Everything else is blanked out, so that the loader's lines and columns are those of this file.
  void add_inline_models(const char *start, const char *end, Config &config) {
    std::string text = text_.str();
    for (std::size_t i = 0; i < text.size(); ++i)
      if ((text_.begin() + i < start || text_.begin() + i >= end) && text[i] != '\n')
        text[i] = ' ';
    config.models.push_back({text, file_});
  }

  static std::string known() { return llvm::join(known_keys, ", "); }

  llvm::StringRef text_;
  std::string file_;
  llvm::SourceMgr sources_;
  std::string error_;
  const char *pending_models_ = nullptr; // inline models that end where the next key begins
};

} // namespace

std::string find_config(llvm::ArrayRef<std::string> starts) {
  for (const std::string &start : starts)
    for (const std::string &folder : upwards(start)) {
      llvm::SmallString<256> file(folder);
      path::append(file, config_file_name);
      if (llvm::sys::fs::exists(file))
        return file.str().str();
    }
  return "";
}

llvm::Expected<Config> load_config(llvm::StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return usage_error(file + ": cannot read the configuration: " + buffer.getError().message());
  return parse_config((*buffer)->getBuffer(), file);
}

llvm::Expected<Config> parse_config(llvm::StringRef text, llvm::StringRef file) { return Reader(text, file).read(); }

} // namespace tenterhook::config
