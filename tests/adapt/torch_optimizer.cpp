#include <torch/optim/adamw.h>
#include <torch/types.h>
#include <gradus/adapt/torch_optimizer.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/save/inspect.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/folder.hpp"

namespace {

using Tensors = std::vector<torch::Tensor>;

Tensors parameters(torch::ScalarType type = torch::kFloat) {
  Tensors r;
  for (const auto& shape : {std::vector<std::int64_t>{7, 5}, {33}, {}, {2, 0}, {4, 3, 2}}) {
    torch::Tensor t = torch::arange(1.0, 1.0 + static_cast<double>(c10::multiply_integers(shape)));
    r.push_back(torch::sin(t).reshape(shape).to(type).requires_grad_());
  }
  return r;
}
Tensors copies(const Tensors& tensors) {
  Tensors r;
  for (const torch::Tensor& t : tensors) r.push_back(t.detach().clone().requires_grad_());
  return r;
}
/// Gradients that follow from the parameters, so that a wrong step also shows in all later ones.
/// Where `left_out` says so, a tensor gets none.
void set_grads(Tensors& params, const std::vector<bool>& left_out = {}) {
  for (std::size_t j = 0; j < params.size(); ++j) {
    if (j < left_out.size() && left_out[j]) {
      params[j].mutable_grad().reset();
    } else {
      const torch::Tensor x = params[j].detach();
      params[j].mutable_grad() = x * x * x - x * 0.5;
    }
  }
}
bool same_bits(const torch::Tensor& a, const torch::Tensor& b) {
  return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() &&
         std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()) == 0;
}
bool same_bits(const Tensors& a, const Tensors& b) {
  bool r = a.size() == b.size();
  for (std::size_t j = 0; r && j < a.size(); ++j) r = same_bits(a[j], b[j]);
  return r;
}
double distance(const Tensors& a, const Tensors& b) {
  double r = 0;
  for (std::size_t j = 0; j < a.size(); ++j)
    if (a[j].numel() > 0) r = std::max(r, (a[j] - b[j]).abs().max().item<double>());
  return r;
}
using support::error_of;
constexpr gradus::Constant rate{0.01};
constexpr gradus::AdamW adamw{.weight_decay = 0.1};

/// Steps of gradus beside those of torch::optim::AdamW. The vector code of libtorch fuses multiply
/// and add; without it, which ATEN_CPU_CAPABILITY=default chooses, the bits are the same.
void compare_with_torch(torch::ScalarType type, auto&& make, const std::vector<bool>& sometimes,
                        double tolerance) {
  Tensors ours = parameters(type), theirs = copies(ours);
  auto opt = make(ours);
  torch::optim::AdamW torch_opt(theirs, torch::optim::AdamWOptions(0.01).weight_decay(0.1));
  for (int t = 0; t < 100; ++t) {
    const std::vector<bool> left_out = t % 3 == 1 ? std::vector<bool>{} : sometimes;
    set_grads(ours, left_out);
    set_grads(theirs, left_out);
    CHECK(opt.step().applied);
    torch_opt.step();
  }
  CHECK(opt.steps() == 100);
  const char* const capability = std::getenv("ATEN_CPU_CAPABILITY");
  if (capability != nullptr && std::string_view(capability) == "default") {
    CHECK(same_bits(ours, theirs));
  } else {
    CHECK(distance(ours, theirs) < tolerance);
  }
}

}  // namespace

TEST_CASE("The steps of AdamW are those of torch::optim::AdamW", "[adapt]") {
  const std::vector<bool> none, some{false, true, true, true, false};
  const auto of_float = [](const Tensors& p) { return gradus::TorchOptimizer{rate, adamw, p}; };
  const auto of_double = [](const Tensors& p) {
    return gradus::torch_optimizer<double>(rate, adamw, p);
  };
  compare_with_torch(torch::kFloat, of_float, none, 1e-6);
  compare_with_torch(torch::kDouble, of_double, none, 1e-14);
  // Tensors that have a gradient only in every third step: each counts its own updates.
  compare_with_torch(torch::kFloat, of_float, some, 1e-6);
  compare_with_torch(torch::kDouble, of_double, some, 1e-14);
}

TEST_CASE("The steps are those of an Optimizer, for every type of tensors", "[adapt]") {
  const auto compare = []<class P>(P, torch::ScalarType type) {
    const gradus::Cosine cosine{.start = 0.01, .end = 0, .steps = 20};
    Tensors params = parameters(type);
    std::vector<std::vector<P>> p, g;
    for (const torch::Tensor& t : params) {
      const P* const data = static_cast<const P*>(t.data_ptr());
      p.emplace_back(data, data + t.numel());
      g.emplace_back(p.back().size());
    }
    auto opt = gradus::torch_optimizer<P>(cosine, adamw, params);
    gradus::Optimizer plain{cosine, adamw, p};
    for (int t = 0; t < 20; ++t) {
      const torch::NoGradGuard no_grad;
      set_grads(params);
      for (std::size_t j = 0; j < g.size(); ++j)
        if (!g[j].empty())
          std::memcpy(g[j].data(), params[j].grad().data_ptr(), params[j].grad().nbytes());
      CHECK(opt.rate() == plain.rate());
      opt.step({.scale = 0.5});
      plain.step(p, g, {.scale = 0.5});
      for (std::size_t j = 0; j < p.size(); ++j)
        CHECK((p[j].empty() ||
               std::memcmp(p[j].data(), params[j].data_ptr(), params[j].nbytes()) == 0));
    }
  };
  compare(float(), torch::kFloat);
  compare(double(), torch::kDouble);
  compare(gradus::bfloat16(), torch::kBFloat16);
  compare(gradus::float16(), torch::kHalf);
}

TEST_CASE("A tensor without a gradient is left as it is, but the schedule goes on", "[adapt]") {
  const gradus::Cosine cosine{.start = 0.1, .end = 0, .steps = 10};
  Tensors params = parameters();
  gradus::TorchOptimizer opt{cosine, adamw, params};
  set_grads(params, {true, false, true, true, true});
  const Tensors before = copies(params);
  opt.step();
  CHECK(same_bits(params[0], before[0]));
  CHECK_FALSE(same_bits(params[1], before[1]));
  CHECK(opt.groups()[0].steps() == 0);
  CHECK(opt.groups()[0].slot("exp_avg")[0] == 0);
  CHECK(opt.groups()[1].slot("exp_avg")[0] != 0);

  opt.zero_grad();
  const Tensors after_one = copies(params);
  opt.step();
  CHECK(same_bits(params, after_one));
  CHECK(opt.steps() == 2);
  CHECK(opt.rate() == cosine(2));
}

TEST_CASE("Gradients are clipped by one norm over those that there are", "[adapt]") {
  Tensors params{torch::zeros({1}), torch::zeros({1}), torch::zeros({1})};
  gradus::TorchOptimizer opt{gradus::ClipNorm{1}, gradus::Constant{1}, gradus::SGD{}, params};
  params[0].mutable_grad() = torch::full({1}, 3.0F);
  params[2].mutable_grad() = torch::full({1}, 4.0F);
  CHECK(opt.step().norm == 5);
  CHECK(params[0].item<float>() == Approx(-0.6));
  CHECK(params[1].item<float>() == 0);
  CHECK(params[2].item<float>() == Approx(-0.8));

  // A chain measures all gradients of its optimizer, so that all tensors are in one.
  gradus::TorchOptimizer chain{gradus::Constant{1},
                               gradus::Chain{gradus::ClipNorm{1}, gradus::SGD{}}, params};
  CHECK(error_of([&] { chain.step(); }) ==
        "gradus::TorchOptimizer.grads[1] must be defined, because the rule measures all (got "
        "none)");
  params[1].mutable_grad() = torch::zeros({1});
  chain.step();
  CHECK(params[0].item<float>() == Approx(-1.2));
  CHECK(chain.steps() == 1);
}

TEST_CASE("Autograd and other memory of a tensor are heeded", "[adapt]") {
  Tensors params{torch::ones({3}).requires_grad_()};
  gradus::TorchOptimizer opt{gradus::Constant{1}, gradus::SGD{}, params};
  const torch::Tensor loss = (params[0] * params[0]).sum();
  params[0].mutable_grad() = torch::ones({3});
  const auto version = params[0]._version();
  opt.step();
  CHECK(params[0]._version() == version + 1);
  CHECK_THROWS_WITH(loss.backward(), Catch::Contains("modified by an inplace operation"));

  params[0].set_data(torch::full({3}, 5.0F));
  opt.step();
  CHECK(params[0][0].item<float>() == 4);
}

TEST_CASE("A saved optimizer continues bit for bit, with PyTorch's names in the file", "[adapt]") {
  const support::Folder folder;
  const std::string path = folder / "run.safetensors";
  const gradus::Cosine cosine{.start = 0.01, .end = 0, .steps = 20};
  Tensors params = parameters();
  gradus::TorchOptimizer opt{cosine, adamw, params};
  const auto train = [](auto& o, Tensors& p, int from, int to) {
    for (int t = from; t < to; ++t) {
      set_grads(p, {false, t % 2 == 0});
      o.step();
    }
  };
  train(opt, params, 0, 7);
  gradus::io::save(path, opt.groups());
  Tensors loaded = copies(params);
  gradus::TorchOptimizer other{cosine, adamw, loaded};
  gradus::io::load(path, other.groups());
  CHECK(other.steps() == 7);
  train(opt, params, 7, 20);
  train(other, loaded, 7, 20);
  CHECK(same_bits(params, loaded));

  const std::string text = gradus::io::inspect(path).text();
  for (const char* name : {"0.exp_avg", "0.exp_avg_sq", "0.step", "4.exp_avg_sq"})
    CHECK_THAT(text, Catch::Contains(name));
}

TEST_CASE("What an optimizer of tensors refuses, and that nothing has changed", "[adapt]") {
  const auto made = [](const torch::Tensor& bad) {
    return error_of([&] { gradus::TorchOptimizer{rate, adamw, Tensors{torch::ones({2}), bad}}; });
  };
  CHECK(made(torch::Tensor()) == "gradus::TorchOptimizer.params[1] must be defined (got none)");
  CHECK(made(torch::ones({2, 3}).t()) ==
        "gradus::TorchOptimizer.params[1] must be contiguous (got strides [1, 3])");
  CHECK(made(torch::ones({2}, torch::kDouble)) ==
        "gradus::TorchOptimizer.params[1] must be of type Float (got Double)");
  CHECK(made(torch::ones({2}, torch::kLong)) ==
        "gradus::TorchOptimizer.params[1] must be of type Float (got Long)");
  CHECK(made(torch::ones({2}).to_sparse()) ==
        "gradus::TorchOptimizer.params[1] must be dense (got Sparse)");
  CHECK(made(torch::empty({2}, torch::kMeta)) ==
        "gradus::TorchOptimizer.params[1] must be on the CPU (got meta)");
  CHECK(error_of([&] { gradus::torch_optimizer<gradus::bfloat16>(rate, adamw, parameters()); }) ==
        "gradus::TorchOptimizer.params[0] must be of type BFloat16 (got Float)");
  {
    const c10::InferenceMode guard;
    CHECK(made(torch::ones({2})) ==
          "gradus::TorchOptimizer.params[0] must be usable by autograd (got an inference tensor)");
  }

  Tensors params{torch::ones({2, 3}), torch::ones({2, 3})};
  gradus::TorchOptimizer opt{rate, adamw, params};
  params[0].mutable_grad() = torch::ones({2, 3});
  const Tensors before = copies(params);
  const auto stepped = [&](const torch::Tensor& bad) {
    params[1].mutable_grad() = bad;
    const std::string r = error_of([&] { opt.step(); });
    CHECK(same_bits(params, before));
    CHECK(params[0]._version() == 0);
    CHECK(opt.steps() == 0);
    CHECK(opt.groups()[0].steps() == 0);
    CHECK(opt.groups()[0].slot("exp_avg")[0] == 0);
    return r;
  };
  CHECK(stepped(torch::ones({3, 2}).t()) ==
        "gradus::TorchOptimizer.grads[1] must be contiguous (got strides [1, 2])");
  CHECK(stepped(torch::ones({2, 3}).to_sparse()) ==
        "gradus::TorchOptimizer.grads[1] must be dense (got Sparse)");
  CHECK(stepped(torch::ones({2, 3}, torch::kDouble)) ==
        "gradus::TorchOptimizer.grads[1] must be of type Float (got Double)");
  CHECK(stepped(torch::ones({2, 3}, torch::kLong)) ==
        "gradus::TorchOptimizer.grads[1] must be of type Float (got Long)");
  CHECK(stepped(torch::ones({6})) ==
        "gradus::TorchOptimizer.grads[1] must have the shape of its parameter, [2, 3] (got [6])");
  CHECK(stepped(torch::empty({2, 3}, torch::kMeta)) ==
        "gradus::TorchOptimizer.grads[1] must be on the CPU (got meta)");
  params[1].mutable_grad() = torch::ones({2, 3});
  CHECK_THAT(error_of([&] { opt.step({.factor = -1}); }), Catch::Contains("must be finite"));
  CHECK(same_bits(params, before));
  CHECK(opt.step().applied);

  Tensors twice{params[0], params[0]};
  twice[0].mutable_grad() = torch::ones({2, 3});
  gradus::TorchOptimizer of_twice{rate, adamw, twice};
  CHECK_THAT(error_of([&] { of_twice.step(); }), Catch::Contains("must not overlap"));
}
