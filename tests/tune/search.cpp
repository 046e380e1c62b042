#include <gradus/tune/search.hpp>

#include <gradus/text/text.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/tune/snapshot.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"

#if __has_include(<sys/wait.h>)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace gradus::tune;
using support::bytes_of;
using support::put_bytes;

namespace {

const Space space{{"rate", log_range(1e-4, 1)}, {"beta2", choice(0.9, 0.99, 0.999)}};

// Descends a quadratic up to the given step, and never makes the same step twice.
class Training {
 public:
  explicit Training(const Setting& s)
      : opt_({.start = s["rate"], .end = 0, .steps = 90}, {.beta2 = s["beta2"]}, params_) {}
  double operator()(gradus::step_t steps) {
    while (opt_.steps() < steps) {
      for (std::size_t i = 0; i < params_.size(); ++i)
        grads_[i] = static_cast<float>(i + 1) * params_[i];
      opt_.step(params_, grads_);
    }
    double loss = 0;
    for (const float p : params_) loss += static_cast<double>(p * p);
    return loss;
  }

 private:
  std::vector<float> params_{1, -2, 3, -4}, grads_ = std::vector<float>(4);
  gradus::Optimizer<gradus::Cosine<>, gradus::AdamW> opt_;
};
Training training(const Setting& s) { return Training(s); }

const Halving halving{Random{.trials = 30, .steps = 90, .seed = 2}, 10};

// The lines of a results file, sorted, because they are written in the order of completion.
std::multiset<std::string> lines(const std::string& text) {
  std::multiset<std::string> r;
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1)
    r.insert(text.substr(at, end - at));
  return r;
}

}  // namespace

TEST_CASE("A search has the same result on any number of threads", "[tune][search]") {
  const support::Folder folder;
  const auto same = [&](const auto& how) {
    const SearchResult one = search(space, how, training, {.file = folder / "one"});
    for (const std::size_t threads : {2U, 3U, 8U, 64U, 0U}) {
      const std::string path = folder / std::to_string(threads);
      const SearchResult other = search(space, how, training, {.threads = threads, .file = path});
      CHECK(other.trials() == one.trials());
      CHECK(other.csv() == one.csv());
      CHECK(lines(bytes_of(path)) == lines(bytes_of(folder / "one")));
      std::filesystem::remove(path);
    }
    std::filesystem::remove(folder / "one");
  };
  same(Grid{.points = 5, .steps = 30});
  same(Random{.trials = 40, .steps = 30});
  same(halving);
  same(Halving{Grid{.points = 9, .steps = 90}, 5, 2});
}

TEST_CASE("A search finds what each trial is by itself", "[tune][search]") {
  const SearchResult result = search(space, Grid{.points = 4, .steps = 30}, training);
  REQUIRE(result.trials().size() == 12);
  double least = std::numeric_limits<double>::infinity();
  for (const Trial& t : result.trials()) {
    CHECK(t.outcome.loss == training(t.setting)(30));
    CHECK(t.steps == 30);
    least = std::min(least, t.outcome.loss);
  }
  CHECK(result.best().outcome.loss == least);
  const auto whole = [](const Setting& s) { return training(s)(30); };
  const SearchResult other = search(space, Grid{.points = 4}, whole);
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(other.trials()[i].outcome == result.trials()[i].outcome);
}

TEST_CASE("Halving keeps the best of every rung", "[tune][search]") {
  const SearchResult result = search(space, halving, training, {.threads = 2});
  const detail::Candidates all(space, halving.of);
  std::vector<std::size_t> alive(30);
  for (std::size_t i = 0; i < 30; ++i) alive[i] = i;
  const std::vector<Rung> rungs = halving.rungs(30);
  REQUIRE(rungs == std::vector<Rung>{{10, 30}, {30, 10}, {90, 3}});
  for (std::size_t r = 0; r < 3; ++r) {
    const auto loss = [&](std::size_t i) { return training(all[i])(rungs[r].steps); };
    std::vector<std::pair<double, std::size_t>> ranked;
    for (const std::size_t i : alive) ranked.push_back({loss(i), i});
    std::sort(ranked.begin(), ranked.end());
    const std::size_t promoted = r < 2 ? rungs[r + 1].trials : 0;
    alive.clear();
    for (std::size_t k = 0; k < ranked.size(); ++k) {
      if (k < promoted) {
        alive.push_back(ranked[k].second);
        continue;
      }
      const auto found =
          std::find_if(result.trials().begin(), result.trials().end(),
                       [&](const Trial& t) { return t.setting.trial() == ranked[k].second; });
      CHECK((found->steps == rungs[r].steps && found->outcome.loss == ranked[k].first));
      if (r == 2) CHECK(found - result.trials().begin() == static_cast<std::ptrdiff_t>(k));
    }
  }
}

TEST_CASE("Halving goes on with a training, and keeps those that may", "[tune][search]") {
  struct Counts {
    std::atomic<int> made = 0, alive = 0, most = 0, steps = 0;
  } counts;
  struct Counted {
    Counts& counts;
    double loss;
    gradus::step_t done = 0;
    Counted(Counts& c, double l) : counts(c), loss(l) {
      ++counts.made;
      const int now = ++counts.alive;
      for (int most = counts.most; most < now && !counts.most.compare_exchange_weak(most, now);) {
      }
    }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --counts.alive; }
    double operator()(gradus::step_t steps) {
      counts.steps += static_cast<int>(steps - done);
      done = steps;
      return loss;
    }
  };
  const auto begin = [&](const Setting& s) { return Counted(counts, s["rate"]); };
  const Halving how{Random{.trials = 270, .steps = 27}, 1};
  for (const std::size_t threads : {1U, 4U}) {
    counts.made = counts.most = counts.steps = 0;
    const SearchResult result = search(space, how, begin, {.threads = threads});
    CHECK(counts.made == 270);
    CHECK(counts.steps == 270 * 1 + 90 * 2 + 30 * 6 + 10 * 18);
    CHECK(counts.alive == 0);
    CHECK(counts.most <= 90 + static_cast<int>(threads));
    for (std::size_t i = 1; i < 10; ++i)
      CHECK(result.trials()[i].outcome.loss >= result.trials()[i - 1].outcome.loss);
    for (const Trial& t : result.trials()) CHECK(t.outcome.loss >= result.best().outcome.loss);
  }
}

TEST_CASE("A search goes on from a file cut at any byte", "[tune][search]") {
  const support::Folder folder;
  const Halving how{Random{.trials = 6, .steps = 18, .seed = 2}, 2};
  const SearchResult whole = search(space, how, training, {.file = folder / "whole", .name = "x"});
  const std::string text = bytes_of(folder / "whole");
  for (std::size_t size = 0; size <= text.size(); ++size) {
    put_bytes(folder / "x", text.substr(0, size));
    std::size_t begun = 0;
    const auto counted = [&](const Setting& s) { return ++begun, Training(s); };
    const SearchResult again = search(space, how, counted, {.file = folder / "x", .name = "x"});
    CHECK(again.trials() == whole.trials());
    CHECK(bytes_of(folder / "x") == text);  // on one thread the order is the same, too
    if (size == text.size()) CHECK(begun == 0);
  }
}

TEST_CASE("A file goes on with more trials, more steps and other rungs", "[tune][search]") {
  const support::Folder folder;
  std::size_t begun = 0;
  const auto counted = [&](const Setting& s) { return ++begun, Training(s); };
  const Options file{.file = folder / "x"};
  const auto run = [&](const auto& how) {
    begun = 0;
    const SearchResult r = search(space, how, counted, file);
    const SearchResult alone = search(space, how, training);
    CHECK(r.trials() == alone.trials());
    return begun;
  };
  CHECK(run(Random{.trials = 8, .steps = 10}) == 8);
  CHECK(run(Random{.trials = 12, .steps = 10}) == 4);
  CHECK(run(Random{.trials = 5, .steps = 10}) == 0);
  CHECK(run(Halving{Random{.trials = 12, .steps = 30}, 10}) == 4);
  CHECK(run(Random{.trials = 12, .steps = 30}) == 8);
}

#if __has_include(<sys/wait.h>)
TEST_CASE("A search that is killed again and again comes to the same end", "[tune][search]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  const auto slow = [](const Setting& s) {
    return [t = Training(s)](gradus::step_t steps) mutable {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      return t(steps);
    };
  };
  int kills = 0;
  for (int wait = 5;; wait += 3) {
    const pid_t child = fork();
    if (child == 0) {
      static_cast<void>(search(space, halving, slow, {.threads = 2, .file = path}));
      _exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(wait));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) break;
    ++kills;
  }
  CHECK(kills > 0);
  const auto never = [](const Setting&) -> Training { throw Stop("all is known"); };
  const SearchResult result = search(space, halving, never, {.file = path});
  CHECK(result.trials() == search(space, halving, training).trials());
}
#endif

TEST_CASE("A trial that fails has lost, and is noted", "[tune][search]") {
  const support::Folder folder;
  const auto some = [](const Setting& s) -> double {
    switch (s.trial()) {
      case 0: throw std::runtime_error("out of\nluck");
      case 1: return std::numeric_limits<double>::quiet_NaN();
      case 2: return -std::numeric_limits<double>::infinity();
      case 3: throw std::runtime_error("");
      case 4: gradus::refuse_if(gradus::AdamW{.beta2 = 2}.check()); return 0;
      default: return s["rate"];
    }
  };
  for (int again = 0; again < 2; ++again) {
    const SearchResult r = search(space, Random{.trials = 8}, some, {.file = folder / "x"});
    std::vector<std::string> failures;
    for (std::size_t i = 0; i < 8; ++i) {
      CHECK(bool(r.trials()[i].outcome) == (i < 3));
      if (i >= 3) CHECK(r.trials()[i].setting.trial() == i - 3);
      if (i >= 3) failures.push_back(r.trials()[i].outcome.failure);
    }
    CHECK(failures == std::vector<std::string>{"out of?luck", "the loss is nan", "the loss is -inf",
                                               "an exception without a message",
                                               "gradus::AdamW.beta2 must be in [0, 1) (got 2)"});
    CHECK(r.table().find("failed: the loss is nan") != std::string::npos);
  }
  // In a halving, too, a trial that fails in a later rung does not go on.
  const auto late = [](const Setting& s) {
    return [&s](gradus::step_t steps) {
      if (s.trial() % 2 == 0 && steps > 10) throw std::runtime_error("late");
      return s["rate"];
    };
  };
  const SearchResult r = search(space, halving, late);
  CHECK(r.best().setting.trial() % 2 == 1);
  CHECK((r.trials().back().steps == 30 && r.trials().back().outcome.failure == "late"));
  const auto always = [](const Setting&) -> double { throw std::runtime_error("no"); };
  CHECK_THROWS_WITH(search(space, Random{.trials = 2}, always).best(),
                    "gradus::tune::SearchResult: every trial failed; trial 0: no");
}

TEST_CASE("Stop and what is no std::exception end the search", "[tune][search]") {
  const support::Folder folder;
  for (const std::size_t threads : {1U, 4U}) {
    const std::string path = folder / std::to_string(threads);
    std::atomic<int> begun = 0;
    const auto stopped = [&](const Setting& s) {
      ++begun;
      if (s.trial() == 5) throw Stop("interrupted");
      return s["rate"];
    };
    const Options options{.threads = threads, .file = path};
    CHECK_THROWS_AS(search(space, Random{.trials = 1000}, stopped, options), Stop);
    CHECK(begun < 1000);
    const auto noted = static_cast<int>(lines(bytes_of(path)).size()) - 2;
    CHECK(noted == begun - 1);  // all that had begun ended normally
    begun = 0;
    const auto rest = [&](const Setting& s) { return ++begun, s["rate"]; };
    CHECK(search(space, Random{.trials = 1000}, rest, options).trials().size() == 1000);
    CHECK(begun == 1000 - noted);
  }
  const auto odd = [](const Setting&) -> double { throw 42; };
  CHECK_THROWS_AS(search(space, Random{.trials = 10}, odd), int);
  const auto misspelt = [](const Setting& s) { return s["rat"]; };
  CHECK_THROWS_WITH(search(space, Random{.trials = 10}, misspelt),
                    "gradus::tune::Setting: \"rat\" is not in the space; did you mean 'rate'?");
}

TEST_CASE("What a search is not told right is refused", "[tune][search]") {
  const support::Folder folder;
  const auto whole = [](const Setting& s) { return s["rate"]; };
  CHECK_THROWS_WITH(search(space, Random{.trials = 2}, training),
                    "gradus::tune::Random.steps must be > 0 where the trial is trained step by "
                    "step (got 0)");
  CHECK_THROWS_WITH(search(space, Grid{.steps = 5}, whole),
                    "gradus::tune::Grid.steps must be 0 where the trial is a whole training "
                    "(got 5)");
  CHECK_THROWS_WITH(search(space, Random{.trials = 2}, whole, {.name = "a\n"}),
                    "gradus::tune::Options.name must be of one line, without control characters");
  CHECK_THROWS_AS(search(space, Random{.trials = 2}, whole, {.file = folder / "no/x"}),
                  std::system_error);
  CHECK_THROWS_WITH(search(space, Random{.trials = 2}, whole, {.file = "/dev/null"}),
                    "gradus::io: \"/dev/null\" must be a regular file (got a device)");
  const std::string path = folder / "x";
  const auto twice = [&](const Setting& s) {
    CHECK_THROWS_WITH(search(space, Random{.trials = 2}, whole, {.file = path}),
                      "gradus::io: \"" + path + "\" is in use by another program");
    return s["rate"];
  };
  static_cast<void>(search(space, Random{.trials = 2}, twice, {.file = path}));
}

TEST_CASE("Trials may all go on from one snapshot", "[tune][search]") {
  std::vector<float> params{1, -2, 3};
  const auto train = [](auto& opt, std::vector<float>& p, gradus::step_t until) {
    while (opt.steps() < until) opt.step(p, std::vector<float>{p[0], 2 * p[1], 3 * p[2]});
    return static_cast<double>(std::fabs(p[0]) + std::fabs(p[1]) + std::fabs(p[2]));
  };
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::AdamW{}, params};
  train(opt, params, 20);
  const gradus::Snapshot here(opt, params);
  const auto trial = [&](const Setting& s) {
    std::vector<float> p(3);
    gradus::Optimizer own{gradus::Constant{s["rate"]}, gradus::AdamW{.beta2 = s["beta2"]}, p};
    here.restore(own, p);
    return [=, &train](gradus::step_t steps) mutable { return train(own, p, 20 + steps); };
  };
  const Halving how{Random{.trials = 9, .steps = 27}, 9};
  const SearchResult result = search(space, how, trial, {.threads = 3});
  for (const Trial& t : result.trials()) {
    gradus::Optimizer own = opt.with_schedule(gradus::Constant{t.setting["rate"]})
                                .with_rule(gradus::AdamW{.beta2 = t.setting["beta2"]});
    std::vector<float> p = params;
    CHECK(t.outcome.loss == train(own, p, 20 + t.steps));
  }
}

TEST_CASE("Whole schedules can be searched, as texts", "[tune][search]") {
  const Space schedules{
      {"schedule", choice("constant(0.05)", "cosine(0.5, 0, 50)", "cosine(5, 0, 50)")}};
  const auto trial = [](const Setting& s) {
    std::vector<float> p{1, 2};
    gradus::Optimizer opt{gradus::io::parse(s.text("schedule")), gradus::Momentum{}, p};
    for (int t = 0; t < 50; ++t) opt.step(p, std::vector<float>{p[0], 2 * p[1]});
    return static_cast<double>(std::fabs(p[0]) + std::fabs(p[1]));
  };
  const SearchResult r = search(schedules, Grid{}, trial);
  REQUIRE(r.trials().size() == 3);
  CHECK(r.best().setting.text("schedule") != "cosine(5, 0, 50)");
}
