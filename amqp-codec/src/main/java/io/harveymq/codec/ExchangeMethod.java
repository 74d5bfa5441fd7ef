package io.harveymq.codec;

/**
 * Methods of class exchange, with bindings between exchanges (a RabbitMQ extension). Immutable; any
 * thread.
 */
public sealed interface ExchangeMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 40;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code exchange.declare}. */
  record Declare(
      String exchange,
      String type,
      boolean passive,
      boolean durable,
      boolean autoDelete,
      boolean internal,
      boolean nowait,
      FieldTable arguments)
      implements ExchangeMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.declare";
    }
  }

  /** {@code exchange.declare-ok}. */
  record DeclareOk() implements ExchangeMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.declare-ok";
    }
  }

  /** {@code exchange.delete}. */
  record Delete(String exchange, boolean ifUnused, boolean nowait) implements ExchangeMethod {
    public static final int ID = 20;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.delete";
    }
  }

  /** {@code exchange.delete-ok}. */
  record DeleteOk() implements ExchangeMethod {
    public static final int ID = 21;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.delete-ok";
    }
  }

  /** {@code exchange.bind}. */
  record Bind(
      String destination, String source, String routingKey, boolean nowait, FieldTable arguments)
      implements ExchangeMethod {
    public static final int ID = 30;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.bind";
    }
  }

  /** {@code exchange.bind-ok}. */
  record BindOk() implements ExchangeMethod {
    public static final int ID = 31;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.bind-ok";
    }
  }

  /** {@code exchange.unbind}. */
  record Unbind(
      String destination, String source, String routingKey, boolean nowait, FieldTable arguments)
      implements ExchangeMethod {
    public static final int ID = 40;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.unbind";
    }
  }

  /** {@code exchange.unbind-ok}. */
  record UnbindOk() implements ExchangeMethod {
    public static final int ID = 51;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "exchange.unbind-ok";
    }
  }
}
