import SynapackSupport

/// Documents as `report` draws them.
enum PageDocument {
  /// A document with every member that a page knows; its numbers are all different where they can be.
  static let full: JSON = [
    "schema": "synapack.overview/1", "generator": "synapack test", "name": "digits.synapack",
    "bundle": bundle,
    "checks": [
      ["name": "container and digests", "findings": []],
      ["name": "weights and thresholds", "findings": [warning]],
    ],
    "conformance": ["vectors": 4, "identical": true],
    "conversion": [
      [
        "name": "conv1", "threshold": 1.5, "clippingError": 0.01, "quantizationError": 0.02,
        "unevennessError": 0.03, "spikeRate": 0.25,
      ]
    ],
    "layers": [layer("conv1", 12, begins: 0), layer("fc", 10, begins: 2)],
    "weightHistogram": [1, 4, 9, 4, 2],
    "placement": placement, "evaluation": evaluation,
  ]

  /// The same without what is optional.
  static var bare: JSON {
    var document = full
    for key in ["placement", "evaluation"] { document = document.without(key) }
    return document
  }

  private static let warning: JSON = [
    "code": "SYN0614", "severity": "warning", "message": "3 channels send nothing",
    "where": "conv1",
  ]

  private static let bundle: JSON = [
    "formatVersion": "1.0", "contentID": "sha256:0123", "bytes": 4321, "generator": "synapack test",
    "origin": ["format": "onnx", "digest": "abcd", "producer": "pytorch", "version": "2.5"],
    "preprocess": "scale=1/16", "recipe": ["neuron": "if", "chip": .null, "weightBits": 8],
    "timesteps": 8, "schedule": "staggered:2", "latencyTicks": 12, "neurons": 22, "weights": 1234,
    "weightBytes": 987, "weightEntropyBytes": 900, "containerBytes": 64,
    "connectionSparsity": 0.125,
    "footprintBytes": 1300, "input": ["name": "x", "shape": [1, 8, 8]],
    "populations": [["name": "conv1"], ["name": "fc"]],
    "sections": [
      ["name": "weights", "stored": 987, "raw": 1234, "codec": "model", "digest": "ef01"]
    ],
    "losses": [
      ["code": "SYN0302", "severity": "note", "subject": "pool", "message": "by tournament"],
      [
        "code": "SYN0306", "severity": "warning", "subject": "fc",
        "message": "the bias was narrowed",
      ],
    ],
  ]

  static func layer(_ name: String, _ neurons: Int, begins: Int) -> JSON {
    [
      "name": .string(name), "shape": [.integer(neurons)], "neurons": .integer(neurons),
      "model": "fires 0…1", "fires": true, "weights": .integer(neurons * 10), "zeroWeights": 12,
      "weightBits": [4, 8], "weightBytes": .integer(neurons * 10), "weightEntropyBytes": 55,
      "fanIn": 72, "thresholds": [100, 2000], "begins": .integer(begins),
      "opens": .integer(begins + 2), "ends": .integer(begins + 10), "spikesPerNeuron": 1.5,
      "payloadPerNeuron": 1.5,
    ]
  }

  private static let placement: JSON = [
    "chip": "generic-mesh", "isKnown": true, "coresUsed": 2, "coresInAll": 16, "energy": 1500.5,
    "lowerBound": 1400.5, "gap": 0.0714, "averageLatency": 2.5, "maxLatency": 4,
    "maxCongestion": 77,
    "resources": [
      ["resource": "synapses", "amount": 90, "capacity": 100, "core": 1, "share": 0.9],
      ["resource": "axons", "amount": 7, "capacity": .null, "core": 0, "share": .null],
    ],
    "layers": [["name": "conv1", "cores": 1, "events": 33.5]],
    "map": [
      "columns": 4, "rows": 4, "coresAnEdge": 1, "meshColumns": [2, 5], "meshRows": [0, 3],
      "tiles": [
        [
          "column": 0, "row": 1, "cores": 1, "core": 4, "layer": "conv1", "layerNumber": 1,
          "events": 33.5, "share": 1,
        ],
        [
          "column": 2, "row": 3, "cores": 1, "core": 14, "layer": "fc", "layerNumber": 2,
          "events": 11, "share": 0.33,
        ],
      ],
      "flows": [
        [
          "from": ["column": 0, "row": 1], "to": ["column": 2, "row": 3], "events": 11, "share": 1,
        ]
      ],
    ],
  ]

  private static let evaluation: JSON = [
    "samples": 500, "ann": ["accuracy": 0.99, "imagesPerSecond": 31337],
    "spiking": [
      [
        "timesteps": 8, "accuracy": 0.95, "agreement": 0.96, "spikesPerNeuron": 0.4,
        "payloadPerNeuron": 2.75,
        "activationSparsity": 0.9, "meanTicks": 6.5, "imagesPerSecond": 31337,
        "synapticOperations": ["dense": 1e6, "effectiveMACs": 123_456, "effectiveACs": 7_654_321],
        "energy": [
          [
            "table": "int-45nm", "counts": "additions", "source": "Horowitz", "kind": "estimate",
            "spikingPicojoules": 2500, "densePicojoules": 3_500_000, "spikesPerSynapse": 0.25,
            "breakEvenSpikesPerSynapse": .null,
          ]
        ],
      ]
    ],
    "explanation": [
      "stages": [
        ["name": "folded", "accuracy": 0.99, "agreement": 1],
        ["name": "quantized", "accuracy": 0.95, "agreement": 0.96],
      ],
      "layers": [
        [
          "name": "conv1", "error": 0.5, "clippingError": 0.4, "quantizationError": 0.2,
          "roundingError": 0.12,
          "miscountError": 0.15, "unevennessError": 0.1, "deadChannels": 3, "saturated": 0.02,
          "errorAfter": ["threshold": 0.125, "bias": 0.45],
        ]
      ],
      "firstLayer": [
        "layer": "conv1", "knob": "threshold", "inputs": 244, "unseen": true,
        "before": ["name": "quantized", "accuracy": 0.945, "agreement": 0.96],
        "measured": ["name": "remedied", "accuracy": 0.98, "agreement": 0.985],
      ],
    ],
  ]
}

extension JSON {
  func without(_ key: String) -> JSON { setting(key, nil) }

  func setting(_ key: String, _ value: JSON?) -> JSON {
    guard case .object(var members) = self else { return self }
    members[key] = value
    return .object(members)
  }

  /// The document with every value for which `change` has another one replaced, outermost first.
  func changed(_ change: (JSON) -> JSON?) -> JSON {
    if let other = change(self) { return other }
    switch self {
    case .array(let items): return .array(items.map { $0.changed(change) })
    case .object(let members): return .object(members.mapValues { $0.changed(change) })
    case .null, .bool, .integer, .number, .string: return self
    }
  }
}
