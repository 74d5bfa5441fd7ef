package io.harveymq.broker.channel;

import io.harveymq.broker.store.HomeStore;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import io.harveymq.codec.TxMethod;

/** What a channel does with the methods of class tx. Stateless; called on the home loop. */
final class TxMethods {
  private TxMethods() {}

  static void handle(AmqpChannel channel, TxMethod method) {
    switch (method.methodId()) {
      case TxMethod.Select.ID -> select(channel);
      case TxMethod.Commit.ID -> commit(channel);
      case TxMethod.Rollback.ID -> rollback(channel);
      default -> throw AmqpChannel.unimplemented();
    }
  }

  private static void select(AmqpChannel channel) {
    if (channel.confirms() != null) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "cannot switch from confirm to tx mode");
    }
    if (channel.transaction() == null) {
      channel.transaction(new Transaction());
    }
    channel.send(new TxMethod.SelectOk());
  }

  private static Transaction open(AmqpChannel channel) {
    if (channel.transaction() == null) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, "channel is not transactional");
    }
    return channel.transaction();
  }

  private static void commit(AmqpChannel channel) {
    Transaction transaction = open(channel);
    HomeStore store = channel.home().store();
    int fromWindow = transaction.settledByConsumers();
    int before = store == null ? 0 : store.changes();
    boolean taken =
        store == null
            ? transaction.commit(channel)
            : store.atomically(() -> transaction.commit(channel));
    if (!taken) {
      throw new ChannelException(ReplyCode.PRECONDITION_FAILED, "partial tx completion");
    }
    channel.window().settled(fromWindow);
    boolean changed = store != null && store.changes() != before;
    channel.whenStored(changed, () -> channel.send(new TxMethod.CommitOk()));
  }

  private static void rollback(AmqpChannel channel) {
    open(channel).rollback(channel);
    channel.send(new TxMethod.RollbackOk());
  }
}
