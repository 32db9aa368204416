import SynapackSupport
import Testing

@Test func objectKeysAreSorted() {
  #expect(JSON.object(["b": 1, "a": [true, .null]]).text() == #"{"a":[true,null],"b":1}"#)
}
