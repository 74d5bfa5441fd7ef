package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import org.junit.jupiter.api.Test;

/** Transactions of publishes and acknowledgements. */
class TxTest extends CompatTest {

  @Test
  void publishesAppearAtCommit() throws Exception {
    String queue = newQueue();
    Channel transacted = transacted();
    publish(transacted, queue, "one");
    publish(transacted, queue, "two");
    assertThat(transacted.basicGet(queue, true)).isNull();
    transacted.txCommit();

    assertThat(drain(queue)).containsExactly("one", "two");
  }

  @Test
  void rolledBackPublishesNeverAppear() throws Exception {
    String queue = newQueue();
    Channel transacted = transacted();
    publish(transacted, queue, "lost");
    transacted.txRollback();
    publish(transacted, queue, "kept");
    transacted.txCommit();

    assertThat(drain(queue)).containsExactly("kept");
  }

  @Test
  void publishesOfAClosedChannelNeverAppear() throws Exception {
    String queue = newQueue();
    Channel transacted = transacted();
    publish(transacted, queue, "lost");
    transacted.close();

    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void transactionFollowsTransaction() throws Exception {
    String queue = newQueue();
    Channel transacted = transacted();
    for (int i = 0; i < 5; i++) {
      publish(transacted, queue, "m" + i);
      transacted.txCommit();
    }
    transacted.txCommit();
    transacted.txRollback();

    assertThat(drain(queue)).containsExactly("m0", "m1", "m2", "m3", "m4");
  }

  @Test
  void acknowledgementsCountFromCommitOn() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel transacted = transacted();
    getThree(transacted, queue);
    transacted.basicAck(1, false);
    transacted.txCommit();
    transacted.basicAck(2, false);
    transacted.close();

    assertThat(drain(queue)).containsExactly("two", "three");
  }

  @Test
  void rejectionsCountFromCommitOn() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel transacted = transacted();
    getThree(transacted, queue);
    transacted.basicReject(1, true);
    transacted.basicNack(2, false, false);
    assertThat(drain(queue)).isEmpty();
    transacted.txCommit();
    assertThat(drain(queue)).containsExactly("one");
    transacted.close();
    assertThat(drain(queue)).containsExactly("three");
  }

  @Test
  void rollbackMakesAcknowledgementsUndone() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel transacted = transacted();
    getThree(transacted, queue);
    transacted.basicAck(1, false);
    transacted.basicReject(2, true);
    transacted.txRollback();
    assertThat(drain(queue)).isEmpty();
    transacted.basicAck(1, false);
    transacted.basicAck(3, true);
    transacted.txCommit();
    transacted.close();

    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void tagSettledInTheTransactionIsUnknownAlready() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    assertChannelError(
        Closing.channel(406, "PRECONDITION_FAILED - unknown delivery tag 1", AmqpMethod.BASIC_ACK),
        ch -> {
          ch.txSelect();
          ch.basicGet(queue, false);
          ch.basicAck(1, false);
          ch.basicAck(1, false);
        });
    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void unroutableMandatoryMessageReturnsAtCommitBeforeCommitOk() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.call(1, AmqpMethod.TX_SELECT, WireWriter.empty(), AmqpMethod.TX_SELECT_OK);
    raw.sendPublish(1, "", "nowhere", true);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(0));
    raw.send(1, AmqpMethod.TX_COMMIT);

    raw.expect(1, AmqpMethod.BASIC_RETURN);
    raw.expectContent(1);
    raw.expect(1, AmqpMethod.TX_COMMIT_OK);
  }

  @Test
  void missingExchangeClosesTheChannelAtThePublish() throws Exception {
    String queue = newQueue();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.call(1, AmqpMethod.TX_SELECT, WireWriter.empty(), AmqpMethod.TX_SELECT_OK);
    raw.publish(1, "", queue, "lost");
    raw.publish(1, "missing-x", "k", "lost");

    assertThat(raw.expectChannelClose(1))
        .isEqualTo(
            Closing.channel(
                404, "NOT_FOUND - no exchange 'missing-x' in vhost '/'", AmqpMethod.BASIC_PUBLISH));
    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void selectingTwiceIsFineAndKeepsWhatIsHeld() throws Exception {
    String queue = newQueue();
    Channel transacted = transacted();
    publish(transacted, queue, "one");
    transacted.txSelect();
    transacted.txCommit();

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void commitAndRollbackWantATransactionalChannel() throws Exception {
    String text = "PRECONDITION_FAILED - channel is not transactional";
    assertChannelError(Closing.channel(406, text, AmqpMethod.TX_COMMIT), Channel::txCommit);
    assertChannelError(Closing.channel(406, text, AmqpMethod.TX_ROLLBACK), Channel::txRollback);
  }

  @Test
  void transactionsAndConfirmsDoNotMix() throws Exception {
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - cannot switch from confirm to tx mode",
            AmqpMethod.TX_SELECT),
        ch -> {
          ch.confirmSelect();
          ch.txSelect();
        });
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - cannot switch from tx to confirm mode",
            AmqpMethod.CONFIRM_SELECT),
        ch -> {
          ch.txSelect();
          ch.confirmSelect();
        });
  }

  @Test
  void deliveriesGoOnDuringATransaction() throws Exception {
    String queue = newQueue();
    Channel transacted = transacted();
    Deliveries deliveries = Deliveries.from(transacted, queue);
    fill(queue, "one");
    assertThat(deliveries.nextText()).isEqualTo("one");
    publish(transacted, queue, "two");
    transacted.basicAck(1, false);
    transacted.txCommit();

    assertThat(deliveries.nextText()).isEqualTo("two");
  }

  @Test
  void heldAcknowledgementsDoNotMakeRoomInTheWindow() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    Channel transacted = transacted();
    transacted.basicQos(1);
    Deliveries deliveries = Deliveries.from(transacted, queue);
    assertThat(deliveries.nextText()).isEqualTo("one");
    transacted.basicAck(1, false);
    assertThat(text(transacted.basicGet(queue, true))).isEqualTo("two");
    transacted.txCommit();

    assertThat(deliveries.nextText()).isEqualTo("three");
  }

  private Channel transacted() throws Exception {
    Channel transacted = connection.createChannel();
    transacted.txSelect();
    return transacted;
  }

  private static void publish(Channel on, String queue, String body) throws Exception {
    on.basicPublish("", queue, null, bytes(body));
  }

  private static void getThree(Channel getting, String queue) throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(getting.basicGet(queue, false)).isNotNull();
    }
  }
}
