// SPDX-License-Identifier: Apache-2.0

import CByteChecks

/// The instructions by which many bytes are checked at a time.
///
/// Answers do not depend on them.
package struct VectorInstructions: Sendable, Hashable, CustomStringConvertible {
  let number: Int32
  package let description: String

  package static let portable = VectorInstructions(INGEST_PORTABLE, "portable")
  package static let ssse3 = VectorInstructions(INGEST_SSSE3, "ssse3")
  package static let avx2 = VectorInstructions(INGEST_AVX2, "avx2")
  package static let neon = VectorInstructions(INGEST_NEON, "neon")

  /// Those that this machine has.
  package static var available: [VectorInstructions] {
    [portable, ssse3, avx2, neon].filter { ingest_has_vectors($0.number) == 1 }
  }

  /// The widest that this machine has.
  package static let best = available.last ?? portable

  private init(_ constant: ingest_vectors, _ description: String) {
    number = Int32(constant.rawValue)
    self.description = description
  }
}
