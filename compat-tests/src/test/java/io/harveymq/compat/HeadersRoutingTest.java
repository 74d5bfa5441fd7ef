package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages the bindings of a headers exchange let through. */
class HeadersRoutingTest extends CompatTest {

  @Test
  void allWantsEveryHeaderAndIsTheDefault() throws Exception {
    for (Map<String, Object> binding :
        List.of(table("a", 1, "b", "x"), table("x-match", "all", "a", 1, "b", "x"))) {
      String exchange = newExchange("headers");
      String queue = bound(exchange, binding);
      publishWith(exchange, "both", table("a", 1, "b", "x"));
      publishWith(exchange, "more", table("a", 1, "b", "x", "c", true));
      publishWith(exchange, "one", table("a", 1));
      publishWith(exchange, "other value", table("a", 2, "b", "x"));
      publishWith(exchange, "other case", table("a", 1, "b", "X"));
      publishWith(exchange, "none", Map.of());

      assertThat(drain(queue)).containsExactly("both", "more");
    }
  }

  @Test
  void anyWantsOneHeader() throws Exception {
    String exchange = newExchange("headers");
    String queue = bound(exchange, table("x-match", "any", "a", 1, "b", "x"));
    publishWith(exchange, "both", table("a", 1, "b", "x"));
    publishWith(exchange, "first", table("a", 1));
    publishWith(exchange, "second", table("a", 2, "b", "x"));
    publishWith(exchange, "neither", table("a", 2, "b", "y"));
    publishWith(exchange, "none", Map.of());

    assertThat(drain(queue)).containsExactly("both", "first", "second");
  }

  @Test
  void emptyBindingMatchesEverythingWithAllAndNothingWithAny() throws Exception {
    String exchange = newExchange("headers");
    String all = bound(exchange, table("x-match", "all"));
    String none = bound(exchange, Map.of());
    String any = bound(exchange, table("x-match", "any"));
    publishWith(exchange, "with", table("a", 1));
    publishWith(exchange, "without", Map.of());

    assertThat(drain(all)).containsExactly("with", "without");
    assertThat(drain(none)).containsExactly("with", "without");
    assertThat(drain(any)).isEmpty();
  }

  @Test
  void voidInTheBindingOnlyWantsTheHeaderToBeThere() throws Exception {
    String exchange = newExchange("headers");
    String all = bound(exchange, table("x-match", "all", "a", null, "b", 1));
    String any = bound(exchange, table("x-match", "any", "a", null));
    publishWith(exchange, "any value", table("a", "whatever", "b", 1));
    publishWith(exchange, "missing", table("b", 1));
    publishWith(exchange, "void", table("a", null, "b", 1));

    assertThat(drain(all)).containsExactly("any value", "void");
    assertThat(drain(any)).containsExactly("any value", "void");
  }

  @Test
  void argumentsThatStartWithXDoNotTakePart() throws Exception {
    String exchange = newExchange("headers");
    String all = bound(exchange, table("x-match", "all", "x-a", 1, "b", 1));
    String any = bound(exchange, table("x-match", "any", "x-a", 1, "b", 1));
    publishWith(exchange, "without", table("b", 1));
    publishWith(exchange, "only x", table("x-a", 1));
    publishWith(exchange, "other x", table("x-a", 2, "b", 1));

    assertThat(drain(all)).containsExactly("without", "other x");
    assertThat(drain(any)).containsExactly("without", "other x");
  }

  @Test
  void withXTheyDo() throws Exception {
    String exchange = newExchange("headers");
    String all = bound(exchange, table("x-match", "all-with-x", "x-a", 1, "b", 1));
    String any = bound(exchange, table("x-match", "any-with-x", "x-a", 1, "b", 1));
    publishWith(exchange, "without", table("b", 1));
    publishWith(exchange, "only x", table("x-a", 1));
    publishWith(exchange, "both", table("x-a", 1, "b", 1));
    publishWith(exchange, "neither", table("x-a", 2, "b", 2));

    assertThat(drain(all)).containsExactly("both");
    assertThat(drain(any)).containsExactly("without", "only x", "both");
  }

  @Test
  void widthOfAnIntegerDoesNotMatter() throws Exception {
    String exchange = newExchange("headers");
    String queue = bound(exchange, table("a", 1));
    publishWith(exchange, "long", table("a", 1L));
    publishWith(exchange, "short", table("a", (short) 1));
    publishWith(exchange, "text", table("a", "1"));

    assertThat(drain(queue)).containsExactly("long", "short");
  }

  @Test
  void routingKeyDoesNotMatter() throws Exception {
    String exchange = newExchange("headers");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "binding-key", table("a", 1));
    channel.basicPublish(
        exchange, "another", properties().headers(table("a", 1)).build(), bytes("one"));

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void oneCopyThoughSeveralBindingsMatch() throws Exception {
    String exchange = newExchange("headers");
    String queue = bound(exchange, table("a", 1));
    channel.queueBind(queue, exchange, "", table("b", 1));
    publishWith(exchange, "both", table("a", 1, "b", 1));
    assertThat(drain(queue)).containsExactly("both");
    channel.queueUnbind(queue, exchange, "", table("a", 1));
    publishWith(exchange, "a", table("a", 1));
    publishWith(exchange, "b", table("b", 1));
    assertThat(drain(queue)).containsExactly("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"some", "ALL"})
  void otherMatchesAreRefused(String match) throws Exception {
    String exchange = newExchange("headers");
    String queue = newQueue();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - Invalid x-match field value <<\""
                + match
                + "\">>; expected all, any, all-with-x, or any-with-x",
            AmqpMethod.QUEUE_BIND),
        ch -> ch.queueBind(queue, exchange, "", table("x-match", match)));
  }

  @Test
  void matchMustBeAString() throws Exception {
    String exchange = newExchange("headers");
    String queue = newQueue();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - Invalid x-match field type signedint (value 5); expected"
                + " longstr",
            AmqpMethod.QUEUE_BIND),
        ch -> ch.queueBind(queue, exchange, "", table("x-match", 5)));
  }

  private String bound(String exchange, Map<String, Object> arguments) throws Exception {
    String queue = newQueue();
    channel.queueBind(queue, exchange, "", arguments);
    return queue;
  }

  private void publishWith(String exchange, String body, Map<String, Object> headers)
      throws Exception {
    channel.basicPublish(exchange, "", properties().headers(headers).build(), bytes(body));
  }

  /** Names and values in turn; a value may be null, which travels as void. */
  private static Map<String, Object> table(Object... entries) {
    Map<String, Object> table = new HashMap<>();
    List<Object> all = Arrays.asList(entries);
    for (int i = 0; i < all.size(); i += 2) {
      table.put((String) all.get(i), all.get(i + 1));
    }
    return table;
  }
}
