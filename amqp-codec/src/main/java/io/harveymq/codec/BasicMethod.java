package io.harveymq.codec;

/** Methods of class basic: publishing, consuming, acknowledging. Immutable; any thread. */
public sealed interface BasicMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 60;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code basic.qos}. */
  record Qos(long prefetchSize, int prefetchCount, boolean global) implements BasicMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.qos";
    }
  }

  /** {@code basic.qos-ok}. */
  record QosOk() implements BasicMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.qos-ok";
    }
  }

  /** {@code basic.consume}. */
  record Consume(
      String queue,
      String consumerTag,
      boolean noLocal,
      boolean noAck,
      boolean exclusive,
      boolean nowait,
      FieldTable arguments)
      implements BasicMethod {
    public static final int ID = 20;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.consume";
    }
  }

  /** {@code basic.consume-ok}. */
  record ConsumeOk(String consumerTag) implements BasicMethod {
    public static final int ID = 21;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.consume-ok";
    }
  }

  /** {@code basic.cancel}. */
  record Cancel(String consumerTag, boolean nowait) implements BasicMethod {
    public static final int ID = 30;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.cancel";
    }
  }

  /** {@code basic.cancel-ok}. */
  record CancelOk(String consumerTag) implements BasicMethod {
    public static final int ID = 31;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.cancel-ok";
    }
  }

  /** {@code basic.publish}. */
  record Publish(String exchange, String routingKey, boolean mandatory, boolean immediate)
      implements BasicMethod {
    public static final int ID = 40;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.publish";
    }

    @Override
    public boolean hasContent() {
      return true;
    }
  }

  /** {@code basic.return}. */
  record Return(int replyCode, String replyText, String exchange, String routingKey)
      implements BasicMethod {
    public static final int ID = 50;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.return";
    }

    @Override
    public boolean hasContent() {
      return true;
    }
  }

  /** {@code basic.deliver}. */
  record Deliver(
      String consumerTag, long deliveryTag, boolean redelivered, String exchange, String routingKey)
      implements BasicMethod {
    public static final int ID = 60;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.deliver";
    }

    @Override
    public boolean hasContent() {
      return true;
    }
  }

  /** {@code basic.get}. */
  record Get(String queue, boolean noAck) implements BasicMethod {
    public static final int ID = 70;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.get";
    }
  }

  /** {@code basic.get-ok}. */
  record GetOk(
      long deliveryTag, boolean redelivered, String exchange, String routingKey, long messageCount)
      implements BasicMethod {
    public static final int ID = 71;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.get-ok";
    }

    @Override
    public boolean hasContent() {
      return true;
    }
  }

  /** {@code basic.get-empty}. */
  record GetEmpty() implements BasicMethod {
    public static final int ID = 72;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.get-empty";
    }
  }

  /** {@code basic.ack}. */
  record Ack(long deliveryTag, boolean multiple) implements BasicMethod {
    public static final int ID = 80;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.ack";
    }
  }

  /** {@code basic.reject}. */
  record Reject(long deliveryTag, boolean requeue) implements BasicMethod {
    public static final int ID = 90;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.reject";
    }
  }

  /** {@code basic.recover-async}. */
  record RecoverAsync(boolean requeue) implements BasicMethod {
    public static final int ID = 100;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.recover-async";
    }
  }

  /** {@code basic.recover}. */
  record Recover(boolean requeue) implements BasicMethod {
    public static final int ID = 110;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.recover";
    }
  }

  /** {@code basic.recover-ok}. */
  record RecoverOk() implements BasicMethod {
    public static final int ID = 111;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.recover-ok";
    }
  }

  /** {@code basic.nack}. */
  record Nack(long deliveryTag, boolean multiple, boolean requeue) implements BasicMethod {
    public static final int ID = 120;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "basic.nack";
    }
  }
}
