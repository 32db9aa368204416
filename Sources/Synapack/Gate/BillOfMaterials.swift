internal import SynapackBundle
internal import SynapackPolicy
internal import SynapackProgram
public import SynapackSupport

/// A bundle as CycloneDX 1.6 describes machine-learning models.
///
/// Only what follows from the bundle's bytes is stated: no purpose, no licence, no data that nobody
/// measured. The serial number is taken from the content, so that equal bundles have equal bills.
public enum BillOfMaterials {
  /// - Throws: what reading the bundle throws.
  public static func document(_ path: String) throws(PackError) -> JSON {
    let file = try MappedFile(path: path)
    var unused = Report()
    let stored = try FoundFile.bundle(file, &unused)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return .object([
      "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
      "serialNumber": .string("urn:uuid:" + uuid(stored.contentID)),
      "metadata": [
        "tools": [
          "components": .array([
            ["type": "application", "name": "synapack", "version": .string(Version.number)]
          ])
        ],
        "component": component(stored, name, Digest(of: file)),
      ],
    ])
  }

  /// The first bytes of a digest as a UUID of version 8, RFC 9562.
  private static func uuid(_ digest: Digest) -> String {
    var bytes = Array(digest.bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(hexadecimal(bytes))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }

  private static func component(_ stored: StoredBundle, _ name: String, _ digest: Digest) -> JSON {
    let origin = stored.bundle.origin
    var members: [String: JSON] = [
      "type": "machine-learning-model", "bom-ref": "bundle", "name": .string(name),
      "version": .string(stored.contentID.description), "hashes": hashes(digest.description),
      "modelCard": card(stored), "properties": properties(stored),
    ]
    if !origin.digest.isEmpty {
      let title = [origin.format, origin.producer, origin.version].filter { !$0.isEmpty }
      members["pedigree"] = [
        "ancestors": .array([
          [
            "type": "machine-learning-model",
            "name": .string("source model (\(title.joined(separator: " ")))"),
            "hashes": hashes(origin.digest),
          ]
        ])
      ]
    }
    return .object(members)
  }

  private static func hashes(_ digest: String) -> JSON {
    .array([["alg": "SHA-256", "content": .string(digest)]])
  }

  private static func card(_ stored: StoredBundle) -> JSON {
    let program = stored.bundle.program
    let output = program.populations[program.readout.population]
    return [
      "modelParameters": [
        "architectureFamily": "spiking neural network",
        "modelArchitecture": .string(
          "\(program.populations.count) populations, schedule \(program.schedule), "
            + "\(program.timesteps) ticks"),
        "inputs": .array([
          ["format": .string("\(program.input.name) \(program.input.shape)")]
        ]),
        "outputs": .array([["format": .string("\(output.name) \(output.shape)")]]),
      ],
      "quantitativeAnalysis": ["performanceMetrics": metrics(stored.bundle.report)],
    ]
  }

  /// The spike rates that the conversion measured on its calibration inputs.
  private static func metrics(_ report: String) -> JSON {
    guard case .array(let layers)? = JSON(parsing: report)?.member("layers") else { return [] }
    return .array(
      layers.compactMap { layer in
        guard case .string(let name)? = layer.member("name"), let rate = layer.member("spikeRate")
        else { return nil }
        return [
          "type": "spikes per neuron and tick", "value": .string(rate.text()),
          "slice": .string(name),
        ]
      })
  }

  /// The measures that the file alone gives, by the names of policies.
  private static func properties(_ stored: StoredBundle) -> JSON {
    let wanted = Measure.Name.allCases.map(Measure.named)
    let evidence = BundleEvidence(stored: stored).evidence(wanted)
    var pairs = wanted.compactMap { measure in
      evidence.measures[measure].map { ("synapack:" + measure.text, JSON.number($0).text()) }
    }
    if let chip = evidence.chip { pairs.append(("synapack:chip", chip)) }
    for loss in evidence.losses ?? [] {
      pairs.append(("synapack:loss", "\(loss.code) \(loss.subject ?? "accepted beforehand")"))
    }
    return .array(pairs.map { ["name": .string($0.0), "value": .string($0.1)] })
  }
}
