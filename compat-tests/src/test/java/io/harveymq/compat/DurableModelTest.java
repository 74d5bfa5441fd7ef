package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The model of KillTest notices what it is there for. */
class DurableModelTest {
  private final DurableModel model = new DurableModel("q");

  @BeforeEach
  void publishFourAndConfirmThree() {
    for (long number = 1; number <= 4; number++) {
      model.publishing(number);
    }
    for (long number = 1; number <= 3; number++) {
      assertThat(model.confirmed(number)).isTrue();
      model.delivered(number, number);
    }
  }

  @Test
  void unconfirmedMessageMayBeThereOrNot() {
    model.verify(List.of(1L, 2L, 3L, 4L));
    DurableModel other = new DurableModel("other");
    other.publishing(1);
    other.verify(List.of());
    assertRefused(other, "never published there", 1);
  }

  @Test
  void confirmedMessageMustBeThere() {
    assertRefused(model, "lost", 1, 3, 4);
  }

  @Test
  void messagesMustBeInOrderAndOnce() {
    assertRefused(model, "in order", 1, 3, 2);
    assertRefused(model, "in order", 1, 2, 2, 3);
  }

  @Test
  void messageThatNobodyPublishedIsRefused() {
    assertRefused(model, "never published there", 1, 2, 3, 5);
  }

  @Test
  void acknowledgedMessageMayReturnUntilALaterPublishIsStored() {
    model.acknowledging(2, 10);
    model.storedUpTo(9);
    model.verify(List.of(1L, 2L, 3L));

    model.acknowledging(2, 20);
    model.storedUpTo(21);
    assertRefused(model, "removed for good", 1, 2, 3);
    model.verify(List.of(1L, 3L));
  }

  @Test
  void purgeRemovesWhatHadNotCome() {
    model.publishing(5);
    model.purging();
    assertThat(model.confirmed(5)).as("tells that something was stored").isFalse();
    model.purged(10);
    assertThat(model.confirmed(4)).as("tells that something was stored").isFalse();
    model.storedUpTo(11);

    assertRefused(model, "removed for good", 1, 2, 3, 5);
    model.verify(List.of(1L, 2L, 3L));
  }

  @Test
  void messageThatDidNotReturnOnceMustNotReturnLater() {
    model.acknowledging(1, 10);
    model.verify(List.of(2L, 3L));

    assertRefused(model, "removed for good", 1, 2, 3);
  }

  @Test
  void unconfirmedMessageThatWasFoundMustStay() {
    model.verify(List.of(1L, 2L, 3L, 4L));

    assertRefused(model, "lost", 1, 2, 3);
  }

  private static void assertRefused(DurableModel model, String reason, long... found) {
    List<Long> numbers = java.util.Arrays.stream(found).boxed().toList();
    assertThatThrownBy(() -> model.verify(numbers))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(reason);
  }
}
