extension ErrorCatalog {
  /// What a bundle may have lost or gone without, ascending: the codes of its ledger, and the one
  /// check that a placement may go without. A test holds the list against what gives losses.
  public static let losses: [ErrorCode] = [
    .maxPoolByTournament, .narrowedBias, .coarseThreshold, .droppedActivationLevels,
    .countedReadout, .earlyExit, .compensatedOperator, .activationByPieces, .missingNumber,
    .forgetfulReset, .zeroStart, .gateCost,
    .pruned, .distilled, .channelsPruned, .ticksNotCarried, .saturatingMembranes,
  ].sorted()
}
