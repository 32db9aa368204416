public import SynapackSupport

extension Certificate {
  /// As an object with `chip`, `misses` and `edits`; what is not known is `null`.
  public var json: JSON {
    [
      "chip": .string(chip), "misses": .array(misses.map(\.json)),
      "edits": .array(edits.map(\.json)),
    ]
  }
}

extension Certificate.Miss {
  var json: JSON {
    [
      "code": .string(code.rawValue), "layer": layer.map(JSON.string) ?? .null,
      "coreKind": coreKind.map(JSON.string) ?? .null, "resource": .string(resource),
      "demand": demand.map(JSON.integer) ?? .null,
      "capacity": capacity.map(JSON.integer) ?? .null, "text": .string(text),
      "hall": hall.map { hall in
        [
          "layers": .array(hall.layers.map(JSON.string)),
          "coreKinds": .array(hall.coreKinds.map(JSON.string)), "cores": .integer(hall.cores),
        ]
      } ?? .null,
    ]
  }
}

extension Certificate.Edit {
  var json: JSON {
    [
      "kind": .string(kind.rawValue), "layer": layer.map(JSON.string) ?? .null,
      "text": .string(text), "parts": .array(parts.map(JSON.string)),
      "options": .array(options.map(JSON.string)),
      "optionsSuffice": .bool(optionsSuffice), "fits": .bool(fits),
      "cores": cores.map(JSON.integer) ?? .null,
      "remaining": remaining.map(JSON.string) ?? .null,
    ]
  }
}
