// `tenterhook threads`. See threads_command.h.
#include "driver/threads_command.h"
#include "driver/inputs.h"
#include "driver/schedule.h"
#include "engine/threads.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::driver {

llvm::Expected<int> run_threads(const Arguments &arguments, llvm::raw_ostream &out, std::vector<Trouble> &problems) {
  llvm::Expected<Inputs> inputs = load_inputs(arguments);
  if (!inputs)
    return inputs.takeError();
  llvm::append_range(problems, inputs->notes);
  Extraction extraction =
      extract_all(inputs->commands, workers_for(arguments.jobs), false, [](std::size_t, std::size_t, llvm::StringRef) {});
  engine::describe_threads(std::move(extraction.units), inputs->models, inputs->settings.engine.world, out);
  llvm::append_range(problems, std::move(extraction.troubles));
  return extraction.analysed == inputs->commands.size() ? 0 : 3;
}

} // namespace tenterhook::driver
