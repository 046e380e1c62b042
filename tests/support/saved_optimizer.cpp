#include "support/saved_optimizer.hpp"

#include <gradus/storage/bfloat16.hpp>

#include "support/saved_files.hpp"

namespace support {

template class SavedOptimizer<float>;
template class SavedOptimizer<double>;
template class SavedOptimizer<gradus::bfloat16>;

}  // namespace support
