#include <gradus/save/state_names.hpp>

#include "support/catch.hpp"

using gradus::io::state_name;

TEST_CASE("Slots are called as in PyTorch", "[io]") {
  CHECK(state_name("Adam", "m") == "exp_avg");
  CHECK(state_name("AdamW", "v") == "exp_avg_sq");
  CHECK(state_name("AMSGrad", "largest") == "max_exp_avg_sq");
  CHECK(state_name("Adamax", "u") == "exp_inf");
  CHECK(state_name("Momentum", "b") == "momentum_buffer");
  CHECK(state_name("Adagrad", "v") == "sum");
  CHECK(state_name("RMSprop", "v") == "square_avg");
  CHECK(state_name("RMSpropMomentum", "b") == "momentum_buffer");
  CHECK(state_name("CenteredRMSprop", "a") == "grad_avg");
  CHECK(state_name("Adadelta", "u") == "acc_delta");
}

TEST_CASE("Slots without a name in PyTorch keep theirs, and parts of a chain their prefix",
          "[io]") {
  CHECK(state_name("Ema", "average") == "average");
  CHECK(state_name("Chain", "Adam.m") == "Adam.exp_avg");
  CHECK(state_name("Chain", "RMSprop2.v") == "RMSprop2.square_avg");
  CHECK(state_name("Chain", "Ema2.average") == "Ema2.average");
}
