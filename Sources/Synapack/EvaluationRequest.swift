/// What `evaluate` is asked for, as paths.
public struct EvaluationRequest: Sendable {
  public var file: String
  public var data: String
  public var labels: String?
  public var timesteps: [Int]?
  public var model: String?
  public var calibration: String?
  public var limit: Int?
  /// Whether the drop is to be explained.
  public var explain = false
  /// Options of a conversion that were given; a bundle was converted already and refuses them.
  public var conversionOptions: [String] = []
  /// Options that say how a model is read.
  public var readingOptions: [String] = []
  /// The arrays that are meant where data, labels or calibration are .npz archives.
  public var keys = Keys()

  public struct Keys: Sendable {
    public var data: String?
    public var labels: String?
    public var calibration: String?

    public init(data: String? = nil, labels: String? = nil, calibration: String? = nil) {
      self.data = data
      self.labels = labels
      self.calibration = calibration
    }
  }

  public init(
    file: String, data: String, labels: String?, timesteps: [Int]?, model: String?,
    calibration: String?, limit: Int?
  ) {
    self.file = file
    self.data = data
    self.labels = labels
    self.timesteps = timesteps
    self.model = model
    self.calibration = calibration
    self.limit = limit
  }
}
