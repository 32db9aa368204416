internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A program as SANA-FE's netlist and the mesh that it is mapped to.
struct SANAFENetlist {
  /// Neurons that a core of Loihi holds (Davies 2018, table 1), and axons of the host a core.
  private static let perCore = 1024

  private(set) var text = ""
  private let rows: Int
  private let columns: Int
  /// Columns of cores for the host, behind the network's own.
  private var hostColumns = 0

  init(
    _ program: SpikingProgram, _ plan: AxonPlan, _ run: AxonRun, _ placement: Placement?
  ) throws(PackError) {
    let cores = try SANAFENetlist.cores(program, placement)
    let used = (cores.joined().max() ?? 0) + 1
    columns = placement?.mesh.x ?? SANAFENetlist.side(used)
    rows = placement?.mesh.y ?? (used + columns - 1) / columns
    addHost(program, plan, run)
    addPopulations(program, run, cores)
    addEdges(program, plan, run)
  }

  /// The least number whose square holds `count` cores.
  private static func side(_ count: Int) -> Int {
    (1...count).first { $0 * $0 >= count } ?? count
  }

  /// For each population the core of every neuron.
  private static func cores(
    _ program: SpikingProgram, _ placement: Placement?
  ) throws(PackError) -> [[Int]] {
    guard let placement else {
      var next = 0
      return program.populations.map { population in
        defer { next += population.shape.count }
        return (next..<next + population.shape.count).map { $0 / perCore }
      }
    }
    var cores = program.populations.map { Array(repeating: 0, count: $0.shape.count) }
    var neurons: [Int: Int] = [:]
    for slice in placement.slices {
      guard let planes = program.populations[slice.population].shape.planes else { continue }
      neurons[slice.core, default: 0] += slice.neurons
      for channel in slice.channels {
        for row in slice.rows {
          for column in slice.columns {
            let neuron = (channel * planes.height + row) * planes.width + column
            cores[slice.population][neuron] = slice.core
          }
        }
      }
    }
    if let (core, count) = neurons.filter({ $0.value > perCore }).min(by: { $0.key < $1.key }) {
      throw PackError(
        .structureNotCarried, "core \(core) of the placement holds \(count) neurons, Loihi's 1024",
        at: .option("--target"),
        hint: "place the bundle on `loihi1`, or export it without a placement")
    }
    return cores
  }

  private mutating func addHost(_ program: SpikingProgram, _ plan: AxonPlan, _ run: AxonRun) {
    let hardware = "synapse_hw_name=loihi_dense_synapse dendrite_hw_name=loihi_dendrites"
    let size = program.input.shape.count * run.digits.count
    var host = 0
    for group in run.inputs {
      text += "g \(size) \(hardware)\n"
      for number in 0..<size {
        // An input's unit has the number of the axon, so a core holds units 0 to 1023 once.
        let core = host + number / SANAFENetlist.perCore
        text += "& \(group.group).\(number)@\(tile(host: core)).0\n"
      }
      host += (size + SANAFENetlist.perCore - 1) / SANAFENetlist.perCore
    }
    for index in plan.axons.indices {
      text += "g 1 \(hardware)\n& \(run.group(axon: index)).0@\(tile(host: host)).0\n"
      host += 1
    }
    hostColumns = (host + rows - 1) / rows
  }

  private mutating func addPopulations(
    _ program: SpikingProgram, _ run: AxonRun, _ cores: [[Int]]
  ) {
    for (index, population) in program.populations.enumerated() {
      var reset = "none"
      if case .integrateAndFire(let behaviour) = population.model {
        reset = behaviour.reset == .zero ? "hard" : "soft"
      }
      let fires = population.payloads != 0...0
      let isReadout = program.readout.population == index
      text +=
        "g \(population.shape.count) soma_hw_name=loihi_lif synapse_hw_name=loihi_dense_synapse "
        + "dendrite_hw_name=loihi_dendrites reset_mode=\(reset) reset=0 reverse_reset_mode=none "
        + "log_spikes=\(fires ? 1 : 0) log_v=\(isReadout ? 1 : 0)\n"
      // An integrator never reaches a threshold.
      let thresholds = population.thresholds.expanded(to: population.shape)
      for (neuron, core) in cores[index].enumerated() {
        let name = "\(run.group(population: index)).\(neuron)"
        text += "n \(name) threshold=\(fires ? "\(thresholds[neuron])" : "1e300")\n"
        text += "& \(name)@\(tile(core)).0\n"
      }
    }
  }

  private mutating func addEdges(_ program: SpikingProgram, _ plan: AxonPlan, _ run: AxonRun) {
    for (index, axon) in plan.axons.enumerated() {
      let target = run.group(population: axon.population)
      for neuron in 0..<program.populations[axon.population].shape.count {
        let weight = axon.weights[axon.weights.count == 1 ? 0 : neuron]
        guard weight != 0 else { continue }
        text += "e \(run.group(axon: index)).0->\(target).\(neuron) weight=\(weight)\n"
      }
    }
    for connection in program.connections {
      let shape = program.shape(of: connection.source)
      let list = SynapseList(
        connection, from: shape, to: program.populations[connection.target].shape)
      let target = run.group(population: connection.target)
      switch connection.source {
      case .input:
        let group = run.group(inputShift: plan.shifts[connection.target])
        for (number, digit) in run.digits.enumerated() {
          for synapse in list.synapses {
            let source = number * shape.count + synapse.source
            text +=
              "e \(group).\(source)->\(target).\(synapse.target) "
              + "weight=\(synapse.weight * digit)\n"
          }
        }
      case .population(let source):
        guard program.populations[source].payloads != 0...0 else { continue }
        let group = run.group(population: source)
        for synapse in list.synapses {
          text +=
            "e \(group).\(synapse.source)->\(target).\(synapse.target) "
            + "weight=\(synapse.weight)\n"
        }
      }
    }
  }

  /// SANA-FE numbers tiles column by column.
  private func tile(_ core: Int) -> Int { core % columns * rows + core / columns }
  private func tile(host core: Int) -> Int { columns * rows + core }

  /// Loihi as SANA-FE ships it (Davies 2018), one core a tile, with the soma `truenorth`.
  var architecture: String {
    let width = columns + hostColumns
    return """
      architecture:
        name: loihi
        attributes:
          topology: mesh
          width: \(width)
          height: \(rows)
          link_buffer_size: 16
          sync_model: table
          latency_sync: {1: 0.6e-6, 2: 1.0e-6, 4: 1.4e-6, 29: 1.8e-6}
        tile:
          - name: loihi_tile[0..\(width * rows - 1)]
            attributes:
              energy_north_hop: 4.2e-12
              latency_north_hop: 6.5e-9
              energy_east_hop: 3.0e-12
              latency_east_hop: 4.1e-9
              energy_south_hop: 4.2e-12
              latency_south_hop: 6.5e-9
              energy_west_hop: 3.0e-12
              latency_west_hop: 4.1e-9
            core:
              - name: loihi_core[0]
                attributes:
                  buffer_position: soma
                  buffer_inside_unit: false
                  max_neurons_supported: 1024
                axon_in:
                  - name: loihi_in
                    attributes: {energy_message_in: 0.0, latency_message_in: 16.0e-9}
                soma:
                  - name: loihi_lif
                    attributes:
                      model: truenorth
                      energy_access_neuron: 51.2e-12
                      latency_access_neuron: 6.0e-9
                      energy_update_neuron: 21.6e-12
                      latency_update_neuron: 3.7e-9
                      energy_spike_out: 69.3e-12
                      latency_spike_out: 30.0e-9
                  - name: loihi_inputs[0..1023]
                    attributes:
                      model: input
                      energy_access_neuron: 0.0
                      latency_access_neuron: 0.0
                      energy_update_neuron: 0.0
                      latency_update_neuron: 0.0
                      energy_spike_out: 0.0
                      latency_spike_out: 0.0
                dendrite:
                  - name: loihi_dendrites
                    attributes: {model: accumulator, energy_update: 0.0, latency_update: 0.0}
                synapse:
                  - name: loihi_dense_synapse
                    attributes:
                      model: current_based
                      energy_process_spike: 35.5e-12
                      latency_process_spike: 3.8e-9
                axon_out:
                  - name: loihi_out
                    attributes: {energy_message_out: 111.0e-12, latency_message_out: 5.1e-9}

      """
  }
}
