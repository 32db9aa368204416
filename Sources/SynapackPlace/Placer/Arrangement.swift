internal import SynapackTensor

/// Gives each used core a place in the mesh so that heavy traffic goes short ways.
struct Arrangement {
  private let mesh: Extent
  /// For each core, the others it talks with and the events that go either way.
  private let links: [[(core: Int, weight: Double)]]
  /// The place of each core; y · width + x.
  private(set) var places: [Int]
  private static let largestPassCount = 8

  init(cores: Int, routes: [Route], mesh: Extent) {
    self.mesh = mesh
    links = Arrangement.links(cores: cores, routes: routes)
    places = []
    var least = Double.infinity
    // Serpentines through boxes of every width: the order of the cores is the order of the layers.
    for width in 1...mesh.x where (cores + width - 1) / width <= mesh.y {
      let candidate = (0..<cores).map { core in
        let row = core / width
        let step = core % width
        return row * mesh.x + (row.isMultiple(of: 2) ? step : width - 1 - step)
      }
      let length = length(candidate)
      if length < least {
        least = length
        places = candidate
      }
    }
    improve()
  }

  private static func links(cores: Int, routes: [Route]) -> [[(core: Int, weight: Double)]] {
    var weights = [[Int: Double]](repeating: [:], count: cores)
    for route in routes {
      for core in route.destinations where core != route.core {
        weights[route.core][core, default: 0] += route.weight
        weights[core][route.core, default: 0] += route.weight
      }
    }
    return weights.map { row in row.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }

  private func distance(_ left: Int, _ right: Int) -> Int {
    abs(left / mesh.x - right / mesh.x) + abs(left % mesh.x - right % mesh.x)
  }

  /// Σ weight · distance over all pairs, each counted from both ends.
  private func length(_ places: [Int]) -> Double {
    var total = 0.0
    for (core, row) in links.enumerated() {
      for (other, weight) in row {
        total += weight * Double(distance(places[core], places[other]))
      }
    }
    return total
  }

  /// Swaps a core with another or with an empty place while that shortens the traffic. Energy is
  /// linear in the distances, so the change is exact and takes only the two cores' links.
  private mutating func improve() {
    var tenants = [Int?](repeating: nil, count: mesh.y * mesh.x)
    for (core, place) in places.enumerated() { tenants[place] = core }
    let scale = max(length(places), .leastNormalMagnitude)
    for _ in 0..<Arrangement.largestPassCount {
      var improved = false
      for core in places.indices {
        var best: (gain: Double, place: Int)?
        for place in tenants.indices where place != places[core] {
          let gain = gain(moving: core, to: place, against: tenants[place])
          if gain > (best?.gain ?? scale * 1e-12) { best = (gain, place) }
        }
        guard let best else { continue }
        let old = places[core]
        if let other = tenants[best.place] { places[other] = old }
        tenants[old] = tenants[best.place]
        tenants[best.place] = core
        places[core] = best.place
        improved = true
      }
      if !improved { return }
    }
  }

  private func gain(moving core: Int, to place: Int, against other: Int?) -> Double {
    let old = places[core]
    var gain = 0.0
    for (neighbour, weight) in links[core] where neighbour != other {
      let far = places[neighbour]
      gain += weight * Double(distance(old, far) - distance(place, far))
    }
    guard let other else { return gain }
    for (neighbour, weight) in links[other] where neighbour != core {
      let far = places[neighbour]
      gain += weight * Double(distance(place, far) - distance(old, far))
    }
    return gain
  }

  /// No arrangement has a smaller Σ weight · distance (each pair once) than this.
  ///
  /// A core's neighbours lie on different places, at best on the nearest of them, the heaviest
  /// nearest. No place of the mesh has more places within any distance than its middle.
  ///
  ///     Σ w·d ≥ ½ Σ_core Σ_k w₍ₖ₎·d₍ₖ₎
  var shortestLength: Double {
    let middle = mesh.y / 2 * mesh.x + mesh.x / 2
    let rings = (0..<mesh.y * mesh.x).map { distance(middle, $0) }.sorted().dropFirst()
    return links.reduce(0) { total, row in
      let heaviest = row.map(\.weight).sorted(by: >)
      return zip(heaviest, rings).reduce(total) { $0 + $1.0 * Double($1.1) }
    } / 2
  }
}
