// optional header
// What rules and their fields were called in files that older versions saved.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A rule that has another name now, or a field of these rules.
struct Renamed {
  std::string_view old, now, rules;
};
inline constexpr Renamed renamed[] = {
    {"Decay", "WeightDecay", ""},
    {"CautiousDecay", "CautiousWeightDecay", ""},
    {"CorrectedDecay", "CorrectedWeightDecay", ""},
    {"ProximalDecay", "ProximalWeightDecay", ""},
    {"decay", "weight_decay",
     " AdamW LAMB ScheduleFreeAdamW ScheduleFreeSGD L2 WeightDecay CautiousWeightDecay "
     "CorrectedWeightDecay ProximalWeightDecay MARS LARS NovoGrad DAdaptAdam Prodigy Mechanic "},
    {"limit", "max_norm", " MARS ClipNorm ClipSpanNorm "},
    {"trust", "trust_coefficient", " LARS "},
    {"clip", "trust_clip", " LARS "},
    {"averaging", "grad_averaging", " NovoGrad "},
    {"from_zero", "init_zero", " NovoGrad "},
    {"first", "d0", " DAdaptAdam DAdaptSGD Prodigy "},
    {"growth", "growth_rate", " DAdaptAdam DAdaptSGD Prodigy "},
    {"coefficient", "d_coef", " Prodigy "},
    {"safeguard", "safeguard_warmup", " Prodigy "},
    {"first", "s_init", " Mechanic "},
    {"decay", "lambda", " ASGD "},
    {"power", "alpha", " ASGD "},
    {"after", "t0", " ASGD "},
    {"end", "final_ratio", " AdaBound AMSBound "},
    {"start", "initial_accumulator_value",
     " Adagrad RMSprop CenteredRMSprop RMSpropMomentum CenteredRMSpropMomentum FTRL Yogi "},
    {"start_m", "initial_m", " Yogi "},
    {"corrected", "bias_correction", " Yogi "},
    {"first", "reps_rel", " DoG LDoG "},
    {"first", "initial_distance", " DoWG "},
    {"lowest", "f_min", " PolyakSGD "},
    {"cap", "max_rate", " PolyakSGD "},
    {"start", "initial_step_size", " Rprop "},
    {"shrink", "eta_minus", " Rprop "},
    {"grow", "eta_plus", " Rprop "},
    {"smallest", "min_step_size", " Rprop "},
    {"largest", "max_step_size", " Rprop "},
    {"limit", "clip_value", " ClipValue "},
    {"limit", "clip_factor", " AGC "},
    {"every", "sync_period", " Lookahead "},
    {"part", "slow_step_size", " Lookahead "},
};

/// The name of today of a field of this rule; of a rule, where that is empty.
inline std::string_view name_of_today(std::string_view old, std::string_view rule) {
  for (const Renamed& r : renamed) {
    if (r.old != old) continue;
    if (rule.empty() ? r.rules.empty()
                     : r.rules.find(concat({" ", rule, " "})) != std::string_view::npos)
      return r.now;
  }
  return old;
}

/// What `kind_of` or `settings_of` has written into a file, with today's names.
inline std::string with_names_of_today(std::string_view text) {
  struct Level {  // the rule whose braces are open, and the first rule in them
    std::string_view rule{}, first{};
  };
  std::string r;
  std::vector<Level> levels(1);
  while (!text.empty()) {
    const std::size_t n = text.find_first_of("{}=, ");
    const char end = n < text.size() ? text[n] : '\0';
    // The fields of a Vary are those of the rule in it.
    const Level& level = levels.back();
    const std::string_view owner = level.rule == "Vary" ? level.first : level.rule;
    const std::string_view name = name_of_today(text.substr(0, n), end == '=' ? owner : "");
    r.append(name);
    if (end == '\0') break;
    r.append(1, end);
    if (end == '{') {
      if (levels.back().first.empty()) levels.back().first = name;
      levels.push_back({name, {}});
    } else if (end == '}' && levels.size() > 1) {
      levels.pop_back();
    }
    text.remove_prefix(n + 1);
  }
  return r;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
