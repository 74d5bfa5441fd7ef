package io.harveymq.codec;

/** Methods of class confirm (a RabbitMQ extension): publisher confirms. Immutable; any thread. */
public sealed interface ConfirmMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 85;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code confirm.select}. */
  record Select(boolean nowait) implements ConfirmMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "confirm.select";
    }
  }

  /** {@code confirm.select-ok}. */
  record SelectOk() implements ConfirmMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "confirm.select-ok";
    }
  }
}
