// What a person asks of a picture next: the last step of drawing a part.
#ifndef TENTERHOOK_DRIVER_TIMELINE_CAUSES_H
#define TENTERHOOK_DRIVER_TIMELINE_CAUSES_H

#include "timeline/captions.h"

namespace tenterhook::timeline {

void tell_causes(Picture &, Captions &);

} // namespace tenterhook::timeline

#endif
