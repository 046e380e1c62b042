// libtorch's optimizers on tensors in the memory of the caller; they have their own state.
#include <ATen/Parallel.h>
#include <torch/optim.h>
#include <torch/types.h>
#include <torch/version.h>

#include <vector>

#include "peer.hpp"

namespace {

template <class Optimizer, auto options>
class Torch {
 public:
  explicit Torch(const hand::Arrays& x) : optimizer_({tensor(x.p, x.n)}, options()) {
    optimizer_.param_groups()[0].params()[0].mutable_grad() = tensor(x.g, x.n);
  }
  void step(int) { optimizer_.step(); }

 private:
  static torch::Tensor tensor(float* x, std::size_t n) {
    return torch::from_blob(x, {static_cast<std::int64_t>(n)});
  }
  Optimizer optimizer_;
};

using namespace torch::optim;
using hand::rate;
constexpr auto sgd = [] { return SGDOptions(rate); };
constexpr auto momentum = [] { return SGDOptions(rate).momentum(0.9); };
constexpr auto nesterov = [] { return SGDOptions(rate).momentum(0.9).nesterov(true); };
constexpr auto adagrad = [] { return AdagradOptions(rate); };
constexpr auto rmsprop = [] { return RMSpropOptions(rate); };
constexpr auto adam = [] { return AdamOptions(rate); };
constexpr auto adamw = [] { return AdamWOptions(rate); };

constexpr auto name = "libtorch " TORCH_VERSION;

}  // namespace

const peer::Row* gradus_peer() {
  static constexpr peer::Row rows[] = {peer::row<Torch<SGD, sgd>>("SGD", name),
                                       peer::row<Torch<SGD, momentum>>("Momentum", name),
                                       peer::row<Torch<SGD, nesterov>>("Nesterov", name),
                                       peer::row<Torch<Adagrad, adagrad>>("Adagrad", name),
                                       peer::row<Torch<RMSprop, rmsprop>>("RMSprop", name),
                                       peer::row<Torch<Adam, adam>>("Adam", name),
                                       peer::row<Torch<AdamW, adamw>>("AdamW", name),
                                       {}};
  at::set_num_threads(1);
  return rows;
}
