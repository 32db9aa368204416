internal import SynapackSupport

/// Ways of keeping a model that are not read, told apart so that the hint can say what to export.
enum ForeignModels {
  /// What to do instead about a file of no known format; `nil` where it is nothing known either.
  static func hint(for file: MappedFile) -> String? {
    let name = file.path.lowercased()
    let isCheckpoint = [".pt", ".pth", ".bin", ".ckpt", ".pkl"].contains { name.hasSuffix($0) }
    guard isPickled(file, isCheckpoint: isCheckpoint) else { return nil }
    return "a PyTorch file is a program that only PyTorch may run: export the model with "
      + "torch.onnx.export, or its weights with safetensors.torch.save_file(model.state_dict(), …)"
  }

  /// What to do instead about a folder.
  static func hint(forFolder path: String) -> String {
    let weights = ["model.safetensors.index.json", "model.safetensors"]
    if let found = weights.first(where: { (try? MappedFile(path: path + "/" + $0)) != nil }) {
      return
        "give \(found) in it, with --architecture for its layers; or export the model to ONNX, "
        + "for example with optimum-cli export onnx"
    }
    if (try? MappedFile(path: path + "/saved_model.pb")) != nil {
      return "a SavedModel is not read: save the model as .keras, or convert it to .tflite"
    }
    return "give the path of a file, not of a folder, pipe or device"
  }

  /// Whether the file is an archive that begins with pickled objects, as torch.save writes it, or
  /// bears the name of one and begins as older ones do.
  private static func isPickled(_ file: MappedFile, isCheckpoint: Bool) -> Bool {
    let header = file.prefix(30)
    if ZipArchive.recognises(file), header.count == 30 {
      let count = Int(header[26]) | Int(header[27]) << 8
      let entry = file.prefix(30 + count).dropFirst(30)
      return entry.suffix(4).elementsEqual(".pkl".utf8)
        || isCheckpoint && entry.contains(UInt8(ascii: "/"))
    }
    return isCheckpoint && header.first == 0x80
  }
}
