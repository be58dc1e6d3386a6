// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a multipart body.
package enum MultipartFault: Error, Sendable, CaseIterable {
  // The framing
  case boundaryInvalid
  case boundaryLineMalformed
  case preambleTooLong
  case epilogueTooLong
  case tooManyParts
  case unfinished
  // The header of a part
  case headerTooLong
  case tooManyHeaderLines
  case bareLineEnd
  case lineMalformed
  case dispositionMissing
  case dispositionRepeated
  case dispositionNotFormData
  case parameterMalformed
  case parameterRepeated
  case parameterSplit
  case partNameMissing
  case contentTypeRepeated
  case contentTypeMalformed
  case nestedMultipart
  case transferEncoding

  /// One phrase for people.
  package var reason: String {
    switch self {
    case .boundaryInvalid: "The Content-Type needs one boundary of 1 to 70 characters (RFC 2046 section 5.1.1)"
    case .boundaryLineMalformed: "A boundary is followed by something other than a line end or two hyphens"
    case .preambleTooLong: "Too many bytes stand before the first boundary"
    case .epilogueTooLong: "Too many bytes follow the last boundary"
    case .tooManyParts: "There are too many parts"
    case .unfinished: "The last boundary is missing"
    case .headerTooLong: "A part's header is too long"
    case .tooManyHeaderLines: "A part's header has too many lines"
    case .bareLineEnd: "A part's header has a line end other than CR LF"
    case .lineMalformed: "A part's header has a line that is no field"
    case .dispositionMissing: "A part has no Content-Disposition"
    case .dispositionRepeated: "A part has more than one Content-Disposition"
    case .dispositionNotFormData: "A part's Content-Disposition is not form-data"
    case .parameterMalformed: "A parameter of a part's Content-Disposition is malformed"
    case .parameterRepeated: "A parameter of a part's Content-Disposition is repeated"
    case .parameterSplit: "A parameter of a part's Content-Disposition is split or encoded (RFC 2231)"
    case .partNameMissing: "A part has no name in valid UTF-8"
    case .contentTypeRepeated: "A part has more than one Content-Type"
    case .contentTypeMalformed: "A part's Content-Type is no media type"
    case .nestedMultipart: "A part is multipart itself"
    case .transferEncoding: "A part has a Content-Transfer-Encoding (RFC 7578 section 4.7)"
    }
  }

  /// Whether a cap was broken, rather than the syntax.
  package var isLimit: Bool {
    switch self {
    case .preambleTooLong, .epilogueTooLong, .tooManyParts, .headerTooLong, .tooManyHeaderLines: true
    default: false
    }
  }
}
