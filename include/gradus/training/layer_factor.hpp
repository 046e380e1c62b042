// Layer-wise rate decay, for fine-tuning: the earlier a layer, the lower its rate.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/pow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The factor on the rate of a layer, counted from 0 at the input: 1 for the last.
///
///   factor = decay^(layers - 1 - layer)
///
/// Domain: layer < layers; decay in (0, 1]; ELECTRA takes 0.65 to 0.9, BEiT 0.65 to 0.75.
/// Errors: what is outside of that.
/// Source: J. Howard, S. Ruder, Universal language model fine-tuning, 2018 (1 / 2.6 a layer); K.
///   Clark et al., ELECTRA, 2020.
/// Differs: as ELECTRA, BEiT and timm, where the embedding is layer 0 and the head the last.
constexpr double layer_factor(Length layer, Length layers, const double& decay) {
  refuse_if(detail::check_factor("layer_factor", "decay", decay));
  refuse_if(detail::check_length_or_0("layer_factor", "layer", layer));
  refuse_if(detail::check_length_or_0("layer_factor", "layers", layers));
  if (layer.value >= layers.value)
    refuse({"layer_factor", "layer", "must be below the number of layers",
            static_cast<double>(layer.value)});
  return math::pow(decay, static_cast<double>(layers.value - 1 - layer.value));
}

}}  // namespace gradus::GRADUS_ABI
