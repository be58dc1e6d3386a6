// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Validation

/// How much a store keeps, and for how long.
struct KeepingOptions: ParsableArguments {
  @Option(
    name: .customLong("originals-bytes"), help: "What uploads take that are kept as they came; 0 keeps none.")
  var originalsBytes: ByteCount?

  @Option(name: .customLong("originals-age"), help: "How long they are kept, such as 7d or 12h.")
  var originalsAge: Age?

  @Option(
    name: .customLong("store-bytes"),
    help: "What all tables may take; past it those that are used least make room; 0 is no bound.")
  var storeBytes: ByteCount?

  func apply(to limits: inout Limits) {
    if let storeBytes { limits.storeBytes = storeBytes }
    if let originalsBytes { limits.originalsBytes = originalsBytes }
    if let originalsAge { limits.originalsSeconds = UInt64(clamping: originalsAge.duration.components.seconds) }
  }
}
