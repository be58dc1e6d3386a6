// SPDX-License-Identifier: Apache-2.0

/// What the sender says about a file, before anybody has looked at its bytes.
public struct UploadClaims: Sendable, Hashable {
  /// The last extension, lower case, without the dot; nil for a file without a name, such as standard input.
  public var `extension`: String?
  /// The declared media type; nil where none was declared.
  public var declaredType: MediaType?
  /// The reader that the sender asks for; the content must still be of its kind.
  public var forcedFormat: Format?

  /// The claims of one upload.
  public init(extension: String? = nil, declaredType: MediaType? = nil, forcedFormat: Format? = nil) {
    self.extension = `extension`
    self.declaredType = declaredType
    self.forcedFormat = forcedFormat
  }
}

/// What the worker found in a file's bytes.
///
/// The service receives it from the worker and trusts none of it.
public struct ContentWitnesses: Sendable, Hashable {
  /// Our own signature table's answer.
  public var signature: Signature
  /// libmagic's answer, `type/subtype`.
  public var magicType: MediaType
  /// libmagic's charset: `us-ascii`, `utf-8`, `binary` and so on.
  public var magicCharset: String
  /// Whether the whole file is blanks and line ends, or has no bytes at all.
  public var isBlank: Bool
  /// What the bytes are when two or four of them are read as a character, though no mark says so; nil where they are no
  /// text then.
  public var wideText: WideText?

  /// The witnesses of one content.
  public init(
    signature: Signature, magicType: MediaType, magicCharset: String, isBlank: Bool, wideText: WideText? = nil
  ) {
    self.signature = signature
    self.magicType = magicType
    self.magicCharset = magicCharset
    self.isBlank = isBlank
    self.wideText = wideText
  }
}

/// A text of two or four bytes a character without a byte order mark, which libmagic calls binary.
///
/// Its first characters behind blanks, written as UTF-8, are witnesses like those of any other text.
public struct WideText: Sendable, Hashable {
  /// The width of a character, and the order of its bytes.
  public enum Encoding: String, Sendable, CaseIterable {
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case utf32LittleEndian = "utf-32le"
    case utf32BigEndian = "utf-32be"
  }

  /// How the characters are written.
  public var encoding: Encoding
  /// Our own signature table's answer to the text.
  public var signature: Signature
  /// libmagic's answer to the text, `type/subtype`.
  public var magicType: MediaType
  /// Whether all of it is blanks and line ends.
  public var isBlank: Bool

  /// The witnesses of the text.
  public init(encoding: Encoding, signature: Signature, magicType: MediaType, isBlank: Bool) {
    self.encoding = encoding
    self.signature = signature
    self.magicType = magicType
    self.isBlank = isBlank
  }
}

/// The outcome of judging one file.
public enum Verdict: Sendable, Hashable {
  /// The file is read as `Format`.
  case accepted(Format)
  /// The file is refused.
  case rejected(Rejection)

  /// The stable code of a refusal; nil where the file was accepted.
  public var code: Rejection.Code? {
    switch self {
    case .accepted: nil
    case .rejected(let rejection): rejection.code
    }
  }
}
