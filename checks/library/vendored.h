// Copies of modelled libraries among a program's own files.
#ifndef TENTERHOOK_CHECKS_LIBRARY_VENDORED_H
#define TENTERHOOK_CHECKS_LIBRARY_VENDORED_H

#include "models/models.h"
#include "program/program.h"

namespace tenterhook::analysis {

// Takes a vendored copy out of the program's own code (facts::Function::user_code), as if it stood in system headers: what
// its functions do is in the models. A library is known by its namespace, and by names in it that its models describe. It is a
// copy if the folder that holds all of it is not all that there is, and the program's root folder is not called after it: a
// library that is analysed itself is its own project.
void set_vendored(Program &program, const models::Models &models);

} // namespace tenterhook::analysis

#endif
