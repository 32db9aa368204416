internal import SynapackBundle
internal import SynapackPlace
internal import SynapackPolicy
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Measures of a bundle that follow from its file alone.
struct BundleEvidence {
  let stored: StoredBundle

  private var program: SpikingProgram { stored.bundle.program }

  /// What the bundle says of itself; measures that it has no number for are absent.
  func evidence(_ wanted: [Measure]) -> Evidence {
    let placement = stored.bundle.placement
    var evidence = Evidence(
      losses: losses, chip: placement?.chip, resources: placement?.resources ?? [])
    for measure in wanted {
      if let value = value(of: measure) { evidence.measures[measure] = value }
    }
    return evidence
  }

  private func value(of measure: Measure) -> Double? {
    switch measure {
    case .resource(let name): most(of: name).map(Double.init)
    case .named(let name): count(name).map(Double.init) ?? number(name)
    }
  }

  private func count(_ name: Measure.Name) -> Int? {
    switch name {
    case .bytes: stored.fileBytes
    case .weightBytes: stored.weightBytes
    case .footprintBytes: program.footprintBytes
    case .neurons: program.neurons
    case .weights: program.weightCounts.all
    case .timesteps: program.timesteps
    case .latencyTicks: Clock(program).latency
    case .losses: losses?.count { $0.subject != nil }
    case .cores: stored.bundle.placement?.usage.count
    default: nil
    }
  }

  private func number(_ name: Measure.Name) -> Double? {
    if name == .connectionSparsity { return program.connectionSparsity }
    guard let placement = stored.bundle.placement else { return nil }
    return switch name {
    case .traffic: BundleEvidence.traffic(placement)
    case .connectivity: placement.cost.connectivity
    case .energy: placement.cost.energy
    case .averageLatency: placement.cost.averageLatency
    case .maxLatency: placement.cost.maxLatency
    case .averageCongestion: placement.cost.averageCongestion
    case .maxCongestion: placement.cost.maxCongestion
    default: nil
    }
  }

  /// Σ w·d over routes of weight w and their destinations d steps away, to the next chip as well.
  private static func traffic(_ placement: Placement) -> Double {
    let mesh = MeshGeometry(rows: placement.mesh.y, columns: placement.mesh.x)
    var total = 0.0
    for route in placement.routes {
      for target in route.destinations {
        total += route.weight * Double(mesh.distance(route.core, target))
      }
    }
    return total
  }

  private func most(of resource: String) -> Int? {
    guard let placement = stored.bundle.placement,
      let index = placement.resources.firstIndex(of: resource)
    else { return nil }
    let amounts = placement.usage.map(\.amounts).filter { $0.indices.contains(index) }
    return amounts.map { $0[index] }.max()
  }

  /// The entries of the stored ledger, then the codes that the recipe accepts; `nil` where the
  /// ledger is missing or an entry of it says nothing.
  private var losses: [LossEntry]? {
    guard case .array(let ledger)? = JSON(parsing: stored.bundle.report)?.member("losses") else {
      return nil
    }
    var entries: [LossEntry] = []
    for loss in ledger {
      guard case .string(let code)? = loss.member("code"),
        case .string(let subject)? = loss.member("subject")
      else { return nil }
      entries.append(LossEntry(code: ErrorCode(rawValue: code), subject: subject))
    }
    guard case .array(let allowed)? = JSON(parsing: stored.bundle.recipe)?.member("allow") else {
      return entries
    }
    for code in allowed {
      guard case .string(let code) = code else { return nil }
      entries.append(LossEntry(code: ErrorCode(rawValue: code), subject: nil))
    }
    return entries
  }
}
