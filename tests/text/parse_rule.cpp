#include <gradus/text/parse_rule.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "support/catch.hpp"
#include "support/every_rule.hpp"

using namespace gradus;

namespace {

std::string error_of(std::string_view text) {
  try {
    static_cast<void>(io::parse_rule(text));
  } catch (const Error& e) {
    const std::string message = e.what();
    return message.substr(0, message.find('\n'));
  }
  return "";
}

}  // namespace

TEST_CASE("Every rule is read by its name") {
  std::size_t count = 0;
  support::for_every_rule([&]<class R>(const R&, auto... /*digest*/) {
    ++count;
    CHECK(std::holds_alternative<R>(io::parse_rule(R::name)));
    CHECK(std::holds_alternative<R>(io::parse_rule(io::detail::letters_of(R::name) + "()")));
  });
  CHECK(count == std::variant_size_v<io::AnyRule>);
}

TEST_CASE("A rule is read with its fields, with and without names") {
  CHECK(io::parse_rule("adamw") == io::AnyRule(AdamW{}));
  CHECK(io::parse_rule("adamw(weight_decay = 0.1, eps_place = inside) # and a comment") ==
        io::AnyRule(AdamW{.weight_decay = 0.1, .eps_place = Eps::inside}));
  CHECK(io::parse_rule("Adam_W(0.8, 0.9, bias_correction=false)") ==
        io::AnyRule(AdamW{.beta1 = 0.8, .beta2 = 0.9, .bias_correction = false}));
  CHECK(io::parse_rule(" rmsprop_momentum(momentum=0.5)") ==
        io::AnyRule(RMSpropMomentum{.momentum = 0.5}));
}

TEST_CASE("A rule or an error is returned without an exception") {
  const io::ParsedRule read = io::try_parse_rule("momentum(0.8)");
  CHECK(read);
  CHECK(read.rule == io::AnyRule(Momentum{.momentum = 0.8}));
  const io::ParsedRule refused = io::try_parse_rule("momentum(2)");
  CHECK_FALSE(refused);
  CHECK(refused.error.column == 10);
  CHECK(refused.error.sentence == "gradus::Momentum.momentum must be in [0, 1) (got 2)");
}

TEST_CASE("A text that is no rule is refused with its place and the nearest name") {
  CHECK(error_of("") == "gradus: column 1: expected a rule, found the end of the text");
  CHECK(error_of("adamm") ==
        "gradus: column 1: expected a rule, found 'adamm'; did you mean 'Adam'?");
  CHECK(error_of("cosine(1)") == "gradus: column 1: expected a rule, found 'cosine'");
  CHECK(error_of("adamw(weightdecay=1)") ==
        "gradus: column 7: expected a field of AdamW (beta1, beta2, eps, weight_decay, eps_place, "
        "bias_correction), found 'weightdecay'; did you mean 'weight_decay'?");
  CHECK(error_of("adamw(beta1=2, eps=1)") ==
        "gradus: column 13: gradus::AdamW.beta1 must be in [0, 1) (got 2)");
  CHECK(error_of("adamw(eps_place=in)") ==
        "gradus: column 17: expected 'outside', 'hat' or 'inside' for 'eps_place', found 'in'");
  CHECK(error_of("adamw(beta1=0.5, beta1=0.5)") ==
        "gradus: column 18: expected each field of AdamW once, found 'beta1' again");
  CHECK(error_of("momentum(0.9, 1)") ==
        "gradus: column 15: expected ')' or the name of a further field of Momentum (momentum), "
        "found '1'");
  CHECK(error_of("momentum(0.9,)") == "gradus: column 14: expected a value after ',', found ')'");
  CHECK(error_of("momentum(0.9") ==
        "gradus: column 13: expected ',' or ')', found the end of the text");
  CHECK(error_of("sgd(1)") ==
        "gradus: column 5: expected ')' or the name of a further field of SGD (), found '1'");
  CHECK(error_of("sgd() then adam()") ==
        "gradus: column 7: expected the end of the text, found 'then'");
}
