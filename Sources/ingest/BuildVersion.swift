// SPDX-License-Identifier: Apache-2.0

/// The program's version, as `CHANGELOG.md` has it.
enum BuildVersion {
  static let text = "0.1.0"
}
