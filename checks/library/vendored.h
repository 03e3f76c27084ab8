// Copies of modelled libraries among a program's own files.
#ifndef TENTERHOOK_CHECKS_LIBRARY_VENDORED_H
#define TENTERHOOK_CHECKS_LIBRARY_VENDORED_H

#include "models/models.h"
#include "program/program.h"

namespace tenterhook::analysis {

// Takes a vendored copy out of the program's own code (facts::Function::user_code), as if it stood in system headers: what
// its functions do is in the models. A library is known by its namespace, and by names in it that its models describe. It is a
// copy if most of the files that call it, and are not of it, stand outside of its home: the outermost folder above its code
// that is called after it, else the folder that holds its code. A library that is analysed itself is its own project: its
// tests and examples use it, and other projects beside it that do not (a test framework's sources) say nothing.
void set_vendored(Program &program, const models::Models &models);

} // namespace tenterhook::analysis

#endif
