// Adds the descriptors of YAML text to a Models.
#ifndef TENTERHOOK_CHECKS_MODELS_LOADER_H
#define TENTERHOOK_CHECKS_MODELS_LOADER_H

#include "models/clauses.h"

namespace tenterhook::models {

class Loader {
public:
  Loader(Models &models, llvm::StringRef file) : models_(models), reader_(file, models.constants_) {}

  // All or an error; after an error `models` holds a part and is to be thrown away.
  llvm::Error load(llvm::StringRef yaml);

private:
  llvm::Error load_model(const YamlNode &root);
  llvm::Error load_function(const YamlNode &node);
  llvm::Error load_type(const YamlNode &node);
  llvm::Error load_constants(const YamlNode &node);
  llvm::Error load_namespaces(const YamlNode &node);
  // The names of a descriptor: every `name`, or every `of`::`name`.
  llvm::Error read_names(const YamlNode &node, std::vector<std::string> &out);
  llvm::Error check_new(const YamlNode &node, llvm::StringRef name, llvm::StringMap<unsigned> &seen);

  Models &models_;
  ClauseReader reader_;
  std::string library_;
  llvm::StringMap<unsigned> seen_functions_, seen_types_; // in this file; the line
};

} // namespace tenterhook::models

#endif
