package io.harveymq.codec;

/** Methods of class channel: open, flow, close. Immutable; any thread. */
public sealed interface ChannelMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 20;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code channel.open}. */
  record Open() implements ChannelMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "channel.open";
    }
  }

  /** {@code channel.open-ok}. */
  record OpenOk() implements ChannelMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "channel.open-ok";
    }
  }

  /** {@code channel.flow}. */
  record Flow(boolean active) implements ChannelMethod {
    public static final int ID = 20;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "channel.flow";
    }
  }

  /** {@code channel.flow-ok}. */
  record FlowOk(boolean active) implements ChannelMethod {
    public static final int ID = 21;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "channel.flow-ok";
    }
  }

  /** {@code channel.close}. */
  record Close(int replyCode, String replyText, int failedClassId, int failedMethodId)
      implements ChannelMethod {
    public static final int ID = 40;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "channel.close";
    }
  }

  /** {@code channel.close-ok}. */
  record CloseOk() implements ChannelMethod {
    public static final int ID = 41;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "channel.close-ok";
    }
  }
}
