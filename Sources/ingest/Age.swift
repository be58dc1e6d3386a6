// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A length of time, as people write it: `7d`, `36h`, `90m`, `30s`, or `0`.
struct Age: ExpressibleByArgument {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let unit = argument.last.flatMap { units[$0] }
    guard unit != nil || argument == "0",
      let number = Int64(unit == nil ? argument[...] : argument.dropLast()), number >= 0
    else { return nil }
    let (seconds, overflowed) = number.multipliedReportingOverflow(by: unit ?? 1)
    guard !overflowed else { return nil }
    duration = .seconds(seconds)
  }

  var defaultValueDescription: String {
    let seconds = duration.components.seconds
    return seconds % 86_400 == 0 ? "\(seconds / 86_400)d" : seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds)s"
  }
}
