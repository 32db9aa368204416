// The hottest integer loops of the simulator. They trust their arguments: the Swift side proves
// every index and range from a verified program before it calls.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// One payload on its way: the cell of the plane (y · width + x), the channel, and its size.
typedef struct {
  int32_t position;
  int32_t channel;
  int32_t payload;
} synapack_event;

/// For each position of a source plane, the positions that the relays lead to: those of position
/// p stand in targets[offsets[p]] up to, not including, targets[offsets[p + 1]].
typedef struct {
  const int32_t *offsets;
  const int32_t *targets;
} synapack_relay;

/// Geometry of a convolution whose weights are laid out [input channel][ky][kx, last first]
/// [output channel of the group], so that one spike at stride 1 adds kernel_height contiguous rows.
typedef struct {
  int32_t input_width;
  int32_t output_height, output_width, output_channels;
  int32_t inputs_per_group, outputs_per_group;
  int32_t kernel_height, kernel_width;
  int32_t stride_y, stride_x;
  int32_t dilation_y, dilation_x;
  int32_t padding_top, padding_left;
} synapack_convolution;

/// sums[o] += payload · weight for every output that an event reaches; planes are channels last.
void synapack_scatter_convolution(
  int32_t *sums, const int16_t *weights, const synapack_convolution *geometry,
  const synapack_event *events, size_t count, synapack_relay relay);

/// The same for a dense matrix laid out [position · channels + channel][output].
void synapack_scatter_dense(
  int32_t *sums, const int16_t *weights, int32_t input_channels, int32_t outputs,
  const synapack_event *events, size_t count, synapack_relay relay);

/// v ← clamp(v + sums, floor, ceiling), with every |v + sums| below 2³¹ as proved beforehand.
void synapack_integrate(
  int32_t *membranes, const int32_t *sums, size_t count, int32_t floor, int32_t ceiling);

/// s = [v ≥ θ]; v ← v − s·θ, for payloads 0...1 and reset by subtraction.
void synapack_fire_binary(
  int32_t *membranes, const int32_t *thresholds, int16_t *payloads, size_t count);

/// s = clip(⌊v / θ⌋, lower, upper), held so that `memory` stays at or above zero where it is
/// given; v ← v − s·θ, or 0 where s ≠ 0 with `reset_to_zero`.
void synapack_fire(
  int32_t *membranes, const int32_t *thresholds, int16_t *payloads, int32_t *memory, size_t count,
  int32_t lower, int32_t upper, int reset_to_zero);

/// Lists the payloads that are not zero, in order of position and channel; returns their number.
/// `events` has room for one event a neuron.
size_t synapack_collect(
  const int16_t *payloads, size_t positions, int32_t channels, synapack_event *events);

#include "NeuronFit.h"
