// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Service

@Suite("The pace of a connection")
struct ConnectionPaceTests {
  private let start = ContinuousClock.now

  private func pace() -> ConnectionPace {
    var configuration = ServiceConfiguration()
    configuration.headerTimeout = .seconds(10)
    configuration.requestTimeout = .seconds(100)
    configuration.minimumBodyRate = 1_000
    configuration.bodyRateWindow = .seconds(5)
    configuration.responseStallTimeout = .seconds(20)
    return ConnectionPace(configuration, now: start)
  }

  private func judge(
    _ pace: inout ConnectionPace, at seconds: Int, isReading: Bool = true, isWritable: Bool = true
  ) -> ConnectionPace.Judgement {
    pace.judge(at: start + .seconds(seconds), isReading: isReading, isWritable: isWritable)
  }

  @Test("C13 a header that does not end, or never begins, closes the connection") func slowHeader() {
    var pace = pace()
    #expect(judge(&pace, at: 9) == .fine)
    #expect(judge(&pace, at: 10) == .abandoned)
  }

  @Test("C13 a connection kept alive may idle as long") func idle() {
    var pace = pace()
    pace.headerArrived(at: start + .seconds(9))
    pace.requestEnded()
    pace.answerEnded(at: start + .seconds(40))
    #expect(judge(&pace, at: 49) == .fine)
    #expect(judge(&pace, at: 50) == .abandoned)
  }

  @Test("C13 a body below the minimum rate is too slow") func slowBody() {
    var pace = pace()
    pace.headerArrived(at: start)
    pace.bodyArrived(5_000)
    #expect(judge(&pace, at: 5) == .fine)
    pace.bodyArrived(4_999)
    #expect(judge(&pace, at: 10) == .tooSlow)
  }

  @Test("C13 a client is not blamed while the service does not read") func heldBack() {
    var pace = pace()
    pace.headerArrived(at: start)
    for second in 1...60 { #expect(judge(&pace, at: second, isReading: false) == .fine) }
    #expect(judge(&pace, at: 64) == .fine)
    #expect(judge(&pace, at: 65) == .tooSlow)
  }

  @Test("C13 even a fast body must end in time") func endlessBody() {
    var pace = pace()
    pace.headerArrived(at: start)
    for second in 1..<100 {
      pace.bodyArrived(1_000_000)
      #expect(judge(&pace, at: second) == .fine)
    }
    #expect(judge(&pace, at: 100) == .tooSlow)
  }

  @Test("C13 an answer may take its time, but not be left unread") func answer() {
    var pace = pace()
    pace.headerArrived(at: start)
    pace.requestEnded()
    #expect(judge(&pace, at: 500) == .fine)
    #expect(judge(&pace, at: 501, isWritable: false) == .fine)
    #expect(judge(&pace, at: 520, isWritable: true) == .fine)
    #expect(judge(&pace, at: 521, isWritable: false) == .fine)
    #expect(judge(&pace, at: 540, isWritable: false) == .fine)
    #expect(judge(&pace, at: 541, isWritable: false) == .abandoned)
  }

  @Test("C13 an answer that was written at once may take its time too, and then a header is waited for")
  func answerAtOnce() {
    var pace = pace()
    pace.answered()
    #expect(judge(&pace, at: 5, isWritable: false) == .fine)
    #expect(judge(&pace, at: 24, isWritable: false) == .fine)
    #expect(judge(&pace, at: 25, isWritable: false) == .abandoned)
    pace.answered()
    #expect(judge(&pace, at: 30, isWritable: false) == .fine)
    #expect(judge(&pace, at: 49) == .fine)
    #expect(judge(&pace, at: 58) == .fine)
    #expect(judge(&pace, at: 59) == .abandoned)
  }

  @Test("C13 hostile rates do not overflow") func extremes() {
    var configuration = ServiceConfiguration()
    configuration.minimumBodyRate = .max
    var pace = ConnectionPace(configuration, now: start)
    pace.headerArrived(at: start)
    pace.bodyArrived(.max)
    #expect(judge(&pace, at: 1_000) == .tooSlow)
  }
}
