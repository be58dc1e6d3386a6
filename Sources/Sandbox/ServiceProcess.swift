// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors
import Glibc

/// This process, as others of the same user see it.
package enum ServiceProcess {
  /// Keeps other processes of the same user from reading its memory, and uploads from core files.
  ///
  /// Its own files in `/proc` stay open to itself.
  ///
  /// - Throws: the failure of `prctl`.
  package static func makeUndumpable() throws(SystemCallError) {
    let result = ingest_prctl_set(PR_SET_DUMPABLE, 0)
    guard result == 0 else { throw SystemCallError(call: "prctl", errno: -result) }
  }
}
