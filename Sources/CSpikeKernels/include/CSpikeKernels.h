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

/// Payloads of one plane as lanes: 16 ticks of four neighbouring channels in one line of 64 bytes.
///
/// Line (block · positions + position) · quads + quad holds, for tick t of the block and channel
/// i of the quad, the payload in byte 4t + i; channels beyond the last and ticks after the end
/// are zero. `active` lists the lines of each block that are not all zero, as position · quads +
/// quad, ascending: those of a position stand from starts[block · (positions + 1) + position] up
/// to, not including, the next start.
typedef struct {
  const int8_t *lines;
  const uint32_t *active;
  const uint32_t *starts;
  int32_t positions, quads;
} synapack_lanes;

/// What arrives through one connection: output (oy, ox) hears the cells of the source's plane under
/// a kernel at (oy · stride_y − padding_top, ox · stride_x − padding_left).
///
/// Weights, each raised by 128, are laid out [block of 16 outputs][ky][kx][quad − quad_from[block]]
/// [output][channel of the quad]; a block of outputs meets the quads quad_from[block] up to, not
/// including, quad_to[block] of each cell, and its weights start at weight_starts[block] bytes.
///
/// All sums so far count 2^shift-fold before those of this connection are added, so that weights
/// of 16 bits come as two connections of 8, the upper halves of all of them first.
typedef struct {
  synapack_lanes source;
  const uint8_t *weights;
  const int64_t *weight_starts;
  const int32_t *quad_from, *quad_to;
  int32_t input_height, input_width;
  int32_t kernel_height, kernel_width;
  int32_t stride_y, stride_x;
  int32_t dilation_y, dilation_x;
  int32_t padding_top, padding_left;
  int32_t shift;
  /// The largest magnitude of a payload that can arrive, behind the relays.
  int32_t largest;
} synapack_arrival;

/// A population that advances over all its ticks, one position and 16 channels at a time, with its
/// membranes in registers. Arrays count neurons channels last.
typedef struct {
  int32_t output_height, output_width, channels;
  /// Ticks of its life; those below `opens` send nothing.
  int32_t ticks, opens;
  /// Biases act in ticks bias_from ..< bias_to, currents in 0 ..< current_to. `currents` may be
  /// NULL.
  int32_t bias_from, bias_to, current_to;
  int32_t floor, ceiling;
  int32_t lower, upper;
  int32_t leak_shift;
  /// Whether it fires at all, resets to zero, and holds the sum of its payloads at or above zero.
  int32_t fires, resets_to_zero, remembers;
  const int32_t *thresholds, *biases, *currents;
  int32_t *membranes, *memory;
  /// Per neuron: the payloads other than zero, and the sum of all.
  int32_t *spikes, *totals;
  /// Per neuron: the events that its payloads are sent as, their magnitudes or, with
  /// `counts_powers`, the binary digits of these that are 1; NULL where a payload is one event.
  int32_t *events;
  int32_t counts_powers;
  /// The sum of the magnitudes of all payloads, not kept where payloads are 0 and 1 only.
  int64_t *magnitude;
  /// The lines of what it sends: [block][position][quad], none for a population that never fires.
  int8_t *lines;
} synapack_population;

/// Whether this processor has instructions by which ``synapack_advance_lanes`` is fast where no
/// payload that arrives is larger.
int synapack_lanes_are_fast(int32_t largest);

/// Which instructions ``synapack_advance_lanes`` may use, from all to those of every processor.
typedef enum {
  synapack_lanes_any,
  synapack_lanes_avx2,
  synapack_lanes_portable,
} synapack_instructions;

/// Advances a population over all its ticks. Every |v + sum of a tick| is below 2³¹ as proved
/// beforehand. The instructions never change a result.
void synapack_advance_lanes(
  const synapack_population *population, const synapack_arrival *arrivals, size_t count,
  synapack_instructions allowed);

/// Lists the lines of each block that are not all zero; `active` has room for all of them.
void synapack_list_active(
  const int8_t *lines, int32_t blocks, int32_t positions, int32_t quads, uint32_t *active,
  uint32_t *starts);

/// target[b, p, q] ← Σ source[b, r, q] over every source position r that the relay leads to p.
void synapack_relay_lanes(
  const int8_t *source, int32_t positions, int8_t *target, int32_t target_positions,
  int32_t blocks, int32_t quads, synapack_relay relay);

/// Copies ticks `from` up to `to` of the source into a target shifted by `offset`: target tick t is
/// source tick t + offset, zero where there is none.
void synapack_shift_lanes(
  const int8_t *source, int32_t source_ticks, int32_t offset, int8_t *target,
  int32_t target_blocks, size_t lines_a_block);

#include "NeuronFit.h"
