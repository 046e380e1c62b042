#include <gradus/tune/recorder.hpp>

#include <gradus/io/svg.hpp>
#include <gradus/io/terminal.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/constant.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"

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

TEST_CASE("Norms of spans", "[tune]") {
  const std::vector<float> a{3, 0}, b{-4};
  CHECK(gradus::norm_of(a) == 3);
  CHECK(gradus::norm_of(gradus::spans(a, b)) == 5);
  CHECK(gradus::norm_of(std::vector<double>{}) == 0);
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
  Recorder s{.every = 0};
  CHECK_THROWS(s(Moment{}));
}
