"""tinyODIN as its Verilog has it (github.com/ChFrenkel/tinyODIN at 1865653), event by event.

Its words go in by `write`, events by `send`; `receive` gives the addresses of neurons that spiked.
The names are those of the Verilog.
"""

import collections


class Chip:
    DEPTH = 128  # scheduler.v, fifo_spike_0

    def __init__(self):
        self.neurons = [0] * 256
        # What power-up leaves in a memory is unknown.
        self.synapses = [0xA5A5A5A5] * 8192
        self.registers = [1, 0, 0, 255]
        self.queue, self.output = collections.deque(), collections.deque()

    # spi_slave.v: the address of 20 bits, then data; bits 17 and 16 choose a memory.

    def write(self, word):
        address, data = word >> 20, word & 0xFFFFF
        if not address >> 16 & 3:
            # Registers 0 to 2 have one bit.
            self.registers[address & 0xFFFF] = data & (0xFF if address & 0xFFFF == 3 else 1)
            return
        assert address >> 18 == 1 and self.registers[0]
        memory, place, byte = self.place(address)
        mask = data >> 8 & 0xFF
        held = memory[place] >> 8 * byte & mask
        memory[place] &= ~(0xFF << 8 * byte)
        memory[place] |= (data & 0xFF & ~mask | held) << 8 * byte

    def read(self, word):
        address = word >> 20
        assert address >> 18 == 2 and self.registers[0]
        memory, place, byte = self.place(address)
        return memory[place] >> 8 * byte & 0xFF

    def place(self, address):
        """neuron_core.v and synaptic_core.v: the memory, the word in it, the byte in that."""
        if address >> 16 & 3 == 1:
            return self.neurons, address & 0xFF, address >> 8 & 3
        return self.synapses, address & 0x1FFF, address >> 13 & 3

    # controller.v: requests are served before what waits, unless the queue is full.

    def send(self, address):
        assert not self.registers[0] and 0 <= address < 1024
        if address >> 8 & 1:
            # State TREF: at once, for one neuron or for all.
            every = range(self.registers[3] + 1)
            for neuron in every if address & 0xFF == 0xFF else [address & 0xFF]:
                self.update(neuron, None)
            return
        if len(self.queue) == self.DEPTH:
            self.pop()
        # State PUSH: a virtual event has a weight and one of the first 16 neurons.
        is_virtual = address >> 9 & 1
        self.queue.append(
            (address >> 4 & 15, address & 15) if is_virtual else (0, address & 0xFF))

    def receive(self):
        while not self.output:
            self.pop()
        return self.output.popleft()

    def pop(self):
        weight, address = self.queue.popleft()
        if weight:
            # State POP_VIRT.
            self.update(address, weight)
            return
        # State POP_NEUR: all neurons up to SPI_MAX_NEUR, in ascending order.
        for neuron in range(self.registers[3] + 1):
            word = self.synapses[address << 5 | neuron >> 3]
            self.update(neuron, word >> 4 * (neuron & 7) & 15)

    def update(self, neuron, weight):
        """lif_neuron.v: the next state of a neuron; a leak where there is no weight."""
        word = self.neurons[neuron]
        disable, leak, threshold = word >> 31, word >> 24 & 0x7F, word >> 12 & 0xFFF
        v = (word & 0xFFF) - ((word & 0x800) << 1)
        if weight is None:
            v = min(v + leak, 0) if v < 0 else max(v - leak, 0)
        else:
            v = max(-2048, min(2047, v + weight - ((weight & 8) << 1)))
        fires = v >= 0 and v >= threshold
        self.neurons[neuron] = word & ~0xFFF | (0 if fires else v & 0xFFF)
        # neuron_core.v: who is disabled still resets.
        if fires and not disable:
            self.output.append(neuron)
            if not self.registers[1] and len(self.queue) < self.DEPTH:
                self.queue.append((0, neuron))
