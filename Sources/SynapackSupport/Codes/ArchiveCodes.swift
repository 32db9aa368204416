extension ErrorCode {
  public static let malformedArchive = ErrorCode(rawValue: "SYN0230")
  public static let unsafeArchiveName = ErrorCode(rawValue: "SYN0231")
  public static let unsupportedArchive = ErrorCode(rawValue: "SYN0232")
  public static let malformedCompression = ErrorCode(rawValue: "SYN0233")
  public static let wrongChecksum = ErrorCode(rawValue: "SYN0234")
  public static let unknownArray = ErrorCode(rawValue: "SYN0235")
}

/// Zip archives and compressed data, SYN023x.
let archiveExplanations: [Explanation] = [
  Explanation(
    .malformedArchive, .badInput, title: "malformed zip archive",
    cause: "The archive does not say one thing in both of its places: its directory and the "
      + "headers before its entries differ, entries overlap or leave gaps, bytes stand before the "
      + "first entry, or its end is found twice. Readers that pick one of two meanings are how a "
      + "checked file and an opened file become two different files.",
    remedy: "Write the archive again with a plain zip writer, such as numpy.savez."),
  Explanation(
    .unsafeArchiveName, .badInput, title: "name in a zip archive refused",
    cause: "An entry's name is absolute, leaves its folder, names a drive or a link, holds control "
      + "characters or a backslash, ends in a space or a dot, or equals another entry's name but "
      + "for the case of its letters.",
    remedy: "Do not trust this archive; write it again with plain relative names."),
  Explanation(
    .unsupportedArchive, .badInput, title: "kind of zip archive not supported",
    cause: "The archive is encrypted, spans several disks, or compresses an entry with another "
      + "method than deflate.",
    remedy: "Write the archive again, unencrypted, with stored or deflated entries."),
  Explanation(
    .malformedCompression, .badInput, title: "compressed data refused",
    cause: "A compressed stream is damaged, ends early, holds another number of bytes than was "
      + "declared, is followed by other bytes, or declares more than deflate can ever hold in its "
      + "size (1032 to 1).",
    remedy: "Fetch the file again; if it stays so, do not trust it."),
  Explanation(
    .wrongChecksum, .badInput, title: "checksum of a zip entry does not match",
    cause: "The bytes of an entry are not those that were stored: their CRC-32 differs.",
    remedy: "The file is damaged: fetch or write it again."),
  Explanation(
    .unknownArray, .badInput, title: "array of an archive not named",
    cause: "A .npz archive holds several arrays and no key says which is meant, or it holds none "
      + "of that key.",
    remedy: "Name one of the arrays that the message lists with the option of the data's key, as "
      + "`--data-key` is that of `--data`."),
]
