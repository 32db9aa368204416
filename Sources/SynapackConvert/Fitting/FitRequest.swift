/// What a layer-by-layer fit needs beside the spiking graph.
public struct FitRequest: Sendable {
  let steps: FitSteps
  let samples: FitSamples
  let sites: [NeuronSite]
  let threads: Int
  let compression: (any LayerCompression)?
  let price: SpikePrice?

  public init(
    _ steps: FitSteps, _ samples: FitSamples, sites: [NeuronSite], threads: Int,
    compression: (any LayerCompression)? = nil, price: SpikePrice? = nil
  ) {
    self.price = price
    self.compression = compression
    self.steps = steps
    self.samples = samples
    self.sites = sites
    self.threads = threads
  }
}
