// The analyses in the order in which they need each other.
#include "analysis/analysis.h"

namespace tenterhook::analysis {

Analysis::Analysis(Program linked, const models::Models &models, BlockingOptions blocking_options)
    : program(std::move(linked)), library(program, models), calls(program, library), contexts(program, library, calls),
      descriptors(program, library),
      blocking(program, library, calls, contexts, descriptors, std::move(blocking_options)),
      locks(program, library, calls), dropped(find_dropped(program, library, calls)) {}

} // namespace tenterhook::analysis
