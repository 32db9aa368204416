/// A number with a fixed count of decimals.
public func decimals(_ value: Double, _ count: Int) -> String {
  guard value.isFinite else { return "—" }
  var scale = 1.0
  for _ in 0..<count { scale *= 10 }
  let scaled = (value.magnitude * scale).rounded()
  guard scaled < 0x1p62 else { return value.description }
  let digits = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard count > 0 else { return sign + padded }
  return sign + padded.dropLast(count) + "." + padded.suffix(count)
}

/// A share as percent, `—` where there is none.
public func percent(_ value: Double?) -> String {
  value.map { decimals($0 * 100, 2) + " %" } ?? "—"
}

/// A count of bytes with thousands apart.
public func bytes(_ count: Int) -> String {
  grouped(count) + " bytes"
}

public func grouped(_ count: Int) -> String {
  var text = ""
  for (index, digit) in String(count).reversed().enumerated() {
    if index > 0, index % 3 == 0, digit != "-" { text = "," + text }
    text = String(digit) + text
  }
  return text
}
