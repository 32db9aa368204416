internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Chains of layers, each of which lives in one window a step after that of the layer before it.
enum AxonChain {
  /// - Throws: `SYN0745` for a layer that hears another one than its predecessor, or opens at another
  ///   step, and for a readout that is not the last layer.
  static func check(_ export: AxonExport, _ index: Int, target: String) throws(PackError) {
    let program = export.program
    let expected: Source = index == 0 ? .input : .population(index - 1)
    let incoming = program.incoming(index)
    guard incoming.count == 1, incoming.first?.source == expected else {
      throw refused("the layer does not hear the one before it alone", target)
    }
    let times = Clock(program).populations[index]
    guard times.begins == times.opens || program.populations[index].payloads == 0...0,
      times.begins == times.biasFrom, times.begins + export.plan.shifts[index] == index
    else { throw refused("its window does not open a step after the one before", target) }
    guard program.readout.population == program.populations.count - 1 else {
      throw refused("the readout is not the last layer", target)
    }
  }

  static func refused(_ message: String, _ target: String) -> PackError {
    PackError(
      .structureNotCarried, "\(target) carries chains of layers, and \(message)",
      hint: "export a network without shortcuts")
  }
}
