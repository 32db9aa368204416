/// What an event costs in a router and on the wire between two routers, in the unit of its source.
public struct MeshConstants: Sendable, Hashable {
  public var energyRoute: Double
  public var energyWire: Double
  public var latencyRoute: Double
  public var latencyWire: Double

  public init(energyRoute: Double, energyWire: Double, latencyRoute: Double, latencyWire: Double) {
    self.energyRoute = energyRoute
    self.energyWire = energyWire
    self.latencyRoute = latencyRoute
    self.latencyWire = latencyWire
  }

  /// E = 1.7, 3.5 and L = 2.1, 5.3, without a unit.
  ///
  /// Source: AxonFlow (Ronzani and Silvano), `model.py`, presets loihi, loihi64 and truenorth.
  public static let loihi = MeshConstants(
    energyRoute: 1.7, energyWire: 3.5, latencyRoute: 2.1, latencyWire: 5.3)

  /// E = 1, 0.1 and L = 1, 0.01, without a unit.
  ///
  /// Source: AxonFlow, `model.py`, presets loihi84 and loihi1024, after Jin et al. 2023.
  public static let jin = MeshConstants(
    energyRoute: 1, energyWire: 0.1, latencyRoute: 1, latencyWire: 0.01)
}

/// The chips of the placement literature: they do not exist, papers compare on them.
public struct VirtualChip: Sendable, Hashable {
  public let name: String
  public let geometry: MeshGeometry
  public let constants: MeshConstants
  /// The most neurons of one core.
  public let neurons: Int
  /// The most distinct neurons that one core hears.
  public let inboundAxons: Int

  public init(
    name: String, geometry: MeshGeometry, constants: MeshConstants, neurons: Int,
    inboundAxons: Int
  ) {
    self.name = name
    self.geometry = geometry
    self.constants = constants
    self.neurons = neurons
    self.inboundAxons = inboundAxons
  }

  /// What one core takes.
  public var limits: CoreLimits { CoreLimits(neurons: neurons, inboundAxons: inboundAxons) }

  /// The same cores on another mesh.
  public func with(_ geometry: MeshGeometry) -> VirtualChip {
    VirtualChip(
      name: name, geometry: geometry, constants: constants, neurons: neurons,
      inboundAxons: inboundAxons)
  }

  /// In the order of the literature's tables.
  ///
  /// Source: AxonFlow (Ronzani and Silvano), `model.py`, and AxonCUDA, `nmhardware`.
  public static let all: [VirtualChip] = [
    VirtualChip(
      name: "loihi64", geometry: MeshGeometry(rows: 64, columns: 64), constants: .loihi,
      neurons: 1024, inboundAxons: 4096),
    VirtualChip(
      name: "loihi84", geometry: MeshGeometry(rows: 84, columns: 84), constants: .jin,
      neurons: 4096, inboundAxons: 65_536),
    VirtualChip(
      name: "loihi1024", geometry: MeshGeometry(rows: 1024, columns: 1024), constants: .jin,
      neurons: 4096, inboundAxons: 65_536),
    VirtualChip(
      name: "truenorth64", geometry: MeshGeometry(rows: 64, columns: 64), constants: .loihi,
      neurons: 256, inboundAxons: 256),
  ]
}
