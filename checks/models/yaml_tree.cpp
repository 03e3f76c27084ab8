// Implementation of yaml_tree.h.
#include "models/yaml_tree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

namespace tenterhook::models {
namespace {

namespace yaml = llvm::yaml;

// Converts the parser's nodes, depth first. After the first problem nothing more is read from the stream.
class TreeBuilder {
public:
  TreeBuilder(llvm::StringRef text, llvm::StringRef file) : text_(text), file_(file) {
    sources_.setDiagHandler([](const llvm::SMDiagnostic &d, void *self) { static_cast<TreeBuilder *>(self)->note(d); }, this);
  }

  llvm::Expected<YamlNode> build() {
    // Written before the parser sees them, so that its own, vaguer complaints do not come first.
    if (std::size_t nul = llvm::StringRef(text_).find('\0'); nul != llvm::StringRef::npos)
      return llvm::createStringError(file_ + ": a NUL byte at offset " + std::to_string(nul) + "; models are text");
    yaml::Stream stream(text_, sources_, /*ShowColors=*/false);
    YamlNode root;
    yaml::document_iterator document = stream.begin();
    if (document != stream.end()) {
      if (yaml::Node *node = document->getRoot())
        root = convert(*node, 0);
      if (error_.empty() && !stream.failed()) {
        ++document;
        if (error_.empty() && !stream.failed() && document != stream.end())
          error_ = file_ + ": several YAML documents; a model file holds one";
      }
    }
    if (error_.empty() && stream.failed())
      error_ = file_ + ": not valid YAML";
    if (!error_.empty())
      return llvm::createStringError(error_);
    return root;
  }

private:
  void note(const llvm::SMDiagnostic &d) {
    if (error_.empty() && d.getKind() == llvm::SourceMgr::DK_Error)
      fail(d.getLineNo() > 0 ? unsigned(d.getLineNo()) : 1, unsigned(d.getColumnNo() + 1), d.getMessage());
  }
  void fail(unsigned line, unsigned column, const llvm::Twine &message) {
    if (error_.empty())
      error_ = (file_ + ":" + llvm::Twine(line) + ":" + llvm::Twine(column) + ": " + message).str();
  }
  void place(YamlNode &out, const yaml::Node &node) {
    llvm::SMLoc loc = node.getSourceRange().Start;
    unsigned buffer = loc.isValid() ? sources_.FindBufferContainingLoc(loc) : 0;
    if (!buffer)
      return;
    if (llvm::isa<yaml::MappingNode, yaml::SequenceNode>(node)) { // its range starts after the bracket
      llvm::StringRef all = sources_.getMemoryBuffer(buffer)->getBuffer();
      llvm::StringRef before = all.take_front(std::size_t(loc.getPointer() - all.data())).rtrim();
      if (before.ends_with("{") || before.ends_with("["))
        loc = llvm::SMLoc::getFromPointer(before.end() - 1);
    }
    std::tie(out.line, out.column) = sources_.getLineAndColumn(loc, buffer);
  }

  YamlNode convert(yaml::Node &node, unsigned depth) {
    YamlNode out;
    place(out, node);
    if (depth >= YamlNode::max_depth)
      fail(out.line, out.column, "nested too deeply");
    else if (!node.getAnchor().empty() || llvm::isa<yaml::AliasNode>(node))
      fail(out.line, out.column, "anchors and aliases are not supported; write the value out");
    else if (!node.getRawTag().empty())
      fail(out.line, out.column, "tags are not supported");
    if (!error_.empty())
      return out;

    if (auto *s = llvm::dyn_cast<yaml::ScalarNode>(&node)) {
      llvm::SmallString<64> storage;
      out.kind = YamlNode::scalar;
      out.text = s->getValue(storage).str();
      out.quoted = s->getRawValue().starts_with("\"") || s->getRawValue().starts_with("'");
    } else if (auto *b = llvm::dyn_cast<yaml::BlockScalarNode>(&node)) {
      out.kind = YamlNode::scalar;
      out.text = b->getValue().str();
      out.quoted = true;
    } else if (auto *q = llvm::dyn_cast<yaml::SequenceNode>(&node)) {
      out.kind = YamlNode::sequence;
      for (yaml::Node &item : *q) {
        out.items.push_back(convert(item, depth + 1));
        if (!error_.empty())
          break;
      }
    } else if (auto *m = llvm::dyn_cast<yaml::MappingNode>(&node)) {
      out.kind = YamlNode::mapping;
      llvm::StringSet<> seen;
      for (yaml::KeyValueNode &entry : *m) {
        yaml::Node *key = entry.getKey();
        if (!key || !error_.empty())
          break;
        YamlNode k = convert(*key, depth + 1);
        if (error_.empty() && k.kind != YamlNode::scalar)
          fail(k.line, k.column, "a key must be a word");
        else if (error_.empty() && !seen.insert(k.text).second)
          fail(k.line, k.column, "the key '" + k.text + "' is here twice");
        yaml::Node *value = error_.empty() ? entry.getValue() : nullptr;
        if (!value || !error_.empty())
          break;
        YamlNode v = convert(*value, depth + 1);
        if (v.kind == YamlNode::null) // an empty value has no place of its own
          v.line = k.line, v.column = k.column;
        out.entries.push_back({std::move(k), std::move(v)});
        if (!error_.empty())
          break;
      }
    }
    return out;
  }

  std::string text_; // a copy: the parser looks one past the end
  std::string file_;
  llvm::SourceMgr sources_;
  std::string error_;
};

llvm::StringRef describe(const YamlNode &node) {
  switch (node.kind) {
  case YamlNode::null: return "nothing";
  case YamlNode::scalar: return "a single value";
  case YamlNode::mapping: return "a mapping";
  case YamlNode::sequence: return "a list";
  }
  return "";
}

} // namespace

llvm::Expected<YamlNode> YamlReader::parse(llvm::StringRef text) const { return TreeBuilder(text, file_).build(); }

llvm::Error YamlReader::error(const YamlNode &at, const llvm::Twine &message) const {
  return llvm::createStringError((file_ + ":" + llvm::Twine(at.line) + ":" + llvm::Twine(at.column) + ": " + message).str());
}

std::string YamlReader::suggest(llvm::StringRef wrong, llvm::ArrayRef<llvm::StringRef> known) {
  // A slip of the fingers, not another word: at most a third of the letters differ.
  unsigned best = std::max<unsigned>(1, unsigned(wrong.size()) / 3) + 1;
  llvm::StringRef nearest;
  for (llvm::StringRef k : known)
    if (unsigned d = wrong.edit_distance_insensitive(k, /*AllowReplacements=*/true, best); d < best)
      best = d, nearest = k;
  if (!nearest.empty())
    return ("; did you mean '" + nearest + "'?").str();
  return "; known: " + llvm::join(known, ", ");
}

llvm::Error YamlReader::fields(const YamlNode &node, llvm::StringRef what,
                               llvm::ArrayRef<std::pair<llvm::StringRef, Handler>> handlers,
                               llvm::ArrayRef<llvm::StringRef> required) const {
  if (node.kind != YamlNode::mapping)
    return error(node, llvm::Twine(what) + " must be a mapping of keys to values, not " + describe(node));
  for (const auto &[key, value] : node.entries) {
    const auto *handler = llvm::find_if(handlers, [&](const auto &h) { return h.first == key.text; });
    if (handler == handlers.end()) {
      std::vector<llvm::StringRef> known;
      for (const auto &h : handlers)
        known.push_back(h.first);
      return error(key, "unknown key '" + key.text + "' in " + what + suggest(key.text, known));
    }
    if (llvm::Error e = handler->second(value))
      return e;
  }
  for (llvm::StringRef r : required)
    if (llvm::none_of(node.entries, [&](const auto &entry) { return entry.key.text == r; }))
      return error(node, llvm::Twine(what) + " needs the key '" + r + "'");
  return llvm::Error::success();
}

llvm::Error YamlReader::items(const YamlNode &node, llvm::function_ref<llvm::Error(const YamlNode &)> each) const {
  if (node.kind != YamlNode::sequence)
    return each(node);
  for (const YamlNode &item : node.items)
    if (llvm::Error e = each(item))
      return e;
  return llvm::Error::success();
}

llvm::Error YamlReader::read(const YamlNode &node, llvm::StringRef what, bool &out) const {
  if (node.kind == YamlNode::scalar && (node.text == "true" || node.text == "false")) {
    out = node.text == "true";
    return llvm::Error::success();
  }
  return error(node, llvm::Twine(what) + " must be true or false");
}

llvm::Error YamlReader::read(const YamlNode &node, llvm::StringRef what, std::string &out) const {
  if (node.kind != YamlNode::scalar)
    return error(node, llvm::Twine(what) + " must be a single value, not " + describe(node));
  if (node.text.empty() || llvm::any_of(node.text, [](char c) { return c == '\n' || c == '\r'; }))
    return error(node, llvm::Twine(what) + " must be one non-empty line");
  out = node.text;
  return llvm::Error::success();
}

llvm::Error YamlReader::read(const YamlNode &node, llvm::StringRef what, int &out) const {
  int value = 0;
  if (node.kind != YamlNode::scalar || node.quoted || llvm::StringRef(node.text).getAsInteger(10, value) || value < -1 ||
      value > 99)
    return error(node, llvm::Twine(what) + " must be a number that counts from 0, or -1 for the last");
  out = value;
  return llvm::Error::success();
}

} // namespace tenterhook::models
