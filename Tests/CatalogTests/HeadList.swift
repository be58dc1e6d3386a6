// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization

/// The heads that were reported, in order.
final class HeadList: Sendable {
  private let heads = Mutex<[AuditHead]>([])

  func append(_ head: AuditHead) { heads.withLock { $0.append(head) } }

  var all: [AuditHead] { heads.withLock { $0 } }
}
