package io.harveymq.storms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the storms take for right and for wrong. */
class QueueModelTest {
  private final Faults faults = new Faults();
  private final QueueModel model = new QueueModel("q", faults);

  private void confirmed(long number) {
    model.publishing(number);
    model.confirmed(number);
  }

  private void acknowledged(long number) {
    model.delivered(number);
    model.settling(number);
  }

  @Test
  void aConfirmedMessageThatDoesNotComeIsLost() {
    confirmed(1);
    model.publisherLost();
    model.consumersLost();
    model.checkReady(0, "a count");
    model.empty();
    assertThat(faults.first())
        .containsExactly(
            "q: 0 messages by a count, must be 1", "q: 1 messages are lost, such as [1]");
  }

  @Test
  void whatWasNotConfirmedMayComeOrNot() {
    model.publishing(1);
    model.publishing(2);
    model.publisherLost();
    model.checkReady(0, "a count");
    model.checkReady(2, "a count");
    model.delivered(2);
    model.empty();
    assertThat(faults.count()).isZero();
  }

  @Test
  void whatIsAcknowledgedForSureDoesNotComeBack() {
    confirmed(1);
    acknowledged(1);
    model.settled(List.of(1L));
    model.consumersLost();
    model.delivered(1);
    assertThat(faults.first())
        .containsExactly("q: 1 was delivered, but was settled or never published");
  }

  @Test
  void anAcknowledgementOnItsWayMayBeLostWithTheConnection() {
    confirmed(1);
    confirmed(2);
    acknowledged(1);
    acknowledged(2);
    model.consumersLost();
    model.checkReady(1, "a count");
    model.delivered(1);
    model.empty();
    assertThat(faults.count()).isZero();
  }

  @Test
  void nobodyGetsWhatSomebodyHas() {
    confirmed(1);
    model.delivered(1);
    model.delivered(1);
    assertThat(faults.first()).containsExactly("q: 1 was delivered again while UNACKED");
  }

  @Test
  void whatWasGivenBackOrLostWithItsConsumerComesAgain() {
    confirmed(1);
    model.delivered(1);
    model.returning(1);
    model.delivered(1);
    model.consumersLost();
    model.checkReady(1, "a count");
    acknowledged(1);
    model.settled();
    model.checkReady(0, "a count");
    model.empty();
    assertThat(faults.count()).isZero();
  }

  @Test
  void aMessageTooManyIsCounted() {
    confirmed(1);
    model.checkReady(2, "a count");
    assertThat(faults.first()).containsExactly("q: 2 messages by a count, must be 1");
  }

  @Test
  void aBodyThatChangedHasNoNumber() {
    byte[] body = NumberedBody.of(122, 5);
    assertThat(NumberedBody.number(body)).isEqualTo(122);
    body[body.length - 1]++;
    assertThat(NumberedBody.number(body)).isEqualTo(-1);
  }
}
