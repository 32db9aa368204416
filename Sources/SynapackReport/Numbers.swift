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

/// A share as percent, `—` where there is none or it is no number; past a million its size is told no
/// further.
public func percent(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "—" }
  guard value.magnitude < 1e4 else { return value < 0 ? "below -1,000,000 %" : "over 1,000,000 %" }
  return decimals(value * 100, 2) + " %"
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

/// A size at a glance: four digits or so, with k, M or G.
public func amount(_ value: Double) -> String {
  guard value.isFinite else { return "—" }
  let units: [(least: Double, size: Double, name: String)] = [
    (1e9, 1e9, " G"), (1e6, 1e6, " M"), (1e4, 1e3, " k"),
  ]
  if let unit = units.first(where: { value.magnitude >= $0.least }) {
    return decimals(value / unit.size, 1) + unit.name
  }
  let isWhole = value.magnitude >= 100 || value == value.rounded()
  return isWhole ? grouped(Int(value.rounded())) : decimals(value, 2)
}

/// A number with the digits that tell a share from 1: four decimals.
public func figure(_ value: Double) -> String {
  guard value.isFinite else { return "—" }
  let isWhole = value == value.rounded() && value.magnitude < 1e15
  if isWhole { return grouped(Int(value)) }
  return value.magnitude < 1e-3 || value.magnitude >= 1e6 ? value.description : decimals(value, 4)
}

/// An energy given in picojoules.
public func joules(_ picojoules: Double) -> String {
  picojoules < 1e6
    ? decimals(picojoules / 1e3, 1) + " nJ" : decimals(picojoules / 1e6, 1) + " µJ"
}

/// A count with its noun.
func counted(_ count: Int, _ noun: String, _ several: String? = nil) -> String {
  grouped(count) + " " + (count == 1 ? noun : several ?? noun + "s")
}
