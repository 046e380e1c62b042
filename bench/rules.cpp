// Every rule, with 10^3 to 10^7 parameters of type float, compared with hand-written loops and the
// bandwidth limit, on one thread.
#include <string>

#include "bench.hpp"

namespace bench {
namespace {

// The bandwidth limit is the faster of two builds of the same loop: whether 256- or 512-bit vectors
// are faster depends on the processor and the size.
template <class R>
void add_rule(const R& rule, hand::Loop hand::Loops::* loop, hand::Loop hand::Loops::* roof) {
  const auto name = std::string("rules/") + R::name + "/";
  const auto hand_row = [&](const char* variant, hand::Loop f) {
    add(name + variant, [=](benchmark::State& s) { run_hand(s, f, gradus::slot_count<R>); });
  };
  hand_row("limit", hand::O3_native::loops.*roof);
  hand_row("limit, wide", hand::O3_native_wide::loops.*roof);
  add(name + "gradus", [=](benchmark::State& s) { run_update(s, rule); });
  hand_row("hand -O2", hand::O2::loops.*loop);
  hand_row("hand -O3 -march=native", hand::O3_native::loops.*loop);
  hand_row("hand -O3 -march=native -fno-math-errno", hand::O3_native_no_errno::loops.*loop);
  hand_row("hand -Ofast -march=native", hand::Ofast_native::loops.*loop);
  if (loop != &hand::Loops::adam) return;
  hand_row("textbook -O2", hand::O2::loops.adam_textbook);
  hand_row("textbook -O3 -march=native", hand::O3_native::loops.adam_textbook);
  hand_row("textbook -O3 -march=native -fno-math-errno",
           hand::O3_native_no_errno::loops.adam_textbook);
  hand_row("textbook -Ofast -march=native", hand::Ofast_native::loops.adam_textbook);
}

}  // namespace

void add_rules() {
  using hand::Loops;
  add_rule(gradus::SGD{}, &Loops::sgd, &Loops::roof0);
  add_rule(gradus::Momentum{}, &Loops::momentum, &Loops::roof1);
  add_rule(gradus::Nesterov{}, &Loops::nesterov, &Loops::roof1);
  add_rule(gradus::Adagrad{}, &Loops::adagrad, &Loops::roof1);
  add_rule(gradus::RMSprop{}, &Loops::rmsprop, &Loops::roof1);
  add_rule(gradus::Adam{}, &Loops::adam, &Loops::roof2);
  add_rule(gradus::AdamW{}, &Loops::adamw, &Loops::roof2);
}

}  // namespace bench
