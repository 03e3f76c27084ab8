// libFuzzer entry: any bytes given as a model file give a Models or an error with a place, never a crash.
#include "models/models.h"
#include <cstdlib>

using namespace tenterhook::models;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const Models base =
      llvm::cantFail(Models().with("constants: {O_NONBLOCK: 0x800}\nfunctions: [{name: recv, blocks: socket}]\n", "base.yaml"));
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  llvm::Expected<Models> models = base.with(text, "fuzz.yaml");
  if (!models) {
    std::string message = llvm::toString(models.takeError());
    if (!llvm::StringRef(message).starts_with("fuzz.yaml:")) // every error names its file
      std::abort();
    return 0;
  }
  for (const FunctionModel *f : models->functions())
    if (models->function(f->name) != f)
      std::abort();
  for (const TypeModel *t : models->types())
    if (models->type(t->name) != t)
      std::abort();
  return 0;
}
