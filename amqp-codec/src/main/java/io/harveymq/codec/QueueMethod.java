package io.harveymq.codec;

/** Methods of class queue. Immutable; any thread. */
public sealed interface QueueMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 50;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code queue.declare}. */
  record Declare(
      String queue,
      boolean passive,
      boolean durable,
      boolean exclusive,
      boolean autoDelete,
      boolean nowait,
      FieldTable arguments)
      implements QueueMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.declare";
    }
  }

  /** {@code queue.declare-ok}. */
  record DeclareOk(String queue, long messageCount, long consumerCount) implements QueueMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.declare-ok";
    }
  }

  /** {@code queue.bind}. */
  record Bind(
      String queue, String exchange, String routingKey, boolean nowait, FieldTable arguments)
      implements QueueMethod {
    public static final int ID = 20;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.bind";
    }
  }

  /** {@code queue.bind-ok}. */
  record BindOk() implements QueueMethod {
    public static final int ID = 21;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.bind-ok";
    }
  }

  /** {@code queue.purge}. */
  record Purge(String queue, boolean nowait) implements QueueMethod {
    public static final int ID = 30;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.purge";
    }
  }

  /** {@code queue.purge-ok}. */
  record PurgeOk(long messageCount) implements QueueMethod {
    public static final int ID = 31;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.purge-ok";
    }
  }

  /** {@code queue.delete}. */
  record Delete(String queue, boolean ifUnused, boolean ifEmpty, boolean nowait)
      implements QueueMethod {
    public static final int ID = 40;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.delete";
    }
  }

  /** {@code queue.delete-ok}. */
  record DeleteOk(long messageCount) implements QueueMethod {
    public static final int ID = 41;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.delete-ok";
    }
  }

  /** {@code queue.unbind}. */
  record Unbind(String queue, String exchange, String routingKey, FieldTable arguments)
      implements QueueMethod {
    public static final int ID = 50;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.unbind";
    }
  }

  /** {@code queue.unbind-ok}. */
  record UnbindOk() implements QueueMethod {
    public static final int ID = 51;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "queue.unbind-ok";
    }
  }
}
