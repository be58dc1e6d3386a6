// SPDX-License-Identifier: Apache-2.0

extension Rejection.Code {
  /// Whether it says that a content is damaged, or is not the text that it claims to be.
  ///
  /// In an archive it concerns the member alone, and the others are read. Not so where a limit is broken: the same
  /// reading would then have other tables under other limits.
  package var isOfOneMember: Bool {
    switch self {
    case .compressedCorrupt, .trailingData, .windowTooLarge, .invalidEncoding, .controlCharacter, .jsonMalformed,
      .notTabular:
      true
    default: false
    }
  }
}
