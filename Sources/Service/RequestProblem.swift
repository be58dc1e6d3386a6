// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Why a request, rather than the file in it, is answered with an error.
///
/// Handlers throw it to stop; `ServiceResponder` turns it into the answer.
struct RequestProblem: Error, Sendable {
  /// The stable code that callers match.
  var code: Code
  /// What exactly is wrong, where the code alone does not say it.
  ///
  /// Never holds bytes of the client's, nor a path.
  var detail: String?
  /// The cap that was broken.
  var limit: UInt64?
  /// Fields that this answer needs, such as `Allow`.
  var fields: HTTPFields

  init(_ code: Code, _ detail: String? = nil, limit: UInt64? = nil, fields: HTTPFields = [:]) {
    self.code = code
    self.detail = detail
    self.limit = limit
    self.fields = fields
  }
}

extension RequestProblem {
  /// The codes of the service, beside those of `Rejection.Code`.
  ///
  /// A code is never renamed.
  enum Code: String, Sendable, CaseIterable {
    // The message
    case invalidRequest = "invalid_request"
    case messageMalformed = "message_malformed"
    case headerTooLarge = "header_too_large"
    case requestTimeout = "request_timeout"
    case bodyIncomplete = "body_incomplete"
    case expectationFailed = "expectation_failed"
    case contentEncodingRefused = "content_encoding_refused"
    case mediaTypeRefused = "media_type_refused"
    case multipartMalformed = "multipart_malformed"
    case multipartTooLarge = "multipart_too_large"
    // Who asks, and whom
    case hostNotAllowed = "host_not_allowed"
    case crossSite = "cross_site"
    // What is asked for
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case rangeNotSatisfiable = "range_not_satisfiable"
    case nameTaken = "name_taken"
    case nameExists = "name_exists"
    case versionChanged = "version_changed"
    case crashBudgetExhausted = "crash_budget_exhausted"
    // Ours
    case busy
    case diskFull = "disk_full"
    case storeReadOnly = "store_read_only"
    case storageFailed = "storage_failed"
    case internalError = "internal_error"
  }
}

extension RequestProblem.Code {
  /// Whether the client is turned away, and not failed by us, which the operator's log tells.
  var isRefusal: Bool {
    switch self {
    case .diskFull, .storeReadOnly, .storageFailed, .internalError: false
    default: true
    }
  }

  /// The HTTP status that carries this code.
  var httpStatus: Int {
    switch self {
    case .invalidRequest, .messageMalformed, .bodyIncomplete, .multipartMalformed: 400
    case .crossSite: 403
    case .notFound: 404
    case .methodNotAllowed: 405
    case .notAcceptable: 406
    case .requestTimeout: 408
    case .nameTaken: 409
    case .nameExists: 412
    case .versionChanged: 409
    case .multipartTooLarge: 413
    case .contentEncodingRefused, .mediaTypeRefused: 415
    case .rangeNotSatisfiable: 416
    case .expectationFailed: 417
    case .hostNotAllowed: 421
    case .crashBudgetExhausted: 429
    case .headerTooLarge: 431
    case .internalError, .storageFailed: 500
    case .busy, .storeReadOnly: 503
    case .diskFull: 507
    }
  }

  /// The documented meaning, as a phrase that starts a sentence.
  var meaning: String {
    switch self {
    case .invalidRequest: "The request cannot be understood"
    case .messageMalformed: "The HTTP message is malformed or ambiguous"
    case .headerTooLarge: "The request's header is too large"
    case .requestTimeout: "The request arrived too slowly"
    case .bodyIncomplete: "The request's body was cut off"
    case .expectationFailed: "The expectation of the request cannot be met"
    case .contentEncodingRefused: "The request's body is encoded"
    case .mediaTypeRefused: "The request's body is of a media type that this address does not take"
    case .multipartMalformed: "The multipart body is malformed"
    case .multipartTooLarge: "The multipart body's framing is too large"
    case .hostNotAllowed: "The service is not known under the requested host name"
    case .crossSite: "The request comes from another web site"
    case .notFound: "There is nothing at this address"
    case .methodNotAllowed: "This address does not support the method"
    case .notAcceptable: "The table cannot be had in a form that the request accepts"
    case .rangeNotSatisfiable: "The requested range lies outside the file"
    case .nameTaken: "The table's name belongs to someone else"
    case .nameExists: "A table of this name exists"
    case .versionChanged: "The version is not the latest of its table any more"
    case .crashBudgetExhausted: "Too many of the sender's files crashed their workers within an hour"
    case .busy: "The service is at its limit"
    case .diskFull: "There is no space left on the disk of the store, or its quota is reached"
    case .storeReadOnly: "The store cannot be written to"
    case .storageFailed: "The disk of the store failed"
    case .internalError: "The service failed"
    }
  }

  /// What the sender can do about it: one sentence.
  var remedy: String {
    switch self {
    case .invalidRequest: "Check the address and its parameters."
    case .messageMalformed: "Send a message by RFC 9112."
    case .headerTooLarge: "Send fewer or shorter header fields."
    case .requestTimeout, .bodyIncomplete: "Send the request again."
    case .expectationFailed: "Expect nothing but 100-continue."
    case .contentEncodingRefused: "Send the file as it is; a .csv.gz file needs no Content-Encoding."
    case .mediaTypeRefused: "Send multipart/form-data with a part named file, or PUT /v1/uploads/{file name}."
    case .multipartMalformed: "Send multipart/form-data by RFC 7578, with one part named file."
    case .multipartTooLarge: "Send fewer or shorter parts beside the file."
    case .hostNotAllowed: "Ask the operator to add the name to the allowed hosts."
    case .crossSite: "Send the request from a page of this service, or from a program."
    case .notFound: "GET /v1/tables lists the tables."
    case .methodNotAllowed: "The field Allow lists the methods."
    case .notAcceptable: "Accept application/json, text/csv, application/x-ndjson or an Arrow type."
    case .rangeNotSatisfiable: "The field Content-Range holds the file's length."
    case .nameTaken: "Choose another name."
    case .nameExists: "Choose another name, or leave out If-None-Match to publish a new version."
    case .versionChanged: "Repair the rejects of the latest version."
    case .crashBudgetExhausted: "Report the files to the operator, and try again after the time in Retry-After."
    case .busy: "Try again after the time in Retry-After."
    case .diskFull: "Send the file again once the operator has freed space; a smaller one may fit."
    case .storeReadOnly: "Try again once the operator has made the store writable; tables can be read."
    case .storageFailed: "Send the file again; the operator finds the call that failed in the log."
    case .internalError: "Try again later; the operator finds the cause in the log."
    }
  }
}
