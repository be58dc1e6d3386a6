// SPDX-License-Identifier: Apache-2.0

/// One part of a form as it is written, with its boundary line before it; the boundary is `b`.
package func part(_ header: String, _ content: String) -> String { "--b\r\n\(header)\r\n\r\n\(content)\r\n" }

/// A part with a Content-Disposition and nothing else.
package func field(_ name: String, _ content: String) -> String {
  part("Content-Disposition: form-data; name=\"\(name)\"", content)
}

/// The last boundary line.
package let end = "--b--\r\n"

extension String {
  /// Each character as one byte, so that cases can name any byte.
  package var latin1: [UInt8] { unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
}
