#include <gradus/gradus.hpp>
#include <gradus/save/kind_of.hpp>
#include <gradus/text/any_schedule.hpp>

#include <filesystem>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/every_rule.hpp"
#include "support/folder.hpp"

using gradus::io::kind_of;

namespace {

struct Mine {
  static constexpr const char* name = "Mine";
  double operator()(gradus::step_t) const { return 0.1; }
};
struct Nameless {
  template <class T>
  struct Kernel {
    T rate;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 0>&) const {
      return rate * g;
    }
  };
  template <class T>
  constexpr Kernel<T> prepare(const gradus::Context& c) const {
    return {static_cast<T>(c.rate)};
  }
};

struct WithFields {
  static constexpr const char* name = "WithFields";
  static constexpr const char* fields = "a b";
  double a = 0.5;
  bool b = true;
};
struct Numbers {
  static constexpr const char* name = "Numbers";
  double a = 0.5, b = 2;
};

/// The field names of a rule and of the rules in it.
template <class R>
void add_tables(std::map<std::string, std::vector<std::string>>& tables, const R& rule) {
  if constexpr (requires { std::tuple_size<decltype(rule.parts)>::value; }) {
    std::apply([&](const auto&... part) { (add_tables(tables, part), ...); }, rule.parts);
  } else if constexpr (requires { rule.rule; }) {
    add_tables(tables, rule.rule);
  } else {
    auto& names = tables[std::string(gradus::name_of<R>().view())];
    names.clear();
    if constexpr (gradus::io::fields<R>.size() != 0)
      gradus::io::each_field(rule, [&](const gradus::io::Field& field, const auto&) {
        names.emplace_back(field.name);
      });
  }
}

}  // namespace

TEST_CASE("kind_of names schedules without their numbers", "[io]") {
  const gradus::Cosine cosine{.start = 0.1, .steps = 10};
  CHECK(kind_of(cosine) == "Cosine");
  CHECK(kind_of(gradus::Warmup{5, cosine}) == "Warmup{Cosine}");
  CHECK(kind_of(gradus::Sequence{gradus::For{5, cosine}, gradus::Constant{0.1}}) ==
        "Sequence{For{Cosine}, Constant}");
  CHECK(kind_of(gradus::io::AnySchedule(gradus::Warmup{5, cosine})) == "Warmup{Cosine}");
  CHECK(kind_of(gradus::MultiStep{0.1, {1, 2}}) == "MultiStep");
  CHECK(kind_of(Mine{}) == "Mine");
  CHECK(kind_of([](gradus::step_t) { return 0.1; }) == "a function of the step");
}

TEST_CASE("kind_of names rules without their numbers", "[io]") {
  using namespace gradus;
  CHECK(kind_of(AdamW{.weight_decay = 0.5}) == "AdamW");
  CHECK(kind_of(Chain{ClipNorm{0.5}, NAdam{}, WeightDecay{}, Ema{0.9}}) ==
        "Chain{ClipNorm, NAdam, WeightDecay, Ema}");
  CHECK(kind_of(stored<bfloat16>(Adam{})) == "Adam");
  CHECK(kind_of(Master{Chain{L2{}, Adam{}}}) == "Chain{L2, Adam}");
  CHECK(kind_of(vary<&AdamW::weight_decay>(AdamW{}, Constant{0.1})) == "AdamW");
  CHECK(kind_of(Nameless{}) == "Rule");
}

TEST_CASE("settings_of shows every field of a rule by name", "[io]") {
  using namespace gradus;
  using io::settings_of;
  CHECK(settings_of(LaProp{}) == "LaProp{beta1=0.9, beta2=0.999, eps=1e-15}");
  CHECK(settings_of(Adam{.beta1 = 0.5, .eps_place = Eps::hat}) ==
        "Adam{beta1=0.5, beta2=0.999, eps=1e-08, eps_place=hat, bias_correction=true}");
  CHECK(settings_of(SGD{}) == "SGD");
  CHECK(settings_of(Lookahead{.sync_period = 7}) == "Lookahead{sync_period=7, slow_step_size=0.5}");
  CHECK(settings_of(GradientNoise{.seed = 7}) == "GradientNoise{eta=0.01, gamma=0.55, seed=7}");
  CHECK(settings_of(Ema{.decay = 0.5, .begin = Ema::Begin::debiased, .power = 1}) ==
        "Ema{decay=0.5, begin=debiased, power=1}");
  CHECK(settings_of(DAdaptSGD{}) == "DAdaptSGD{momentum=0.9, d0=1e-06, growth_rate=inf}");
  CHECK(settings_of(Prodigy{}).find("beta3") == std::string::npos);  // not given
  CHECK(settings_of(Prodigy{.beta3 = 0.5}).find("beta2=0.999, beta3=0.5, ") != std::string::npos);
  CHECK(settings_of(Chain{ClipNorm{0.5}, stored<bfloat16>(Momentum{.momentum = 0.5})}) ==
        "Chain{ClipNorm{max_norm=0.5, eps=0}, Momentum{momentum=0.5}}");
  CHECK(settings_of(Stochastic{Momentum{.momentum = 0.5}, 7}) ==
        "Stochastic{Momentum{momentum=0.5}, seed=7}");
  CHECK(settings_of(vary<&Momentum::momentum>(Momentum{.momentum = 0.5}, Constant{0.25})) ==
        "Vary{Momentum{momentum=0.5}, momentum=Constant{value=0.25}}");
  CHECK(settings_of(Nameless{}) == "Rule");
  CHECK(settings_of(Numbers{}) == "Numbers{0.5, 2}");
  CHECK(settings_of(WithFields{}) == "WithFields{a=0.5, b=true}");
}

// Compares the tables with the source text of the rules, because two fields of the same type could
// be swapped in a table. The tag leaves it out where a single header takes the place of all.
TEST_CASE("The tables of fields name what the rules declare, in its order", "[io][headers]") {
  using namespace gradus;
  std::map<std::string, std::vector<std::string>> tables;
  support::for_everything<float>([&]<class R>(const R& rule) { add_tables(tables, rule); });
  std::size_t compared = 0;
  for (const char* folder : {"rule", "rule/stage"})
    for (const auto& file : std::filesystem::directory_iterator(
             std::string(GRADUS_TEST_DATA "/../../include/gradus/") + folder)) {
      if (file.path().extension() != ".hpp") continue;
      const std::string text = support::bytes_of(file.path().string());
      std::smatch name;
      static const std::regex named(R"re(\n  static constexpr const char\* name = "(\w+)";\n)re");
      if (!std::regex_search(text, name, named)) continue;
      std::vector<std::string> declared;
      std::istringstream lines(name.suffix().str().substr(0, name.suffix().str().find("\n};")));
      static const std::regex field(
          R"(  (double|bool|Eps|Begin|Length|std::\w+(<double>)?) (\w+)( = .*)?;( .*)?)");
      std::smatch part;
      for (std::string line; std::getline(lines, line);)
        if (std::regex_match(line, part, field)) declared.push_back(part[3]);
      CAPTURE(file.path().string());
      CHECK(tables[name[1]] == declared);
      ++compared;
    }
  CHECK(compared > 60);
}
