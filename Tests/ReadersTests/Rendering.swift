// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTables
import WorkerProtocol

/// Tells whether a typed value still says what its cell said: written without looking at the reader.
enum Rendering {
  private static let nullWords: Set<String> = ["", "NA", "N/A", "#N/A", "null", "NULL", "None", "-"]

  /// The cells that say something else than the file, up to three of them.
  static func changes(in table: ReadTable, against verbatim: ReadTable) throws -> [String] {
    // What is set aside for more than being the header is no record of the verbatim table either.
    let skipped = table.findings.setAside - verbatim.findings.setAside
    var changes: [String] = []
    for (row, record) in verbatim.columns[0].dropFirst(Int(skipped)).enumerated() {
      guard case .list(let cells) = record else { return ["record \(row) is no list"] }
      for (column, values) in table.columns.enumerated() where table.types[column] != .listOfUTF8 {
        let cell = column < cells.count ? cells[column] ?? "" : ""
        if !says(
          values[row], cell,
          table.types[column])
        {
          changes.append("\(row),\(column): \(cell) → \(values[row])")
        }
        if changes.count == 3 { return changes }
      }
    }
    return changes
  }

  static func says(_ value: Value, _ cell: String, _ type: ColumnType) -> Bool {
    let text = cell.trimmingCharacters(in: CharacterSet(charactersIn: " \t"))
    switch value {
    case .null: return type == .utf8 || type == .null ? cell.isEmpty : nullWords.contains(text)
    case .text(let value): return value == cell && value.utf8.elementsEqual(cell.utf8)
    case .bool: return value.text == text.lowercased()
    case .int64, .uint64: return plainForms(of: text).contains(value.text)
    case .float64(let number): return plainForms(of: text).contains { isSame(number, $0) }
    case .decimal: return plainForms(of: text).contains { Decimal10(value.text) == Decimal10($0) }
    case .time(let microseconds): return nanoseconds(ofTime: text) == Int128(microseconds) * 1000
    case .timestampNanoseconds(let nanoseconds, let isUTC): return isSame(Int128(nanoseconds), text, isUTC)
    case .date(let days): return isSame(days: Int(days), text)
    case .timestamp(let microseconds, let isUTC): return isSame(Int128(microseconds) * 1000, text, isUTC)
    case .list: return false
    }
  }

  /// Whether the number's digits, to as many places as the text has, are those of the text.
  private static func isSame(_ number: Double, _ text: String) -> Bool {
    if number.isNaN { return text.lowercased() == "nan" }
    if number.isInfinite { return ["inf", "infinity", "-inf", "-infinity"].contains(text.lowercased()) }
    guard let given = Decimal10(text) else { return false }
    if Decimal10(Value.float64(number).text) == given { return true }
    return Decimal10(String(format: "%.*e", max(0, given.digits.count - 1), number)) == given
  }

  /// A decimal number in one form: digits without zeros at either end, and the power of ten of the last.
  struct Decimal10: Equatable {
    var isNegative = false
    var digits = ""
    var power = 0

    init?(_ text: String) {
      let parts = text.lowercased().split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
      guard let significand = parts.first, parts.count == 1 || Int(parts[1]) != nil else { return nil }
      power = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
      isNegative = significand.hasPrefix("-")
      let halves = significand.drop { $0 == "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      digits = halves.joined()
      guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
      power -= halves.count == 2 ? halves[1].count : 0
      while digits.hasSuffix("0") {
        digits.removeLast()
        power += 1
      }
      digits = String(digits.drop { $0 == "0" })
      if digits.isEmpty { power = 0 }
    }
  }

  /// The days from 1970-01-01 to a day, by counting leap years: the reader counts years from March instead.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }
    func before(_ year: Int) -> Int { 365 * (year - 1) + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 }
    let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return .min / 1_000_000_000_000 }
    return before(year) - before(1970) + lengths[..<(month - 1)].reduce(0, +) + day - 1
  }

  private static func numbers(_ text: String) -> [Int] { text.split { !$0.isNumber }.compactMap { Int($0) } }

  /// One of the three orders of day, month and year.
  private static func isSame(days: Int, _ text: String) -> Bool {
    let parts = numbers(text)
    guard parts.count == 3 else { return false }
    let orders = [(parts[0], parts[1], parts[2]), (parts[2], parts[1], parts[0]), (parts[2], parts[0], parts[1])]
    return orders.contains { self.days($0.0, $0.1, $0.2) == days }
  }

  /// The text itself, and what it is with either mark as the decimal one, if the other cuts groups of three.
  private static func plainForms(of text: String) -> [String] {
    var forms = [text]
    for (decimal, groups) in [(",", [".", " ", "\u{A0}", "\u{202F}"]), (".", [",", "'", " ", "\u{A0}", "\u{202F}"])] {
      let halves = text.components(separatedBy: decimal)
      guard halves.count <= 2 else { continue }
      for group in groups {
        let runs = halves[0].components(separatedBy: group)
        guard runs.dropFirst().allSatisfy({ $0.count == 3 }), runs.count == 1 || runs[0].count <= 4 else { continue }
        forms.append(([runs.joined()] + halves.dropFirst()).joined(separator: "."))
      }
    }
    return forms
  }

  /// The nanoseconds of `H:MM[:SS[.f]]`.
  private static func nanoseconds(ofTime text: String) -> Int128? {
    let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    guard parts.count == 2 || parts.count == 3, (0..<24).contains(parts[0]),
      parts.dropFirst().allSatisfy({ (0..<60).contains($0) })
    else { return nil }
    let seconds = parts[0] * 3600 + parts[1] * 60 + (parts.count == 3 ? parts[2] : 0)
    let fraction = halves.count == 2 ? Int(String((halves[1] + "000000000").prefix(9))) ?? 0 : 0
    return Int128(seconds) * 1_000_000_000 + Int128(fraction)
  }

  private static func isSame(_ nanoseconds: Int128, _ text: String, _ isUTC: Bool) -> Bool {
    let halves = text.split(maxSplits: 1) { $0 == "T" || $0 == " " }
    guard halves.count == 2 else { return false }
    var time = String(halves[1])
    var offset = 0
    if time.hasSuffix("Z") {
      time.removeLast()
    } else if let sign = time.firstIndex(where: { $0 == "+" || $0 == "-" }) {
      let digits = time[sign...].filter(\.isNumber)
      offset = (Int(digits.prefix(2)) ?? 0) * 60 + (Int(digits.suffix(2)) ?? 0)
      if time[sign] == "-" { offset = -offset }
      time = String(time[..<sign])
    } else if isUTC {
      return false
    }
    guard let clock = self.nanoseconds(ofTime: time) else { return false }
    let ofDay = nanoseconds - clock + Int128(offset) * 60_000_000_000
    let (day, rest) = ofDay.quotientAndRemainder(dividingBy: 86_400_000_000_000)
    return rest == 0 && isSame(days: Int(day), String(halves[0]))
  }
}
