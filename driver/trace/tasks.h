// The tasks of a run, put together from its events. Where events were dropped, what is known is kept and nothing is
// invented: a slice whose end was not seen ends where the next one begins.
#ifndef TENTERHOOK_DRIVER_TRACE_TASKS_H
#define TENTERHOOK_DRIVER_TRACE_TASKS_H

#include "trace/model.h"

namespace tenterhook::runs {

std::vector<Task> collect_tasks(const Run &); // by id

} // namespace tenterhook::runs

#endif
