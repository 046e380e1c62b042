#include <gradus/tune/recorder.hpp>

#include <gradus/groups.hpp>
#include <gradus/plot/svg.hpp>
#include <gradus/plot/terminal.hpp>
#include <gradus/training/gradient_norm.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/constant.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Moment;
using gradus::Recorder;
using gradus::step_t;

TEST_CASE("A recorder thins out by itself", "[tune]") {
  for (const std::size_t capacity : {2U, 3U, 7U, 8U, 100U}) {
    Recorder r{.capacity = capacity};
    for (step_t t = 0; t < 1000; ++t) {
      r(Moment{.t = t, .loss = 1});
      bool even = r.moments.size() <= capacity &&
                  (r.offered < capacity || r.moments.size() * 2 + 1 >= capacity);
      for (std::size_t i = 0; i < r.moments.size(); ++i)
        even = even && r.moments[i].t == i * r.every;
      const step_t next = r.moments.back().t + r.every;
      if (!even || next <= t) FAIL(capacity << " at " << t);
    }
    CHECK(r.offered == 1000);
  }
}

TEST_CASE("A recorder writes CSV, JSON lines and charts", "[tune]") {
  Recorder r;
  r(gradus::StepResult{0, 0.1, true}, 2.5);
  r(Moment{.t = 1, .rate = 0.1, .loss = gradus::math::positive_infinity<double>(), .params = 1e-7});
  CHECK(r.csv() == "step,rate,loss,params,grads,update\n0,0.1,2.5,,,\n1,0.1,inf,1e-7,,\n");
  CHECK(r.json_lines() ==
        "{\"step\":0,\"rate\":0.1,\"loss\":2.5}\n"
        "{\"step\":1,\"rate\":0.1,\"loss\":null,\"params\":1e-7}\n");
  const gradus::io::Chart chart = r.chart("loss", &Moment::loss);
  CHECK(gradus::io::svg(chart).find("<svg") == 0);
  CHECK(gradus::io::terminal(chart).find("step") != std::string::npos);
}

TEMPLATE_TEST_CASE("The norms of a recorder are those that ClipNorm clips by, to the last bit",
                   "[tune]", float, double) {
  using T = TestType;
  using Numbers = std::vector<T>;
  const gradus::StepResult result{};
  std::size_t different_in_order = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::size_t n = 20 + 137 * seed;
    const Numbers p = support::numbers<T>(n, 3 * seed), q = support::numbers<T>(n, 3 * seed + 1),
                  g = support::numbers<T>(n, 3 * seed + 2);
    for (const double& scale : {1.0, 0.3}) {
      Recorder r;
      r.before(p);
      r(result, 0, q, g, scale);
      std::vector<double> change(n);
      for (std::size_t i = 0; i < n; ++i)
        change[i] = static_cast<double>(q[i]) - static_cast<double>(p[i]);
      CHECK(r.moments[0].params == gradus::gradient_norm(q));
      CHECK(r.moments[0].grads == gradus::gradient_norm(g, scale));
      CHECK(r.moments[0].step == gradus::gradient_norm(change));
      CHECK(r.there.empty());

      // What a step that clips to just below this norm multiplies by; just above, by 1.
      const double& norm = r.moments[0].grads;
      for (const double& limit : {std::nextafter(norm, 0), norm}) {
        Numbers w(n);
        gradus::Optimizer opt{gradus::Constant{1.0}, gradus::SGD{}, w};
        gradus::Groups groups{gradus::ClipNorm{limit}, opt};
        CHECK(groups.step({w}, {g}, {.scale = scale}).norm == norm);
        CHECK((gradus::ClipNorm{limit}.factor(norm) == 1) == (limit == norm));
      }
    }
    double sum = 0;
    for (const T& x : g) sum += static_cast<double>(x) * static_cast<double>(x);
    different_in_order += std::sqrt(sum) != gradus::gradient_norm(g);
  }
  CHECK(different_in_order > 10);  // a sum in order would be another number
}

TEST_CASE("A recorder's norms of numbers whose squares do not fit", "[tune]") {
  const std::vector<double> p{3e200, 4e200}, tiny{3e-200, 4e-200};
  Recorder r;
  r.before(tiny);
  r(gradus::StepResult{}, 0, p, tiny);
  CHECK(r.moments[0].params == Approx(5e200));
  CHECK(r.moments[0].grads == Approx(5e-200));
  CHECK(r.moments[0].step == Approx(5e200));
}

TEST_CASE("Norms around a step", "[tune]") {
  std::vector<float> p{3, 0}, q{4}, g{1, 0}, h{0};
  const auto params = gradus::spans(p, q);
  gradus::Optimizer opt{gradus::Constant{0.5}, gradus::SGD{}, params};
  Recorder r;
  r.capacity = 2;
  for (int i = 0; i < 5; ++i) {
    r.before(params);
    r(opt.step(params, gradus::spans(g, h)), 1, params, gradus::spans(g, h));
  }
  REQUIRE(r.moments.size() == 2);
  const Moment& last = r.moments[1];
  CHECK((last.t == 4 && last.rate == 0.5 && last.grads == 1 && last.step == 0.5));
  CHECK(last.params == Approx(std::sqrt(0.25 + 16)));
  r.before(p);  // not kept, so not looked at
  r(opt.step(params, gradus::spans(g, h)), 1, params, gradus::spans(g, h));
  Recorder other;
  other.before(p);
  CHECK_THROWS_WITH(other(gradus::StepResult{}, 1, params, g),
                    "gradus::Recorder.params[0] must have as many elements as before the step, 2 "
                    "(got 3)");
  CHECK(other.offered == 0);
  other(gradus::StepResult{}, 1, p, g);
  CHECK((other.moments[0].step == 0 && other.moments[0].grads == 1));
  Recorder without;
  without(gradus::StepResult{}, 1, p, g);
  CHECK(std::isnan(without.moments[0].step));
}

TEST_CASE("A recorder refuses a capacity that it cannot thin", "[tune]") {
  Recorder r{.capacity = 1};
  CHECK_THROWS_WITH(r(Moment{}), "gradus::Recorder.capacity must be in [2, 2^32) (got 1)");
  const unsigned none = 0;
  r.capacity = none - 1;
  CHECK_THROWS_WITH(r(Moment{}), "gradus::Recorder.capacity must be in [2, 2^32) (got -1)");
  Recorder s{.every = 0};
  CHECK_THROWS(s(Moment{}));
}
