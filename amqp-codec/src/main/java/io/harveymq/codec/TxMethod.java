package io.harveymq.codec;

/** Methods of class tx: transactions of one channel. Immutable; any thread. */
public sealed interface TxMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 90;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code tx.select}. */
  record Select() implements TxMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "tx.select";
    }
  }

  /** {@code tx.select-ok}. */
  record SelectOk() implements TxMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "tx.select-ok";
    }
  }

  /** {@code tx.commit}. */
  record Commit() implements TxMethod {
    public static final int ID = 20;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "tx.commit";
    }
  }

  /** {@code tx.commit-ok}. */
  record CommitOk() implements TxMethod {
    public static final int ID = 21;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "tx.commit-ok";
    }
  }

  /** {@code tx.rollback}. */
  record Rollback() implements TxMethod {
    public static final int ID = 30;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "tx.rollback";
    }
  }

  /** {@code tx.rollback-ok}. */
  record RollbackOk() implements TxMethod {
    public static final int ID = 31;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "tx.rollback-ok";
    }
  }
}
