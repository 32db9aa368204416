#include "CSpikeKernels.h"

#include "clones.h"


static inline __attribute__((always_inline)) void add_row(
  int32_t *restrict sums, const int16_t *restrict weights, int32_t count, int32_t payload) {
  if (payload == 1) {
    for (int32_t i = 0; i < count; i++) sums[i] += weights[i];
  } else {
    for (int32_t i = 0; i < count; i++) sums[i] += payload * weights[i];
  }
}

// A spike at (y, x) reaches output (oy, ox) through tap (ky, kx) where
// oy · stride = y + padding − dilation · ky. Without stride and dilation the columns ox of one ky
// are neighbours, and so are their weights.
static inline __attribute__((always_inline)) void scatter_unit_stride(
  int32_t *sums, const int16_t *weights, const synapack_convolution *g, int32_t y, int32_t x,
  int32_t payload) {
  int32_t last = x + g->padding_left;
  int32_t first = last - g->kernel_width + 1;
  int32_t from = first < 0 ? 0 : first;
  int32_t to = last >= g->output_width ? g->output_width - 1 : last;
  if (from > to) return;
  int32_t channels = g->output_channels;
  int32_t count = (to - from + 1) * channels;
  for (int32_t ky = 0; ky < g->kernel_height; ky++) {
    int32_t row = y + g->padding_top - ky;
    if (row < 0 || row >= g->output_height) continue;
    add_row(
      sums + ((size_t)row * g->output_width + from) * channels,
      weights + ((size_t)ky * g->kernel_width + (from - first)) * channels, count, payload);
  }
}

static inline __attribute__((always_inline)) void scatter_any(
  int32_t *sums, const int16_t *weights, const synapack_convolution *g, int32_t y, int32_t x,
  int32_t group, int32_t payload) {
  for (int32_t ky = 0; ky < g->kernel_height; ky++) {
    int32_t row = y + g->padding_top - ky * g->dilation_y;
    if (row < 0 || row % g->stride_y != 0) continue;
    row /= g->stride_y;
    if (row >= g->output_height) continue;
    for (int32_t kx = 0; kx < g->kernel_width; kx++) {
      int32_t column = x + g->padding_left - kx * g->dilation_x;
      if (column < 0 || column % g->stride_x != 0) continue;
      column /= g->stride_x;
      if (column >= g->output_width) continue;
      size_t tap = (size_t)ky * g->kernel_width + (g->kernel_width - 1 - kx);
      add_row(
        sums + ((size_t)row * g->output_width + column) * g->output_channels
          + (size_t)group * g->outputs_per_group,
        weights + tap * g->outputs_per_group, g->outputs_per_group, payload);
    }
  }
}

SYNAPACK_CLONES
void synapack_scatter_convolution(
  int32_t *sums, const int16_t *weights, const synapack_convolution *g,
  const synapack_event *events, size_t count, synapack_relay relay) {
  size_t channel_weights =
    (size_t)g->kernel_height * g->kernel_width * g->outputs_per_group;
  int unit = g->stride_y == 1 && g->stride_x == 1 && g->dilation_y == 1 && g->dilation_x == 1
    && g->outputs_per_group == g->output_channels;
  for (size_t e = 0; e < count; e++) {
    const int16_t *taps = weights + (size_t)events[e].channel * channel_weights;
    int32_t group = events[e].channel / g->inputs_per_group;
    int32_t end = relay.offsets[events[e].position + 1];
    for (int32_t r = relay.offsets[events[e].position]; r < end; r++) {
      int32_t y = relay.targets[r] / g->input_width;
      int32_t x = relay.targets[r] % g->input_width;
      if (unit)
        scatter_unit_stride(sums, taps, g, y, x, events[e].payload);
      else
        scatter_any(sums, taps, g, y, x, group, events[e].payload);
    }
  }
}

SYNAPACK_CLONES
void synapack_scatter_dense(
  int32_t *sums, const int16_t *weights, int32_t input_channels, int32_t outputs,
  const synapack_event *events, size_t count, synapack_relay relay) {
  for (size_t e = 0; e < count; e++) {
    int32_t end = relay.offsets[events[e].position + 1];
    for (int32_t r = relay.offsets[events[e].position]; r < end; r++) {
      size_t row = (size_t)relay.targets[r] * input_channels + events[e].channel;
      add_row(sums, weights + row * outputs, outputs, events[e].payload);
    }
  }
}

SYNAPACK_CLONES
void synapack_integrate(
  int32_t *membranes, const int32_t *sums, size_t count, int32_t floor, int32_t ceiling) {
  for (size_t i = 0; i < count; i++) {
    int32_t v = membranes[i] + sums[i];
    v = v < floor ? floor : v;
    membranes[i] = v > ceiling ? ceiling : v;
  }
}

SYNAPACK_CLONES
void synapack_fire_binary(
  int32_t *membranes, const int32_t *thresholds, int16_t *payloads, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int32_t fires = membranes[i] >= thresholds[i];
    membranes[i] -= fires ? thresholds[i] : 0;
    payloads[i] = (int16_t)fires;
  }
}

void synapack_fire(
  int32_t *membranes, const int32_t *thresholds, int16_t *payloads, int32_t *memory, size_t count,
  int32_t lower, int32_t upper, int reset_to_zero) {
  for (size_t i = 0; i < count; i++) {
    int32_t v = membranes[i];
    int32_t theta = thresholds[i];
    int32_t s = v / theta;
    if (v % theta < 0) s -= 1;
    s = s < lower ? lower : s;
    s = s > upper ? upper : s;
    if (memory != NULL) {
      s = s < -memory[i] ? -memory[i] : s;
      memory[i] += s;
    }
    // s·θ alone can leave 32 bits where v is near its end; what is left of v cannot.
    membranes[i] = reset_to_zero ? (s != 0 ? 0 : v) : (int32_t)(v - (int64_t)s * theta);
    payloads[i] = (int16_t)s;
  }
}

// Without a branch on the payload, which no predictor could guess: each event is written where the
// next one belongs and stays there only if its payload is not zero.
size_t synapack_collect(
  const int16_t *payloads, size_t positions, int32_t channels, synapack_event *events) {
  size_t found = 0;
  for (size_t p = 0; p < positions; p++) {
    const int16_t *row = payloads + p * channels;
    for (int32_t c = 0; c < channels; c++) {
      events[found] = (synapack_event){(int32_t)p, c, row[c]};
      found += row[c] != 0;
    }
  }
  return found;
}
