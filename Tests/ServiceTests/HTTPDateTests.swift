// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Service

@Suite("Dates of answers")
struct HTTPDateTests {
  @Test(
    "Seconds have their day, month and time, within the years that four digits hold",
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
      (1_798_761_600, "Fri, 01 Jan 2027 00:00:00 GMT"), (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (.max, "Fri, 31 Dec 9999 23:59:59 GMT"), (.min, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
  func text(_ seconds: Int, _ expected: String) {
    #expect(HTTPDate.text(seconds) == expected)
    #expect(expected.utf8.count == HTTPDate.length)
  }
}
