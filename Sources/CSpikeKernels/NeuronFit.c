#include "NeuronFit.h"

#include <math.h>

#include "clones.h"

// Neurons are advanced in blocks whose state stays in registers or the nearest cache.
enum { BLOCK = 64 };

static inline __attribute__((always_inline)) float clip(float s, float lower, float upper) {
  s = s < lower ? lower : s;
  return s > upper ? upper : s;
}

static inline __attribute__((always_inline)) void advance_binary(
  float *restrict v, float *restrict n, const float *restrict input, float bias, float threshold) {
  for (int i = 0; i < BLOCK; i++) {
    float potential = v[i] + input[i] + bias;
    float fires = potential >= threshold ? 1.0f : 0.0f;
    v[i] = potential - fires * threshold;
    n[i] += fires;
  }
}

static inline __attribute__((always_inline)) void advance_forgetful(
  float *restrict v, float *restrict n, const float *restrict input, float bias, float threshold) {
  for (int i = 0; i < BLOCK; i++) {
    float potential = v[i] + input[i] + bias;
    float fires = potential >= threshold ? 1.0f : 0.0f;
    v[i] = (1.0f - fires) * potential;
    n[i] += fires;
  }
}

static inline __attribute__((always_inline)) void advance_any(
  float *restrict v, float *restrict n, const float *restrict input, float bias, float threshold,
  synapack_ladder ladder) {
  for (int i = 0; i < BLOCK; i++) {
    float potential = v[i] + input[i] + bias;
    float s = clip(floorf(potential / threshold), ladder.lower, ladder.upper);
    if (ladder.memory) s = s < -n[i] ? -n[i] : s;
    v[i] = ladder.forgets && s != 0 ? 0 : potential - s * threshold;
    n[i] += s;
  }
}

SYNAPACK_CLONES
void synapack_try_neurons(
  const float *inputs, const float *bias_ticks, size_t ticks, const float *targets, size_t count,
  const synapack_neuron *candidates, size_t candidate_count, synapack_ladder ladder,
  synapack_moments *moments) {
  int binary = ladder.lower == 0 && ladder.upper == 1;
  for (size_t c = 0; c < candidate_count; c++) moments[c] = (synapack_moments){0, 0, 0};
  float block[BLOCK], y[BLOCK], v[BLOCK], n[BLOCK];
  for (size_t first = 0; first < count; first += BLOCK) {
    size_t present = count - first < BLOCK ? count - first : BLOCK;
    for (size_t i = 0; i < BLOCK; i++) y[i] = i < present ? targets[first + i] : 0;
    for (size_t c = 0; c < candidate_count; c++) {
      synapack_neuron neuron = candidates[c];
      for (int i = 0; i < BLOCK; i++) {
        v[i] = neuron.initial;
        n[i] = 0;
      }
      for (size_t t = 0; t < ticks; t++) {
        const float *row = inputs + t * count + first;
        if (present < BLOCK) {
          for (size_t i = 0; i < BLOCK; i++) block[i] = i < present ? row[i] : 0;
          row = block;
        }
        float bias = neuron.bias * bias_ticks[t];
        if (binary && ladder.forgets)
          advance_forgetful(v, n, row, bias, neuron.threshold);
        else if (binary)
          advance_binary(v, n, row, bias, neuron.threshold);
        else
          advance_any(v, n, row, bias, neuron.threshold, ladder);
      }
      // One order of additions whatever the width of the machine's registers.
      double product = 0, power = 0, payloads = 0;
      for (size_t i = 0; i < present; i++) {
        product += (double)n[i] * y[i];
        power += (double)n[i] * n[i];
        payloads += fabsf(n[i]);
      }
      moments[c].product += product;
      moments[c].power += power;
      moments[c].payloads += payloads;
    }
  }
}

SYNAPACK_CLONES
void synapack_run_neurons(
  const float *inputs, const float *bias_ticks, size_t ticks, size_t stride, size_t count,
  synapack_neuron neuron, synapack_ladder ladder, int16_t *payloads, float *membranes,
  float *sums) {
  for (size_t i = 0; i < count; i++) {
    membranes[i] = neuron.initial;
    sums[i] = 0;
  }
  for (size_t t = 0; t < ticks; t++) {
    const float *row = inputs + t * stride;
    int16_t *sent = payloads + t * stride;
    float bias = neuron.bias * bias_ticks[t];
    for (size_t i = 0; i < count; i++) {
      float potential = membranes[i] + row[i] + bias;
      float s = clip(floorf(potential / neuron.threshold), ladder.lower, ladder.upper);
      if (ladder.memory) s = s < -sums[i] ? -sums[i] : s;
      sums[i] += s;
      membranes[i] = ladder.forgets && s != 0 ? 0 : potential - s * neuron.threshold;
      sent[i] = (int16_t)s;
    }
  }
}
