// SPDX-License-Identifier: Apache-2.0

/// How one stream of bytes is compressed.
public enum Compression: Sendable, CaseIterable, Hashable {
  case gzip, bzip2, xz, zstd, lz4
}

/// How several files are put into one.
public enum ArchiveKind: Sendable, CaseIterable, Hashable {
  case zip, tar, sevenZip
}

extension Format {
  /// A format whose content is judged again.
  package enum Container: Sendable, Hashable {
    case compressed(Compression)
    case archive(ArchiveKind)
  }

  /// What lies around other contents; nil for what is read as it stands.
  package var container: Container? {
    switch self {
    case .gzip: .compressed(.gzip)
    case .bzip2: .compressed(.bzip2)
    case .xz: .compressed(.xz)
    case .zstd: .compressed(.zstd)
    case .lz4: .compressed(.lz4)
    case .zip: .archive(.zip)
    case .tar: .archive(.tar)
    case .sevenZip: .archive(.sevenZip)
    default: nil
    }
  }

  /// Whether several contents lie in it.
  package var isArchive: Bool {
    if case .archive = container { true } else { false }
  }
}

extension Family {
  /// Whether a content may lie in these containers, from the outside.
  ///
  /// At most two: a compressed file in an archive, or a tar archive in a compressed file. An archive in an archive, or a
  /// compressed file in another, has no honest use that is worth a bomb's.
  func mayLie(inside containers: [Format]) -> Bool {
    guard let container = format?.container, let outer = containers.first?.container else { return true }
    guard containers.count == 1 else { return false }
    switch (outer, container) {
    case (.compressed, .archive(.tar)), (.archive, .compressed): return true
    default: return false
    }
  }
}
