// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whether this is a long run: `make soak` sets `INGEST_SOAK`, and tests that draw their cases draw more of them.
package enum Soak {
  /// Whether a long run was asked for.
  // SAFETY: tests change no variable of their environment.
  package static let isOn = unsafe getenv("INGEST_SOAK") != nil

  /// How many cases to draw.
  package static func rounds(_ usual: Int, soak: Int) -> Int { isOn ? soak : usual }
}
