// Share 7 of the rules, for the interface for C: see any_optimizer.hpp.
#include <gradus/adapt/c/optimizer_of.hpp>

#include <memory>

namespace gradus { inline namespace GRADUS_ABI { namespace detail { namespace c {

template std::unique_ptr<AnyOptimizer> make_optimizer<7>(const OptimizerArguments<float>&);
template std::unique_ptr<AnyOptimizer> make_optimizer<7>(const OptimizerArguments<double>&);

}}}}  // namespace gradus::GRADUS_ABI::detail::c
