// SPDX-License-Identifier: Apache-2.0

extension FieldPlace {
  /// What a cell that is not absent could be.
  ///
  /// What a JSON string says is a date or a time where it reads so, and else text, whatever it looks like: who writes
  /// `"12"` means no number. An exponent makes a float, since `1E10` is no part number there.
  ///
  /// - Parameter readsStrings: whether a string is read like a cell of a delimited text, since a type was asked for.
  func kind(in bytes: MappedBytes, _ words: NullWords, readsStrings: Bool) -> CellClass {
    guard flags.contains(.json) else {
      return bytes.withSpan(start..<end) { CellParser.classify($0, isQuoted: isQuoted, words) }
    }
    guard !flags.contains(.jsonEscaped) else { return .text }
    let kind = bytes.withSpan(start..<end) { CellParser.classify($0, isQuoted: isQuoted, words) }
    guard isQuoted else { return kind.contains(.hasBareExponent) ? kind.withSignedExponent : kind }
    return readsStrings || !kind.isDisjoint(with: .inStrings) ? kind : .text
  }
}

extension CellClass {
  /// What a JSON string can be beside text, and what people should hear of it.
  fileprivate static let inStrings = CellClass.dates.union(.timestamps).union([.time, .hasUnit, .booleanWord])

  fileprivate var withSignedExponent: CellClass { subtracting(.hasBareExponent).union(.hasPoint) }
}
