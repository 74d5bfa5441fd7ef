package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.fault.FaultRule;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.RecordingRule;
import io.harveymq.broker.recording.ReplayRule;
import io.harveymq.codec.BasicProperties;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks a broker that is closed gets his answer at once. */
class ClosedBrokerTest {
  private static Broker broker;

  @BeforeAll
  static void startAndClose() throws Exception {
    broker = Broker.start(BrokerConfig.builder().build());
    broker.close();
  }

  private static final Map<String, ThrowingCallable> CALLS =
      Map.of(
          "fault",
              () -> broker.faults().begin("/", FaultRule.of(FaultKind.NACK).queue("q").build()),
          "faults", () -> broker.faults().list("/"),
          "recording", () -> broker.recordings().begin("/", RecordingRule.builder().build()),
          "replay", () -> broker.recordings().replay("/", List.of(message()), ReplayRule.atOnce()),
          "inspection", () -> join(broker.inspection().queues(all -> true)),
          "dropped", () -> join(broker.commands().forgetDropped("/", "x", null)));

  private static RecordedMessage message() {
    return RecordedMessage.of(0, "", "q", BasicProperties.EMPTY, new byte[1]);
  }

  private static void join(CompletionStage<?> answer) throws Throwable {
    try {
      answer.toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fault", "faults", "recording", "replay", "inspection", "dropped"})
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void saysSoAtOnce(String call) {
    assertThatThrownBy(CALLS.get(call))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the broker is closed");
  }
}
