// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

// What is a title, a key with its value, or another line that stands above a table and is none of its records.
extension TableTop {
  /// Passes titles that stand right above the header.
  mutating func descend(_ lines: SampleLines) {
    let end = lines.blocks[block].upperBound
    let limit = min(end, first + Self.most) - 1
    // Many titles stand above one header, which is judged once.
    var judged: (line: Int, isHeader: Bool)?
    while first < limit, isTitle(lines, first, &judged) { first += 1 }
  }

  private func isTitle(_ lines: SampleLines, _ line: Int, _ judged: inout (line: Int, isHeader: Bool)?) -> Bool {
    let here = lines.lines[line]
    let shape = lines.fields(line).dropFirst(indent).first.map { lines.shape($0) } ?? .empty
    guard shape != .number, shape != .empty else { return false }
    guard let header = tableLine(lines, after: line) else { return false }
    let effective = here.effective - indent
    if effective == 1 { return here.width == 1 || columns.count > 2 }
    if here.filled == 2, effective == 2, lines.endsWithColon(line, column: indent) {
      if columns.count > 3 { return true }
      let rest = line + 1..<lines.blocks[block].upperBound
      if let next = rest.first(where: { !lines.endsWithColon($0, column: indent) }), isHeader(lines, next) {
        return true
      }
    }
    let isPair = effective == 2 && columns.count > 3 && isPair(lines, line) && holdsNames(lines, header)
    let isNarrow = here.width < width && (effective * 2 <= columns.count || isFar(lines, line, above: header))
    // A key with several values.
    let isKey =
      effective < columns.count && here.filled == effective && !lines.endsWithColon(header, column: indent)
      && lines.endsWithColon(line, column: indent)
      && holdsNames(lines, header)
    let isOther = header == line + 1 && holdsNames(lines, header) && (here.effective > width || holdsValue(lines, line))
    guard isPair || isNarrow || isKey || isOther || lines.readsAsProse(line) else { return false }
    if judged?.line != header { judged = (header, isHeader(lines, header)) }
    return judged?.isHeader ?? false || effective * 2 <= columns.count && isEven(lines, header)
  }

  /// Whether a line is two cells narrower than the names below it and more, or one where these stand above values in the
  /// first column, or above many even rows; else it may be the header without one of its names.
  private func isFar(_ lines: SampleLines, _ line: Int, above header: Int) -> Bool {
    guard holdsNames(lines, header) else { return false }
    if isEven(lines, header) || lines.lines[line].effective - indent <= columns.count - 2 { return true }
    guard header == line + 1, !lines.fields(line).contains(where: lines.bytes.isUsualName) else { return false }
    let rows = (header + 1..<lines.blocks[block].upperBound).prefix(20)
    return !rows.isEmpty && rows.allSatisfy { lines.firstShape($0).isTyped }
  }

  /// Whether a line is one of several of two cells each; one alone may name groups of columns.
  private func isPair(_ lines: SampleLines, _ line: Int) -> Bool {
    let block = lines.blocks[block]
    return lines.lines[line].filled == 2
      && [line - 1, line + 1].contains {
        block.contains($0) && lines.lines[$0].effective - indent == 2 && lines.lines[$0].filled == 2
      }
  }

  /// Whether a line holds a number that is no year, as the names of columns do not.
  private func holdsValue(_ lines: SampleLines, _ line: Int) -> Bool {
    lines.fields(line).contains { lines.shape($0) == .number && !lines.bytes.isYear($0) }
  }

  /// Whether a line is a text with a value behind it that is no year.
  func isKeyWithValue(_ lines: SampleLines, _ line: Int) -> Bool {
    let shape = lines.firstShape(line)
    guard shape != .empty, !shape.isTyped, let cell = lines.fields(line).dropFirst().first else { return false }
    return lines.shape(cell).isTyped && !lines.bytes.isYear(cell)
  }

  /// Whether every cell of a line could be the name of a column.
  func holdsNames(_ lines: SampleLines, _ line: Int) -> Bool {
    let fields = lines.fields(line)
    return fields.count >= columns.upperBound
      && fields.prefix(columns.upperBound).dropFirst(indent).allSatisfy { $0.length > 0 && !lines.shape($0).isTyped }
  }

  /// Whether a line of names stands above records that are all as wide, several of them.
  private func isEven(_ lines: SampleLines, _ header: Int) -> Bool {
    let rows = lines.lines[header..<lines.blocks[block].upperBound]
    return rows.count > 5 && rows.allSatisfy { $0.width == width } && holdsNames(lines, header)
  }

  /// Passes lines such as `Date,2024-03-01` that are as wide as a table in which every column holds values: its names are
  /// the last line that holds none.
  ///
  /// One or two lines of text above those may name the columns too.
  mutating func descendToValues(_ lines: SampleLines) {
    let rows = first..<lines.blocks[block].upperBound
    guard rows.count > 8, width <= 64 else { return }
    let middle = first + min(20, rows.count / 2)
    let body = middle..<min(rows.upperBound, middle + 200)
    // Most tables have no other line above their names, which the shapes of a few cells tell.
    guard let shapes = firstShapes(lines, body) else { return }
    let fits = { (line: Int) in zip(lines.fields(line), shapes).contains { lines.shape($0) == $1 && $1 != .empty } }
    guard let names = (first..<middle).last(where: { !fits($0) }), names > first, hasShapes(lines, body, shapes)
    else { return }
    if names - first > 2, lines.lines[names].effective == 1, lines.firstShape(names) == .word {
      // A title, and no names.
      first = names + 1
      return
    }
    // Where each row has a value in the first column, a line with a text there is none, whatever else it holds.
    let isNoRow = { (line: Int) in
      !fits(line) || shapes[0].isTyped && lines.firstShape(line) != .empty && !lines.firstShape(line).isTyped
    }
    guard lines.fields(names).count == width, holdsNames(lines, names), areDistinct(lines, names),
      (first..<names).allSatisfy(isNoRow)
    else { return }
    let isText = lines.lines[first..<names].indices.allSatisfy { line in
      lines.fields(line).allSatisfy { !lines.shape($0).isTyped }
    }
    if names - first > 2 || !isText { first = names }
  }

  /// Passes what stands above two rules with names between them, and a rule above the names.
  mutating func passRules(_ lines: SampleLines) {
    let looked = first..<min(lines.blocks[block].upperBound, first + Self.most)
    let width = width
    let isRule = { (line: Int) in
      lines.lines[line].width == width && lines.bytes.areRule(lines.fields(line), lines.format)
    }
    guard let rule = looked.first(where: isRule) else { return }
    if rule == first, rule + 1 < looked.upperBound {
      first = rule + 1
    } else if rule + 4 < looked.upperBound, isRule(rule + 2), holdsNames(lines, rule + 1),
      (first..<rule).allSatisfy({ lines.lines[$0].filled < columns.count })
    {
      first = rule + 1
    }
  }

  /// The shape of the first cell of each column that is not empty; nil where one is no value, or a column but the last is empty.
  private func firstShapes(_ lines: SampleLines, _ body: Range<Int>) -> [ValueShape]? {
    var shapes = [ValueShape](repeating: .empty, count: width)
    var missing = width
    for line in body where missing > 0 {
      for (column, cell) in zip(0..<width, lines.fields(line)) where shapes[column] == .empty {
        shapes[column] = lines.shape(cell)
        if shapes[column] == .empty { continue }
        guard shapes[column].isTyped else { return nil }
        missing -= 1
      }
    }
    // An empty column at the end is no matter, as oscilloscopes write it.
    return missing == 0 || missing == 1 && width > 2 && shapes[width - 1] == .empty ? shapes : nil
  }

  /// Whether all cells that are not empty have the shapes of their columns.
  private func hasShapes(_ lines: SampleLines, _ body: Range<Int>, _ shapes: [ValueShape]) -> Bool {
    body.allSatisfy { line in
      zip(lines.fields(line), shapes).allSatisfy { cell, shape in
        let found = lines.shape(cell)
        return found == shape || found == .empty
      }
    }
  }

  private func areDistinct(_ lines: SampleLines, _ line: Int) -> Bool {
    let fields = lines.fields(line)
    return Set(
      fields.map { field in lines.bytes.withSpan(field.start..<field.end) { cell in cell.indices.map { cell[$0] } } }
    ).count == fields.count
  }

  /// The next line that is as wide as the table and no prose.
  private func tableLine(_ lines: SampleLines, after line: Int) -> Int? {
    let end = lines.blocks[block].upperBound
    return (line + 1..<min(end, line + Self.most)).first {
      lines.lines[$0].width == width && lines.lines[$0].filled > 1 && !lines.readsAsProse($0)
        && !(columns.count > 3 && isPair(lines, $0))
    }
  }

  func isHeader(_ lines: SampleLines, _ line: Int) -> Bool {
    let rows = (line..<lines.blocks[block].upperBound).prefix(100)
    let detector = HeaderDetector(lines.index, records: Array(rows), in: lines.bytes)
    return detector.finding() == .present || detector.depth() > 1
  }
}
