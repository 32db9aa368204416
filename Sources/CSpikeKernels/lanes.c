// Populations that advance over all ticks at once: what arrives is summed for 16 ticks of 16
// output channels in registers, then the membranes walk through those ticks.
#include "CSpikeKernels.h"

#include <string.h>

#include "clones.h"
#include "lanes.h"

#define LINE 64
#define BLOCK 16

SYNAPACK_INLINE void add_line(
  synapack_sum_block *block, const int8_t *line, const uint8_t *weights, int32_t ticks) {
  for (int32_t t = 0; t < ticks; t++) {
    const int8_t *s = line + 4 * t;
    if ((s[0] | s[1] | s[2] | s[3]) == 0) continue;
    block->payloads[t] += (uint32_t)(s[0] + s[1] + s[2] + s[3]);
    for (int32_t o = 0; o < 16; o++) {
      const uint8_t *w = weights + 4 * o;
      block->sums[t][o] +=
        (uint32_t)(s[0] * w[0] + s[1] * w[1] + s[2] * w[2] + s[3] * w[3]);
    }
  }
}

SYNAPACK_CLONES
static void sum_portable(
  synapack_sum_block *block, const synapack_arrival *a, const synapack_place *place, int32_t ticks) {
  synapack_shift_sums(block, a->shift, ticks);
  synapack_walk walk = {0, 0};
  synapack_stretch stretch;
  while (synapack_next_stretch(a, place, &walk, &stretch)) {
    for (uint32_t i = 0; i < stretch.count; i++) {
      int64_t entry = stretch.entries != NULL ? stretch.entries[i] : stretch.first + i;
      add_line(block, stretch.lines + entry * LINE, stretch.weights + entry * LINE, ticks);
    }
  }
}

// One neuron through the ticks of one block, for every model.
static void advance_neuron(
  const synapack_population *p, size_t neuron, int32_t first, int32_t ticks,
  const synapack_sum_block *block, int32_t lane, int8_t *bytes) {
  int32_t v = p->membranes[neuron];
  int32_t theta = p->thresholds[neuron];
  int32_t memory = p->remembers ? p->memory[neuron] : 0;
  for (int32_t t = 0; t < ticks; t++) {
    int32_t tick = first + t;
    if (p->leak_shift > 0) v -= v >> p->leak_shift;
    v += (int32_t)(block->sums[t][lane] - (uint32_t)SYNAPACK_RAISE * block->payloads[t]);
    if (tick >= p->bias_from && tick < p->bias_to) v += p->biases[neuron];
    if (p->currents != NULL && tick < p->current_to) v += p->currents[neuron];
    v = v < p->floor ? p->floor : v;
    v = v > p->ceiling ? p->ceiling : v;
    if (!p->fires || tick < p->opens) continue;
    int32_t s = v / theta;
    if (v % theta < 0) s -= 1;
    s = s < p->lower ? p->lower : s;
    s = s > p->upper ? p->upper : s;
    if (p->remembers) {
      s = s < -memory ? -memory : s;
      memory += s;
    }
    // s·θ alone can leave 32 bits where v is near its end; what is left of v cannot.
    v = p->resets_to_zero ? (s != 0 ? 0 : v) : (int32_t)(v - (int64_t)s * theta);
    p->spikes[neuron] += s != 0;
    p->totals[neuron] += s;
    int32_t size = s < 0 ? -s : s;
    *p->magnitude += size;
    if (p->events != NULL) {
      p->events[neuron] += p->counts_powers ? __builtin_popcount((unsigned)size) : size;
    }
    bytes[4 * t] = (int8_t)s;
  }
  p->membranes[neuron] = v;
  if (p->remembers) p->memory[neuron] = memory;
}

void synapack_advance_block(
  const synapack_population *p, const synapack_place *place, const synapack_sum_block *block) {
  int32_t first = place->tick_block * BLOCK;
  int32_t ticks = p->ticks - first < BLOCK ? p->ticks - first : BLOCK;
  int32_t quads = (p->channels + 3) / 4;
  size_t positions = (size_t)p->output_height * p->output_width;
  int32_t from = place->block * 16;
  int32_t to = from + 16 < p->channels ? from + 16 : p->channels;
  int8_t unheard[LINE];
  for (int32_t c = from; c < to; c++) {
    int8_t *line = unheard;
    if (p->fires) {
      line = p->lines
        + (((size_t)place->tick_block * positions + place->position) * quads + c / 4) * LINE;
      if (c % 4 == 0) memset(line, 0, LINE);
    }
    advance_neuron(
      p, (size_t)place->position * p->channels + c, first, ticks, block, c - from, line + c % 4);
  }
}

static void advance_place_portable(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count,
  synapack_place place) {
  for (int32_t first = 0; first < p->ticks; first += BLOCK) {
    int32_t ticks = p->ticks - first < BLOCK ? p->ticks - first : BLOCK;
    synapack_sum_block block;
    memset(&block, 0, sizeof block);
    place.tick_block = first / BLOCK;
    for (size_t a = 0; a < count; a++) sum_portable(&block, &arrivals[a], &place, ticks);
    synapack_advance_block(p, &place, &block);
  }
}

static int pairs_hold(int32_t largest) {
  return largest <= synapack_largest_in_pairs && synapack_lanes_have_pairs();
}

int synapack_lanes_are_fast(int32_t largest) {
  return synapack_lanes_have_dot_products() || pairs_hold(largest);
}

void synapack_advance_lanes(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count,
  synapack_instructions allowed) {
  if (allowed == synapack_lanes_any && synapack_lanes_have_dot_products()) {
    synapack_advance_lanes_wide(p, arrivals, count);
    return;
  }
  int32_t largest = 0;
  for (size_t a = 0; a < count; a++) {
    largest = arrivals[a].largest > largest ? arrivals[a].largest : largest;
  }
  if (allowed != synapack_lanes_portable && pairs_hold(largest)) {
    synapack_advance_lanes_pairs(p, arrivals, count);
    return;
  }
  for (int32_t block = 0; block < (p->channels + 15) / 16; block++) {
    for (int32_t y = 0; y < p->output_height; y++) {
      for (int32_t x = 0; x < p->output_width; x++) {
        synapack_place place = {block, y, x, y * p->output_width + x, 0};
        advance_place_portable(p, arrivals, count, place);
      }
    }
  }
}

SYNAPACK_CLONES
void synapack_list_active(
  const int8_t *lines, int32_t blocks, int32_t positions, int32_t quads, uint32_t *active,
  uint32_t *starts) {
  uint32_t found = 0;
  const int8_t *line = lines;
  for (int32_t b = 0; b < blocks; b++) {
    for (int32_t p = 0; p < positions; p++) {
      *starts++ = found;
      for (int32_t q = 0; q < quads; q++, line += LINE) {
        int8_t any = 0;
        for (int32_t i = 0; i < LINE; i++) any |= line[i];
        active[found] = (uint32_t)(p * quads + q);
        found += any != 0;
      }
    }
    *starts++ = found;
  }
}

SYNAPACK_CLONES
void synapack_relay_lanes(
  const int8_t *source, int32_t positions, int8_t *target, int32_t target_positions,
  int32_t blocks, int32_t quads, synapack_relay relay) {
  size_t row = (size_t)quads * LINE;
  memset(target, 0, (size_t)blocks * target_positions * row);
  for (int32_t b = 0; b < blocks; b++) {
    for (int32_t p = 0; p < positions; p++) {
      const int8_t *from = source + ((size_t)b * positions + p) * row;
      for (int32_t r = relay.offsets[p]; r < relay.offsets[p + 1]; r++) {
        int8_t *to = target + ((size_t)b * target_positions + relay.targets[r]) * row;
        for (size_t i = 0; i < row; i++) to[i] = (int8_t)(to[i] + from[i]);
      }
    }
  }
}

void synapack_shift_lanes(
  const int8_t *source, int32_t source_ticks, int32_t offset, int8_t *target,
  int32_t target_blocks, size_t lines_a_block) {
  for (int32_t tick = 0; tick < target_blocks * BLOCK; tick++) {
    int32_t sent = tick + offset;
    int8_t *to = target + (size_t)(tick / BLOCK) * lines_a_block * LINE + tick % BLOCK * 4;
    int heard = sent >= 0 && sent < source_ticks;
    const int8_t *from = source;
    if (heard) from += (size_t)(sent / BLOCK) * lines_a_block * LINE + sent % BLOCK * 4;
    for (size_t line = 0; line < lines_a_block; line++) {
      if (heard)
        memcpy(to + line * LINE, from + line * LINE, 4);
      else
        memset(to + line * LINE, 0, 4);
    }
  }
}
