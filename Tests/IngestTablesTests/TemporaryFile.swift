// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Glibc

/// A file without a name that holds these bytes.
func makeFile(_ bytes: [UInt8]) throws -> OwnedDescriptor {
  let directory = try OwnedDescriptor.open(FileManager.default.temporaryDirectory.path, flags: O_RDONLY | O_DIRECTORY)
  let file = try directory.makeUnnamedFile()
  try file.pwrite(bytes.span, at: 0)
  return file
}
