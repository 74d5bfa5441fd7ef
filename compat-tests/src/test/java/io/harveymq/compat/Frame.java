package io.harveymq.compat;

/** One frame as it was on the wire. Any thread, as long as nobody changes the payload. */
record Frame(int type, int channel, byte[] payload) {
  static final int METHOD = 1;
  static final int HEADER = 2;
  static final int BODY = 3;
  static final int HEARTBEAT = 8;
  static final int END = 0xCE;

  /** Which method the frame carries; {@link AmqpMethod#NONE} if it is no method frame. */
  AmqpMethod method() {
    if (type != METHOD) {
      return AmqpMethod.NONE;
    }
    WireReader reader = new WireReader(payload);
    return AmqpMethod.of(reader.u16(), reader.u16());
  }

  /** The arguments after the class and method number. */
  WireReader arguments() {
    WireReader reader = new WireReader(payload);
    reader.u32();
    return reader;
  }

  @Override
  public String toString() {
    AmqpMethod method = method();
    String what = method == AmqpMethod.NONE ? "type " + type : method.name();
    if (method == AmqpMethod.CHANNEL_CLOSE || method == AmqpMethod.CONNECTION_CLOSE) {
      what += " " + Closing.read(this);
    }
    return what + " on channel " + channel + " with " + payload.length + " octets";
  }
}
