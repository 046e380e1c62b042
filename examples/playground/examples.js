// Schedules to begin with. Every schedule that can be written is in one of them.

const examples = {
  'To know first': {
    'Warmup, then cosine': 'warmup(100) then cosine(0.05, 0, 1900)',
    'Warmup, stable, decay': 'warmup_stable_decay(0.05, 200, 1200, 600)',
    'One cycle': 'one_cycle(0.05, 2000)',
    'Linear': 'linear(0.05, 0, 2000)',
    'Flat, then cosine': 'flat_then_cosine(0.05, 1400, 600)',
    'Steps down': 'step_decay(0.05, 500)',
    'Constant': 'constant(0.02)',
  },
  'Decays with an end': {
    'Cosine': 'cosine(0.05, 0.001, 2000)',
    'Cosine with restarts': 'cosine_restarts(0.05, 0, 250, growth=2)',
    'Polynomial': 'polynomial(0.05, 0, 2000, power=2)',
    'Geometric': 'geometric(0.05, 1e-4, 2000)',
    'Rex': 'rex(0.05, 0, 2000)',
    'Tanh': 'tanh(0.05, 0, 2000)',
    'Ramp': 'ramp(0, 0.05, 2000, curve=cosine)',
    'Power, then cooled': 'power_cool(0.05, 1e-3, 2000)',
  },
  'Decays without an end': {
    'Exponential': 'exponential(0.05, 2e-3)',
    'Exponential decay': 'exponential_decay(0.05, 0.9, every=100)',
    'Inverse square root': 'warmup(200) then inverse_sqrt(0.05, 200)',
    'Inverse time': 'inverse_time(0.05, 0.005)',
    'Noam': 'noam(512, 400)',
    'Sigmoid': 'sigmoid(0.05, 0.01, 1000)',
  },
  'By lists': {
    'Multi-step': 'multi_step(0.05, [600, 1200, 1800])',
    'Piecewise constant': 'piecewise_constant(0.05, [500: 0.02, 1000: 0.01, 1500: 0.002])',
    'Points': 'points([0: 0, 200: 0.05, 1200: 0.03, 2000: 0], curve=cosine)',
    'Table': 'table([0.05, 0.02, 0.04, 0.01], past=repeat)',
  },
  'Cycles': {
    'Cyclical': 'cyclical(0.001, 0.05, 250)',
    'Its opposite, for a momentum': 'opposite(one_cycle(0.05, 2000))',
    'Repeated': 'repeat(warmup(50) then linear(0.05, 0.005, 350))',
  },
  'Schedules of schedules': {
    'Pieces, one after another': 'constant(0.05) for 800 then cosine(0.05, 0.01, 700) then linear(0.01, 0, 500)',
    'A product': 'cosine(0.05, 0, 2000) * cyclical(0.5, 1, 100)',
    'A sum, limited': 'clamp(cosine(0.05, 0, 2000) + 0.005, 0.01, 0.04)',
    'The smaller of two': 'min(inverse_sqrt(0.05, 200), linear(0.06, 0, 2000))',
    'Noise': 'noise(cosine(0.05, 0, 2000), 0.2, every=20)',
    'One rate for each epoch': 'per_epoch(100, cosine(0.05, 0, 20))',
    'Backwards': 'reverse(geometric(0.05, 1e-3, 2000))',
    'Shifted': 'shift(cosine(0.05, 0, 2000), -300)',
    'Stretched': 'stretch(warmup(10) then cosine(0.05, 0, 90), 100, 2000)',
  },
};
