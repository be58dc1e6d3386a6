// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("The field Prefer")
struct PreferFieldTests {
  @Test(
    "A preference is found among others, in any case",
    arguments: [
      "wait", "WAIT", "a=b, wait", "wait;x=y", "wait=\"\"", "a=\"x, y\",wait", "a; b=\"c;d,e\", wait", ",,wait",
    ])
  func stated(_ field: String) { #expect(PreferField(field).states("wait")) }

  @Test(
    "It is not found in values and parameters",
    arguments: ["", "wait=10", "a=\"wait\"", "a=\"x, wait, y\"", "a=\"x\\\", wait", "a; wait", "waits", "a=\"b, wait"])
  func absent(_ field: String) { #expect(!PreferField(field).states("wait")) }
}
