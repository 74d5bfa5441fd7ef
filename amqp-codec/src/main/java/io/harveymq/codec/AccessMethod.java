package io.harveymq.codec;

/**
 * Methods of the deprecated class access, which RabbitMQ answers and ignores. Immutable; any
 * thread.
 */
public sealed interface AccessMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 30;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code access.request}. */
  record Request(
      String realm, boolean exclusive, boolean passive, boolean active, boolean write, boolean read)
      implements AccessMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "access.request";
    }
  }

  /** {@code access.request-ok}. */
  record RequestOk(int ticket) implements AccessMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "access.request-ok";
    }
  }
}
