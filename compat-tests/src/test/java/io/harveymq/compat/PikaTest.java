package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small programs as a Python user writes them, with the client library pika. */
class PikaTest extends CompatTest {

  @BeforeAll
  static void requirePika() throws Exception {
    PikaProgram.requirePika();
  }

  @BeforeEach
  @AfterEach
  void removeWhatTheProgramsUse() throws Exception {
    try (var cleaner = factory().newConnection()) {
      var cleaning = cleaner.createChannel();
      cleaning.queueDelete("hello");
      cleaning.queueDelete("test_queue");
      cleaning.queueDelete("test_stream");
      cleaning.exchangeDelete("test_exchange");
    }
  }

  @Test
  void messagesOfTheHelloProducerAreReceivedAgainUntilSomebodyAcknowledges() throws Exception {
    assertThat(PikaProgram.run("hello_producer.py")).isEqualTo(numbered("sent"));
    try (PikaProgram consumer = PikaProgram.start("hello_consumer.py")) {
      assertThat(consumer.nextLine()).isEqualTo("waiting");
      assertThat(consumer.nextLines(10)).isEqualTo(numbered("new"));
      consumer.kill();
    }
    try (PikaProgram consumer = PikaProgram.start("hello_consumer.py")) {
      assertThat(consumer.nextLine()).isEqualTo("waiting");
      assertThat(consumer.nextLines(10)).isEqualTo(numbered("redelivered"));
    }
    await().until(() -> ready("hello") == 10);
    assertThat(drain("hello")).isEqualTo(numbered("").stream().map(String::strip).toList());
  }

  @Test
  void consumerThatWaitsGetsMessagesAsTheyAreProduced() throws Exception {
    try (PikaProgram consumer = PikaProgram.start("hello_consumer.py")) {
      assertThat(consumer.nextLine()).isEqualTo("waiting");
      assertThat(PikaProgram.run("hello_producer.py")).hasSize(10);
      assertThat(consumer.nextLines(10)).isEqualTo(numbered("new"));
    }
  }

  private static List<String> numbered(String word) {
    return IntStream.range(0, 10).mapToObj(i -> word + " Hello World " + i).toList();
  }

  @Test
  void producerDoesNotNoticeThatTheExchangeIsMissing() throws Exception {
    assertThat(PikaProgram.run("exchange_producer.py")).containsExactly("sent");
    assertThat(channel.basicGet("test_queue", true)).isNull();
  }

  @Test
  void producerDoesNotNoticeThatTheExchangeHasNoBinding() throws Exception {
    channel.exchangeDeclare("test_exchange", "direct", true);
    assertThat(PikaProgram.run("exchange_producer.py")).containsExactly("sent");
    assertThat(channel.basicGet("test_queue", true)).isNull();
  }

  @Test
  void messageArrivesOnceTheQueueIsBound() throws Exception {
    channel.exchangeDeclare("test_exchange", "direct", true);
    channel.queueDeclare("test_queue", false, false, false, null);
    channel.queueBind("test_queue", "test_exchange", "test_queue");
    assertThat(PikaProgram.run("exchange_producer.py")).containsExactly("sent");

    GetResponse got = channel.basicGet("test_queue", true);
    assertThat(text(got)).isEqualTo("Hello, World!");
  }

  @Test
  void consumerThatDeclaresAnotherDurabilityIsTold() throws Exception {
    PikaProgram.run("exchange_producer.py");

    assertThat(PikaProgram.run("durable_consumer.py"))
        .containsExactly(
            "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'test_queue' in vhost"
                + " '/': received 'true' but current is 'false'");
  }

  @Test
  void producerThatDeclaresAnotherDurabilityFails() throws Exception {
    channel.queueDeclare("test_queue", true, false, false, null);
    try (PikaProgram producer = PikaProgram.start("exchange_producer.py")) {
      assertThat(producer.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void confirmsAndReturnsReachABlockingConnection() throws Exception {
    assertThat(PikaProgram.run("confirms.py"))
        .containsExactly(
            "confirmed",
            "confirmed though unroutable",
            "returned 312 NO_ROUTE three",
            "got one 0",
            "404 NOT_FOUND - no exchange 'no-such-exchange' in vhost '/'");
  }

  @Test
  void selectConnectionConsumesInOrder() throws Exception {
    assertThat(PikaProgram.run("select_consumer.py")).containsExactly("in order");
  }

  @Test
  void aStreamIsReadFromAnOffsetAndFromATime() throws Exception {
    assertThat(PikaProgram.run("stream_reader.py"))
        .containsExactly(
            "confirmed",
            "3 message 3 False",
            "4 message 4 False",
            "0 message 0 False",
            "1 message 1 False",
            "2 message 2 False",
            "3 message 3 False",
            "4 message 4 False",
            "406");
  }

  @Test
  void heartbeatsKeepAnIdleConnection() throws Exception {
    assertThat(PikaProgram.run("heartbeats.py")).containsExactly("still here");
  }

  @Test
  void wrongLoginsAreTold() throws Exception {
    assertThat(PikaProgram.run("wrong_logins.py"))
        .containsExactly("connected", "ProbableAuthenticationError", "ProbableAccessDeniedError");
  }
}
