// The loops of fitting neurons to a layer: one channel's neurons in real numbers, all of them under
// one threshold, initial membrane and bias. They trust their arguments, as those of
// CSpikeKernels.h do.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The parameters of one channel's neurons, in units of the membrane.
typedef struct {
  float threshold;
  float initial;
  float bias;
} synapack_neuron;

/// The payloads that a neuron may send; with `memory` their running sum stays at or above zero, and
/// with `forgets` a payload sets the membrane to zero.
typedef struct {
  float lower;
  float upper;
  int memory;
  int forgets;
} synapack_ladder;

/// What one choice of parameters gives over all neurons: Σ n·y, Σ n² and Σ |n|, n the sum of a
/// neuron's payloads and y the value that it is to stand for.
typedef struct {
  double product;
  double power;
  double payloads;
} synapack_moments;

/// Tries every candidate. `inputs` is [ticks][count], `bias_ticks` says how often the bias acts in
/// each tick, `targets` holds y.
void synapack_try_neurons(
  const float *inputs, const float *bias_ticks, size_t ticks, const float *targets, size_t count,
  const synapack_neuron *candidates, size_t candidate_count, synapack_ladder ladder,
  synapack_moments *moments);

/// Runs `count` neurons of one channel through their window: `inputs` and `payloads` are
/// [ticks][stride], of which the first `count` of each row are used. `membranes` receives v after
/// the last tick, `sums` the sum of each neuron's payloads.
void synapack_run_neurons(
  const float *inputs, const float *bias_ticks, size_t ticks, size_t stride, size_t count,
  synapack_neuron neuron, synapack_ladder ladder, int16_t *payloads, float *membranes,
  float *sums);
