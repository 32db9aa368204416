// Micro-benchmarks; see the script beside this file. Every figure is the best of several runs.
#include "CDenseKernels.h"
#include "CSpikeKernels.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 60, TICKS = 32, BLOCKS = 2, LINE = 64 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// The best of several runs of BODY in seconds.
#define BEST(SECONDS, BODY)                        \
  double SECONDS = 1e9;                            \
  for (int runs = 0; runs < RUNS; runs++) {        \
    double start = now();                          \
    BODY;                                          \
    double passed = now() - start;                 \
    SECONDS = passed < SECONDS ? passed : SECONDS; \
  }

static void *room(size_t size) {
  void *memory = aligned_alloc(LINE, (size + LINE - 1) / LINE * LINE);
  if (memory == NULL) exit(1);
  memset(memory, 0, size);
  return memory;
}

// A plane of `width` squared positions under a 3 × 3 kernel, its payloads drawn once, held both as
// events and as lanes; half of the neurons are silent, as behind rectifiers.
typedef struct {
  int width, channels, positions, quads;
  int8_t *lines;
  uint32_t *active, *starts;
  synapack_event *events;
  size_t tick_starts[TICKS + 1];
  int32_t *offsets, *targets;
} plane;

static plane draw(int width, int channels, double density) {
  plane p = {width, channels, width * width, channels / 4};
  size_t neurons = (size_t)p.positions * channels;
  p.lines = room((size_t)BLOCKS * p.positions * p.quads * LINE);
  p.active = room(sizeof(uint32_t) * BLOCKS * p.positions * p.quads);
  p.starts = room(sizeof(uint32_t) * BLOCKS * (p.positions + 1));
  p.events = room(sizeof(synapack_event) * neurons * TICKS);
  p.offsets = room(sizeof(int32_t) * (p.positions + 1));
  p.targets = room(sizeof(int32_t) * p.positions);
  int8_t *loud = room(neurons);
  for (size_t n = 0; n < neurons; n++) loud[n] = rand() % 2;
  size_t found = 0;
  for (int t = 0; t < TICKS; t++) {
    p.tick_starts[t] = found;
    for (size_t n = 0; n < neurons; n++) {
      if (!loud[n] || rand() >= 2 * density * RAND_MAX) continue;
      int position = (int)(n / channels), channel = (int)(n % channels);
      size_t line = ((size_t)(t / 16) * p.positions + position) * p.quads + channel / 4;
      p.lines[line * LINE + t % 16 * 4 + channel % 4] = 1;
      p.events[found++] = (synapack_event){position, channel, 1};
    }
  }
  p.tick_starts[TICKS] = found;
  for (int i = 0; i < p.positions; i++) p.offsets[i] = p.targets[i] = i;
  p.offsets[p.positions] = p.positions;
  synapack_list_active(p.lines, BLOCKS, p.positions, p.quads, p.active, p.starts);
  free(loud);
  return p;
}

static double time_scatter(const plane *p) {
  int c = p->channels;
  int16_t *weights = room(sizeof(int16_t) * 9 * c * c);
  int32_t *sums = room(sizeof(int32_t) * p->positions * c);
  for (int i = 0; i < 9 * c * c; i++) weights[i] = (int16_t)(rand() % 255 - 127);
  synapack_convolution g = {p->width, p->width, p->width, c, c, c, 3, 3, 1, 1, 1, 1, 1, 1};
  synapack_relay relay = {p->offsets, p->targets};
  BEST(seconds, for (int t = 0; t < TICKS; t++) synapack_scatter_convolution(
    sums, weights, &g, p->events + p->tick_starts[t], p->tick_starts[t + 1] - p->tick_starts[t],
    relay));
  free(weights), free(sums);
  return seconds;
}

static double time_lanes(const plane *p, synapack_instructions allowed) {
  int c = p->channels, blocks = c / 16;
  size_t neurons = (size_t)p->positions * c, block_size = (size_t)9 * p->quads * LINE;
  uint8_t *weights = room(blocks * block_size);
  for (size_t i = 0; i < blocks * block_size; i++) weights[i] = (uint8_t)(rand() % 255 + 1);
  int64_t starts[8];
  int32_t from[8], to[8];
  for (int b = 0; b < blocks; b++) {
    starts[b] = (int64_t)(b * block_size);
    from[b] = 0;
    to[b] = p->quads;
  }
  int32_t *values = room(6 * neurons * sizeof(int32_t));
  for (size_t i = 0; i < neurons; i++) values[i] = 3000;
  int64_t magnitude = 0;
  synapack_arrival arrival = {
    {p->lines, p->active, p->starts, p->positions, p->quads}, weights, starts, from, to,
    p->width, p->width, 3, 3, 1, 1, 1, 1, 1, 1, 0, 1};
  synapack_population population = {
    .output_height = p->width, .output_width = p->width, .channels = c, .ticks = TICKS,
    .bias_to = TICKS, .floor = -(1 << 23), .ceiling = (1 << 23) - 1, .upper = 1, .fires = 1,
    .thresholds = values, .biases = values + neurons, .membranes = values + 2 * neurons,
    .memory = values + 3 * neurons, .spikes = values + 4 * neurons,
    .totals = values + 5 * neurons, .magnitude = &magnitude,
    .lines = room((size_t)BLOCKS * p->positions * p->quads * LINE)};
  BEST(seconds, synapack_advance_lanes(&population, &arrival, 1, allowed));
  free(weights), free(values), free(population.lines);
  return seconds;
}

static void spikes(void) {
  int shapes[][2] = {{32, 16}, {16, 32}, {8, 64}};
  for (int s = 0; s < 3; s++) {
    for (int percent = 2; percent <= 32; percent *= 2) {
      plane p = draw(shapes[s][0], shapes[s][1], percent / 100.0);
      double dense = 9.0 * p.positions * p.channels * p.channels * TICKS;
      double scatter = time_scatter(&p), lanes = time_lanes(&p, synapack_lanes_any);
      double pairs = time_lanes(&p, synapack_lanes_avx2);
      double plain = time_lanes(&p, synapack_lanes_portable);
      printf(
        "%2d x %2d x %2d, %2d %% spikes: scatter %5.1f, lanes %6.1f, with AVX2 %6.1f, portable %5.1f "
        "G dense synapses/s; lanes / scatter %.1f\n",
        p.width, p.width, p.channels, percent, dense / scatter / 1e9, dense / lanes / 1e9,
        dense / pairs / 1e9, dense / plain / 1e9, scatter / lanes);
      free(p.lines), free(p.active), free(p.starts), free(p.events), free(p.offsets);
      free(p.targets);
    }
  }
}

// Every payload 1 and many channels: what is left is the dot products.
static double peak(void) {
  plane p = draw(8, 128, 1.0);
  memset(p.lines, 1, (size_t)BLOCKS * p.positions * p.quads * LINE);
  synapack_list_active(p.lines, BLOCKS, p.positions, p.quads, p.active, p.starts);
  // Cells of the border meet fewer taps.
  double taps = (3.0 * p.width - 2) * (3.0 * p.width - 2);
  return taps * p.channels * p.channels * TICKS / time_lanes(&p, synapack_lanes_any) / 1e9;
}

static double time_sgemm(int n) {
  float *a = room(sizeof(float) * n * n), *b = room(sizeof(float) * n * n);
  float *c = room(sizeof(float) * n * n);
  BEST(seconds, cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n));
  free(a), free(b), free(c);
  return 2.0 * n * n * n / seconds / 1e9;
}

static void floats(void) {
  openblas_set_num_threads(1);
  double sgemm = time_sgemm(512);
  printf("sgemm of 512 squared: %.1f GFLOP/s on one core\n", sgemm);
  int shapes[][5] = {{32, 3, 16, 3, 1},  {32, 16, 16, 3, 1}, {16, 32, 32, 3, 1},
                     {8, 64, 64, 3, 1},  {16, 16, 32, 3, 2}, {56, 64, 64, 3, 1},
                     {14, 64, 256, 1, 1}};
  for (int s = 0; s < 7; s++) {
    int w = shapes[s][0], in = shapes[s][1], out = shapes[s][2], k = shapes[s][3];
    int stride = shapes[s][4], row = (w - 1) * stride + k;
    float *input = room(sizeof(float) * in * row * row);
    float *weights = room(sizeof(float) * in * out * k * k);
    float *output = room(sizeof(float) * out * w * w);
    synapack_direct_convolution c = {in, out, row, row * row, w, w, k, k, stride, stride, 1, 1};
    BEST(seconds, synapack_convolve(&c, input, weights, NULL, output));
    double speed = 2.0 * in * out * k * k * w * w / seconds / 1e9;
    printf(
      "%d x %d, %3d to %3d channels, %d x %d, stride %d: %5.1f GFLOP/s, %3.0f %% of sgemm\n", w,
      w, in, out, k, k, stride, speed, 100 * speed / sgemm);
    free(input), free(weights), free(output);
  }
}

int main(int count, char **arguments) {
  srand(1);
  if (count > 1 && strcmp(arguments[1], "--peak") == 0) {
    printf("%.1f\n", peak());
    return 0;
  }
  spikes();
  printf("byte dot products: %.1f G synapses/s on one core\n", peak());
  floats();
  return 0;
}
