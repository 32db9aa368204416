// What the kernels of lanes share, above all the walk over the lines under a kernel.
#pragma once

#include "CSpikeKernels.h"

/// Weights are raised by this for the unsigned side of the dot product; the sum of the payloads,
/// times it, is taken back once a tick.
enum { SYNAPACK_RAISE = 128 };

/// A block of 16 output channels at one position, and the block of ticks at hand.
typedef struct {
  int32_t block;
  int32_t y, x, position;
  int32_t tick_block;
} synapack_place;

/// The sums of one block of ticks, of weights raised by 128, and those of the payloads. They may
/// leave 32 bits on their way, and come back in the sum that is proved to fit.
typedef struct {
  uint32_t sums[16][16];
  uint32_t payloads[16];
} synapack_sum_block;

/// Walks the neurons of a place through one block of ticks, for every model.
void synapack_advance_block(
  const synapack_population *population, const synapack_place *place,
  const synapack_sum_block *block);

/// Shifts the sums of `ticks` ticks to the left.
static inline void synapack_shift_sums(synapack_sum_block *block, int32_t shift, int32_t ticks) {
  for (int32_t t = 0; shift > 0 && t < ticks; t++) {
    block->payloads[t] <<= shift;
    for (int32_t o = 0; o < 16; o++) block->sums[t][o] <<= shift;
  }
}

/// Payloads 0 and 1, reset by subtraction, no leak and no memory; and integrators.
static inline int synapack_is_binary(const synapack_population *p) {
  return !p->fires
    || (p->lower == 0 && p->upper == 1 && p->leak_shift == 0 && !p->resets_to_zero
        && !p->remembers);
}

int synapack_lanes_have_dot_products(void);

void synapack_advance_lanes_wide(
  const synapack_population *population, const synapack_arrival *arrivals, size_t count);

/// The largest payload whose products fit pairs of 16 bits.
enum { synapack_largest_in_pairs = 64 };

int synapack_lanes_have_pairs(void);

/// - Precondition: no payload that arrives is above ``synapack_largest_in_pairs``.
void synapack_advance_lanes_pairs(
  const synapack_population *population, const synapack_arrival *arrivals, size_t count);

/// Lines under a kernel in one stretch: line i of `count` is the one at `entries[i]`, or at
/// `first + i` without a list; its weights have the same place.
typedef struct {
  const uint32_t *entries;
  int64_t first;
  uint32_t count;
  const int8_t *lines;
  const uint8_t *weights;
} synapack_stretch;

/// The walk over the stretches of one arrival at one place.
typedef struct {
  int32_t ky, kx;
} synapack_walk;

/// The next stretch that is not empty; 0 at the end.
///
/// Cells of one row are neighbours without dilation, and so are their lines, their places in the
/// list and their weights. With dilation, or where the block of outputs meets only a few quads of
/// a cell, each cell is a stretch of its own.
static inline __attribute__((always_inline)) int synapack_next_stretch(
  const synapack_arrival *a, const synapack_place *at, synapack_walk *walk,
  synapack_stretch *stretch) {
  int64_t quads = a->source.quads;
  int32_t from = a->quad_from[at->block];
  int32_t met = a->quad_to[at->block] - from;
  int listed = met == quads;
  int32_t run = listed && a->dilation_x == 1 ? a->kernel_width : 1;
  while (walk->ky < a->kernel_height) {
    int32_t ky = walk->ky;
    int32_t kx = walk->kx;
    walk->kx += run;
    if (walk->kx >= a->kernel_width) {
      walk->kx = 0;
      walk->ky += 1;
    }
    int32_t row = at->y * a->stride_y - a->padding_top + ky * a->dilation_y;
    int32_t x0 = at->x * a->stride_x - a->padding_left + kx * a->dilation_x;
    int32_t x1 = x0 < 0 ? 0 : x0;
    int32_t x2 = x0 + run > a->input_width ? a->input_width : x0 + run;
    if (row < 0 || row >= a->input_height || x1 >= x2) continue;
    int64_t cell = (int64_t)row * a->input_width;
    int64_t tap = (int64_t)ky * a->kernel_width + kx;
    const uint8_t *weights = a->weights + a->weight_starts[at->block];
    stretch->lines = a->source.lines + (int64_t)at->tick_block * a->source.positions * quads * 64;
    if (listed) {
      const uint32_t *starts =
        a->source.starts + (int64_t)at->tick_block * (a->source.positions + 1) + cell;
      stretch->entries = a->source.active + starts[x1];
      stretch->count = starts[x2] - starts[x1];
      stretch->first = 0;
      stretch->weights = weights + (tap - cell - x0) * quads * 64;
    } else {
      stretch->entries = NULL;
      stretch->count = (uint32_t)met;
      stretch->first = (cell + x0) * quads + from;
      stretch->weights = weights + (tap * met - stretch->first) * 64;
    }
    if (stretch->count > 0) return 1;
  }
  return 0;
}
