// SPDX-License-Identifier: Apache-2.0

/// Tells a text with a few control characters from binary content.
///
/// To libmagic one of them makes any content binary. The reader refuses them too, and says where they stand; only a
/// Ctrl-Z at the very end, which DOS programs wrote, is none of the text.
enum StrayControls {
  /// Whether a content is ASCII in lines, of which at most a twentieth are control characters that no text holds.
  static func areIn(_ bytes: [UInt8]) -> Bool {
    var controls = 0
    var lineEnds = 0
    for byte in bytes {
      switch byte {
      case 0x0A, 0x0D: lineEnds += 1
      case 0x09, 0x0B, 0x0C, 0x20...0x7E: break
      case 0...0x1F, 0x7F: controls += 1
      default: return false
      }
    }
    return lineEnds > 0 && controls > 0 && controls <= max(1, bytes.count / 20)
  }
}
