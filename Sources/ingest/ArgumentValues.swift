// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Validation
public import WorkerProtocol

extension SandboxLevel: ExpressibleByArgument {
  /// What `--sandbox-require` takes; without a sandbox nothing is read.
  public static var allValueStrings: [String] { SandboxLevel.allCases.dropFirst().map(\.rawValue) }
}
extension ReadOptions.Header: ExpressibleByArgument {}
extension CellOptions.DateOrder: ExpressibleByArgument {}
extension Format: ExpressibleByArgument {}
extension ByteCount: ExpressibleByArgument {
  /// Reads `10MB`, `1 GiB` or a plain number of bytes.
  public init?(argument: String) { self.init(argument) }
}
