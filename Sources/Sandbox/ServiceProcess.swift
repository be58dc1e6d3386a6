// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors
import Glibc

/// This process, as others of the same user see it.
package enum ServiceProcess {
  /// Keeps other processes of the same user from reading its memory, and uploads from core files; makes sure that it
  /// hears how its workers end, which the kernel forgets where whoever started it ignored SIGCHLD.
  ///
  /// Its own files in `/proc` stay open to itself.
  ///
  /// - Throws: the failure of `prctl`.
  package static func prepare() throws(SystemCallError) {
    signal(SIGCHLD, SIG_DFL)
    let result = ingest_prctl_set(PR_SET_DUMPABLE, 0)
    guard result == 0 else { throw SystemCallError(call: "prctl", errno: -result) }
  }
}
