// SPDX-License-Identifier: Apache-2.0

/// A text as people upload it: the same dialect at any length.
enum TypicalText: String, CaseIterable {
  case commas, semicolons, tabs, pipes, quoted, prose, preamble, numbers, wide

  var delimiter: String {
    switch self {
    case .semicolons: ";"
    case .tabs: "\t"
    case .pipes: "|"
    default: ","
    }
  }

  /// At least `bytes` bytes; the same ones each time.
  func text(bytes: Int) -> [UInt8] {
    var draw = Draw()
    var text = header
    var row = 0
    while text.utf8.count < bytes {
      row += 1
      text += record(row, &draw) + lineEnd
    }
    if self == .preamble { text += lineEnd + "* Figures are provisional." + lineEnd }
    return Array(text.utf8)
  }

  private var lineEnd: String { self == .semicolons || self == .quoted ? "\r\n" : "\n" }

  private var header: String {
    switch self {
    case .numbers: ""
    case .prose: "id,title,comment,score" + lineEnd
    case .wide: (1...100).map { "measure_\($0)" }.joined(separator: ",") + lineEnd
    case .preamble: "Sales by region" + lineEnd + "Printed on 2024-05-01" + lineEnd + lineEnd + names + lineEnd
    default: names + lineEnd
    }
  }

  private var names: String {
    let names = ["id", "customer", "day", "amount", "share", "open"]
    return names.map { self == .quoted ? "\"\($0)\"" : $0 }.joined(separator: delimiter)
  }

  private func record(_ row: Int, _ draw: inout Draw) -> String {
    switch self {
    case .numbers: return (0..<12).map { _ in draw.decimal(".", digits: 6) }.joined(separator: ",")
    case .wide:
      let cells = (0..<100).map { $0 % 3 == 0 ? "\(draw(1000))" : draw.decimal(".", digits: 2) }
      return cells.joined(separator: ",")
    case .prose:
      let comment = (0..<8 + draw(30)).map { _ in Draw.words[draw(Draw.words.count)] }.joined(separator: " ")
      let said = draw(3) == 0 ? "\(comment), he said \"\"no\"\"\nand left" : comment
      return "\(row),\(Draw.words[draw(8)]) \(row % 97),\"\(said)\",\(draw.decimal(".", digits: 4))"
    default: break
    }
    let point = self == .semicolons ? "," : "."
    let cells = [
      "\(row)", Draw.names[draw(Draw.names.count)], "20\(10 + draw(15))-0\(1 + draw(9))-\(10 + draw(19))",
      draw.decimal(point, digits: 2), draw.decimal(point, digits: 4), draw(2) == 0 ? "true" : "false",
    ]
    return cells.map { self == .quoted ? "\"\($0)\"" : $0 }.joined(separator: delimiter)
  }
}

/// Numbers that look drawn and are the same in each run.
struct Draw {
  static let names = ["Ada Berg", "Chloé Dubois", "Emre Fırat", "Grace Hill", "Ines Jørgensen", "Kofi Larbi"]
  static let words = [
    "the", "order", "came", "late", "and", "was", "sent", "back", "twice", "because", "one", "part", "of", "it",
    "did", "not", "fit", "customer", "asked", "for", "a", "new", "date",
  ]

  private var state: UInt64 = 42

  mutating func callAsFunction(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func decimal(_ point: String, digits: Int) -> String {
    let fraction = String((0..<digits).map { _ in Character("\(self(10))") })
    return "\(self(5000))\(point)\(fraction)"
  }
}
